"""
Mistakes in a stub file with declarations that are known from its text.

With most of them, mypy would just check nothing. They are reported once, in the file. What depends
on other files is reported where the signal is used.
"""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, Final, NamedTuple

from typed_signals._shared.messages import (
    RESERVED_KEYS,
    no_sender_problem,
    not_typed_dict_problem,
    reserved_keys_problem,
    suggest,
)

from .source_code import parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CLASSES: Final = ("Signal", "ModelSignal")
# Where they come from, and where those with a payload are.
_WITHOUT_PAYLOAD: Final = {
    "django.dispatch": "typed_signals.django",
    "django.dispatch.dispatcher": "typed_signals.django",
    "django.db.models.signals": "typed_signals.django",
    "blinker": "typed_signals_stubs.blinker",
    "blinker.base": "typed_signals_stubs.blinker",
}
_TYPED_DICT: Final = "TypedDict"
# The bases of a class that is certainly not a TypedDict.
_OTHER_BASES: Final = frozenset({"object", "NamedTuple", "Protocol", "Enum", "Generic"})


class StubMistake(NamedTuple):
    """
    A mistake in a stub file.
    """

    line: int
    message: str


def find_mistakes(file: Path) -> Iterator[StubMistake]:
    """
    Yield the mistakes in the declarations of a stub file.
    """
    try:
        body = parse(file.read_text("utf-8")).body
    except (OSError, UnicodeError, SyntaxError, ValueError):
        return  # mypy reports it
    stub = _Stub(body)
    for statement in body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=typ):
                problem = stub.problem_of(typ)
            case ast.FunctionDef(name=name, returns=ast.expr() as typ, decorator_list=[]):
                problem = stub.problem_of(typ)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Subscript() as typ):
                is_signal = stub.signal_in(typ) is not None
                problem = f"this is a type: write {name}: {ast.unparse(typ)}" if is_signal else None
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=typ)):
                problem = stub.problem_of_call(name, typ)
            case _:
                continue
        if problem is not None:
            yield StubMistake(statement.lineno, f"the declaration of {name}: {problem}")


class _Stub:
    """
    The names in a stub file.
    """

    def __init__(self, body: list[ast.stmt]) -> None:
        self._classes = {node.name: node for node in body if isinstance(node, ast.ClassDef)}
        self._imported: dict[str, str] = {}
        self._others = {*vars(builtins)}
        self._may_have_more = False
        for node in body:
            self._read(node)

    def _read(self, node: ast.stmt) -> None:
        match node:
            case ast.ImportFrom(module=module, level=level, names=names):
                self._may_have_more = self._may_have_more or names[0].name == "*"
                for alias in names:
                    full = f"{'.' * level}{module or ''}.{alias.name}"
                    self._imported[alias.asname or alias.name] = full
            case ast.Import(names=names):
                for alias in names:
                    self._others.add(alias.asname or alias.name.partition(".")[0])
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                self._others.add(name)
            case ast.If() | ast.Try() | ast.With() | ast.For():
                self._may_have_more = True

    def signal_in(self, typ: ast.expr) -> tuple[str, list[ast.expr]] | None:
        """
        Return the class of signals that *typ* names, and its arguments; None for other types.
        """
        arguments: list[ast.expr] = []
        if isinstance(typ, ast.Subscript):
            items = typ.slice
            arguments = items.elts if isinstance(items, ast.Tuple) else [items]
            typ = typ.value
        match typ:
            case ast.Name(id=name) if name in self._imported:
                full = self._imported[name]
            case ast.Attribute():
                root, _, rest = ast.unparse(typ).partition(".")
                full = f"{self._imported.get(root, root)}.{rest}"
            case _:
                return None
        return (full, arguments) if full.rpartition(".")[2] in _CLASSES else None

    def problem_of(self, typ: ast.expr) -> str | None:
        """
        Return what is wrong with a declared type.
        """
        found = self.signal_in(typ)
        if found is None:
            return None
        full, arguments = found
        module, _, name = full.rpartition(".")
        if module in _WITHOUT_PAYLOAD:
            return f"{full} has no payload: use {name} of {_WITHOUT_PAYLOAD[module]}"
        if not module.startswith("typed_signals") or not arguments:
            return None  # perhaps another kind of class; or it is meant to declare nothing
        if len(arguments) == 1:
            lone = _class_named(arguments[0])
            return no_sender_problem(lone) if self._is_payload(lone) else None
        sender, payload = arguments[:2]
        return self._payload_problem(payload, is_swapped=self._is_payload(_class_named(sender)))

    def problem_of_call(self, name: str, called: ast.expr) -> str | None:
        """
        Return what is wrong with a signal that is made like in code, without an annotation.
        """
        found = self.signal_in(called)
        is_bare = found is not None and not found[1]
        return f"it has no payload: write {name}: Signal[sender, payload]" if is_bare else None

    def _payload_problem(self, payload: ast.expr, *, is_swapped: bool) -> str | None:
        name = _class_named(payload)
        if self._is_payload(name):
            keys = self._keys_of(name) & {*RESERVED_KEYS}
            return reserved_keys_problem(name, sorted(keys)) if keys else None
        if is_swapped or self._is_other(name):
            return not_typed_dict_problem(ast.unparse(payload), is_swapped=is_swapped)
        known = {*self._classes, *self._imported, *self._others}
        if not name.isidentifier() or name in known or self._may_have_more:
            return None
        meant = suggest(name, sorted(self._classes))
        fix = f"did you mean {meant!r}?" if meant else "define or import it"
        return f"{name} is not defined: {fix}"

    def _is_payload(self, name: str) -> bool:
        """
        Return whether *name* is certainly a TypedDict.
        """
        return any(
            base.rpartition(".")[2] == _TYPED_DICT or self._is_payload(base)
            for base in self._bases_of(name)
        )

    def _is_other(self, name: str) -> bool:
        """
        Return whether *name* is certainly a class that is not a TypedDict.
        """
        if name in self._classes:
            return all(
                base.rpartition(".")[2] in _OTHER_BASES or self._is_other(base)
                for base in self._bases_of(name)
            )
        is_builtin = name == "None" or isinstance(vars(builtins).get(name), type)
        return is_builtin and name not in self._imported

    def _bases_of(self, name: str) -> list[str]:
        """
        Return the bases of a class in this file; nothing instead of itself, which is an error.
        """
        cls = self._classes.get(name)
        bases = [] if cls is None else map(_class_named, cls.bases)
        return ["" if base == name else base for base in bases]

    def _keys_of(self, name: str) -> set[str]:
        return {
            node.target.id
            for node in self._classes[name].body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        }


def _class_named(typ: ast.expr) -> str:
    """
    Return the name of a class, perhaps with arguments or in quotes; empty for other types.
    """
    match typ:
        case ast.Subscript(value=cls):
            return _class_named(cls)
        case ast.Name(id=name):
            return name
        case ast.Constant(value=None):
            return "None"
        case ast.Constant(value=str() as name):
            return name
        case ast.Attribute():
            return ast.unparse(typ)
    return ""
