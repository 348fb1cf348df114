"""
The declarations of signals of other packages, read from our stub files and those of the project.

They are not imported: the types are in packages that need not be installed.
"""

from __future__ import annotations

import ast
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from typed_signals._declare.key_types import shown_type
from typed_signals._declare.keys import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# The packages of stub files, those of the project first.
_OURS: Final = "typed_signals_stubs"
_packages: list[str] = [_OURS]


class Key(NamedTuple):
    """
    A key of a payload.

    Attributes:
        name: its name.
        type: its type as text; None if it has none.
        is_required: whether each send has it.
    """

    name: str
    type: str | None
    is_required: bool


class Stated(NamedTuple):
    """
    What a declaration states.

    Attributes:
        keys: the keys of the payload; None if it is not known.
        is_open: whether sends may have other keys.
        sender: the type of the senders as text; None if it is not stated.
        response: the type of the responses, likewise.
    """

    keys: list[Key] | None = None
    is_open: bool = False
    sender: str | None = None
    response: str | None = None


def read_packages(names: Sequence[str]) -> None:
    """
    Read the packages of stub files with these *names*, and then ours.

    Raises:
        LookupError: there is no such package.
    """
    for name in names:
        if not _folders_of(name):
            raise LookupError(f"there is no package {name!r}: add its parent folder to sys.path")
    _packages[:] = [*names, _OURS]
    _stub_file.cache_clear()


def stated_in_stubs(module: str, path: str) -> Stated | None:
    """
    Return what stub files state about the signal *path* of *module*; None if nothing.

    Raises:
        SyntaxError: a file has a mistake.
    """
    file = _stub_file(module)
    return None if file is None else file.stated(path)


@cache
def _stub_file(module: str) -> _StubFile | None:
    roots = [root for package in _packages for root in _folders_of(package)]
    for root in roots:
        base = Path(root, *module.split("."))
        for path in (base.with_name(f"{base.name}.pyi"), base / "__init__.pyi"):
            if path.is_file():
                package = module if path.parent == base else module.rpartition(".")[0]
                return _StubFile(ast.parse(path.read_text("utf-8"), str(path)), package)
    return None


def _folders_of(package: str) -> Sequence[str]:
    spec = find_spec(package)
    return () if spec is None else spec.submodule_search_locations or ()


class _StubFile:
    def __init__(self, tree: ast.Module, package: str) -> None:
        self._statements = dict(_statements_in(tree.body, ""))
        self._bounds = dict(_bounds_in(tree.body))
        self._package = package

    def stated(self, path: str) -> Stated | None:
        """
        Return what is stated about the signal with this name; None if there is none.
        """
        match self._statements.get(path):
            case ast.FunctionDef(decorator_list=[_]) as function:
                return _stated_by(function)
            # A function that returns the signal for each sender.
            case ast.AnnAssign(annotation=stated) | ast.FunctionDef(returns=stated):
                _, arguments = _subscript(_text(stated) or "")
                if len(arguments) < 2:  # a signal without a payload
                    return None
                keys = [*self.keys(arguments[1], self._bounds).values()]
                texts = [shown_type(each, self._bounds, {}) for each in arguments]
                return Stated(keys, sender=texts[0], response=dict(enumerate(texts)).get(2))
            case ast.ImportFrom() as statement:
                return stated_in_stubs(self._imported(statement), path)
        return None

    def keys(self, payload: str, outer: dict[str, str]) -> dict[str, Key]:
        """
        Return the keys of a TypedDict, by name.

        Args:
            payload: the TypedDict, with its type arguments.
            outer: the type arguments of the class that inherits from it.
        """
        name, arguments = _subscript(payload)
        cls = self._statements.get(name)
        if isinstance(cls, ast.ImportFrom):
            file = _stub_file(self._imported(cls))
            return {} if file is None else file.keys(payload, outer)
        if not isinstance(cls, ast.ClassDef):  # TypedDict by a full name, or a mistake
            return {}
        bases = [ast.unparse(base) for base in cls.bases]
        parameters = [each for base in bases for each in _subscript(base)[1]]
        texts = [shown_type(each, outer, {}) for each in arguments]
        names = dict(zip(parameters, texts, strict=False))
        keys: dict[str, Key] = {}
        for base in bases:
            keys |= self.keys(base, names)
        for node in cls.body:
            if isinstance(node, ast.AnnAssign):
                key, text = ast.unparse(node.target), ast.unparse(node.annotation)
                is_required, _ = qualified(text, {})
                keys[key] = Key(key, shown_type(text, names, {}), is_required is not False)
        return keys

    def _imported(self, statement: ast.ImportFrom) -> str:
        """
        Return the name of the module that *statement* imports from, without that of the package.
        """
        module = statement.module or ""
        if statement.level:
            package = self._package.split(".")
            return ".".join([*package[: len(package) - statement.level + 1], module]).strip(".")
        root, _, inner = module.partition(".")
        return inner if root in _packages else module


def _statements_in(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, ast.stmt]]:
    """
    Yield the statement that binds each name in *body*, and in the classes in it, by its path.
    """
    for node in body:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.FunctionDef(name=name):
                yield prefix + name, node
            case ast.ClassDef(name=name, body=inner):
                yield prefix + name, node
                yield from _statements_in(inner, f"{prefix}{name}.")
            case ast.ImportFrom(names=aliases):
                yield from ((alias.name, node) for alias in aliases)


def _bounds_in(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    """
    Yield the name of each type variable, and its bound.
    """
    for node in body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(keywords=keywords)):
                bounds = [each.value for each in keywords if each.arg == "bound"]
                yield name, ast.unparse(bounds[0]) if bounds else "Any"


def _stated_by(function: ast.FunctionDef) -> Stated:
    """
    Return what the function under ``@Signal.declare`` states.
    """
    stated = function.args
    sender, *positional = [*stated.posonlyargs, *stated.args]
    parameters = [*positional, *stated.kwonlyargs]
    no_default = [None] * (len(positional) - len(stated.defaults))
    defaults = [*no_default, *stated.defaults, *stated.kw_defaults]
    keys = [
        Key(each.arg, _text(each.annotation), default is None)
        for each, default in zip(parameters, defaults, strict=True)
    ]
    is_open = stated.kwarg is not None
    return Stated(keys, is_open, _text(sender.annotation), _text(function.returns))


def _text(annotation: ast.expr | None) -> str | None:
    return None if annotation is None else ast.unparse(annotation)


def _subscript(text: str) -> tuple[str, list[str]]:
    """
    Return the name in a type and its arguments.
    """
    node = ast.parse(text, mode="eval").body
    if not isinstance(node, ast.Subscript):
        return text, []
    items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    return ast.unparse(node.value), [ast.unparse(item) for item in items]
