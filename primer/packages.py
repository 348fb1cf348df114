"""
The packages in ``stubs/packages.toml``, and the declarations of their signals.
"""

from __future__ import annotations

import ast
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

STUBS: Final = Path(__file__).resolve().parent.parent / "stubs"
_PACKAGE: Final = "typed_signals_stubs"

Kind = Literal["Django", "blinker", "Celery"]


@dataclass(frozen=True)
class Package:
    """
    A table of ``packages.toml``, which documents each key.
    """

    name: str
    modules: tuple[str, ...]
    oldest: str
    newest: str
    kind: Kind = "Django"
    requires: tuple[str, ...] = ()
    undeclared: Mapping[str, str] = field(default_factory=dict)
    approved: Mapping[str, str] = field(default_factory=dict)
    documented: str = ""

    @property
    def versions(self) -> tuple[str, ...]:
        """
        The versions that are checked.
        """
        return tuple(dict.fromkeys((self.oldest, self.newest)))

    @property
    def tops(self) -> list[str]:
        """
        The top-level packages that it consists of.
        """
        return sorted({module.partition(".")[0] for module in self.modules})


class Declared(NamedTuple):
    """
    What a stub file declares for a signal.
    """

    types: dict[str, str]
    """The keys of the payload, and their types in the source."""

    required: frozenset[str]
    """The keys that are always sent."""

    is_open: bool = False
    """Whether other keys may be sent."""


def read_packages(path: Path = STUBS / "packages.toml") -> list[Package]:
    """
    Return the packages in the file at *path*.

    Raises:
        TypeError: a table has an unknown key, or a key is missing.
    """
    tables = tomllib.loads(path.read_text("utf-8"))
    return [Package(name=name, **_frozen(table)) for name, table in tables.items()]


def _frozen(table: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


def declared_by(package: Package) -> dict[str, Declared]:
    """
    Return the declarations of the signals of *package*, by the full name of the signal.
    """
    return {
        f"{module}.{name}": each
        for module in package.modules
        for name, each in declared_in(module).items()
    }


def declared_in(module: str) -> dict[str, Declared]:
    """
    Return the declarations of the signals of *module*, by name.
    """
    return StubFile(stub_of(module)).signals()


def stub_of(module: str) -> Path:
    """
    Return the file with the declarations for *module*.

    Raises:
        FileNotFoundError: there is none.
    """
    path = STUBS.joinpath(_PACKAGE, *module.split("."))
    for file in (path.with_name(f"{path.name}.pyi"), path / "__init__.pyi"):
        if file.is_file():
            return file
    raise FileNotFoundError(f"{module} has no stub file in {STUBS}")


class StubFile:
    """
    A file with declarations.
    """

    def __init__(self, path: Path) -> None:
        self._body = ast.parse(path.read_text("utf-8")).body
        self._classes = {node.name: node for node in self._body if isinstance(node, ast.ClassDef)}
        self._imported = dict(_imports_in(self._body))

    def signals(self) -> dict[str, Declared]:
        """
        Return the declarations of its signals, by name. Those it imports are of another module.
        """
        return dict(self._signals(self._body, ""))

    def _signals(self, body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, Declared]]:
        for node in body:
            match node:
                case ast.AnnAssign(target=ast.Name(id=name), annotation=typ):
                    if (payload := self._payload_in(typ)) is not None:
                        yield prefix + name, payload
                case ast.FunctionDef(
                    name=name, decorator_list=[ast.Attribute(attr="declare")], args=arguments
                ):
                    yield prefix + name, _from_parameters(arguments)
                case ast.FunctionDef(name=name, returns=ast.expr() as typ):
                    if (payload := self._payload_in(typ)) is not None:
                        yield prefix + name, payload
                case ast.ClassDef(name=name) if not self._is_payload(node):
                    yield from self._signals(node.body, f"{prefix}{name}.")

    def _payload_in(self, typ: ast.expr) -> Declared | None:
        """
        Return the payload in ``Signal[Sender, Payload]``.
        """
        match typ:
            case ast.Subscript(value=signal, slice=ast.Tuple(elts=[_, payload, *_])):
                if _last_name(signal).endswith("Signal"):
                    return self._payload(payload)
        return None

    def _payload(self, typ: ast.expr) -> Declared:
        if isinstance(typ, ast.Subscript):
            typ = typ.value
        name = _last_name(typ)
        if name in self._classes:
            return self._from_class(self._classes[name])
        module, original = self._imported[name]
        other = StubFile(stub_of(module.removeprefix(f"{_PACKAGE}.")))
        return other._payload(ast.Name(original))

    def _from_class(self, node: ast.ClassDef) -> Declared:
        bases = [self._payload(base) for base in node.bases if not _is_typing(base)]
        types = {key: typ for base in bases for key, typ in base.types.items()}
        required = {key for base in bases for key in base.required}
        is_total = not any(
            keyword.arg == "total" and ast.unparse(keyword.value) == "False"
            for keyword in node.keywords
        )
        for each in node.body:
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
                key, typ = each.target.id, each.annotation
                is_required = is_total
                if isinstance(typ, ast.Subscript) and _last_name(typ.value) in _QUALIFIERS:
                    is_required = _QUALIFIERS[_last_name(typ.value)]
                    typ = typ.slice
                types[key] = ast.unparse(typ)
                if is_required:
                    required.add(key)
        return Declared(types, frozenset(required))

    def _is_payload(self, node: ast.ClassDef) -> bool:
        return any(
            _last_name(base) == "TypedDict"
            or (
                _last_name(base) in self._classes
                and self._is_payload(self._classes[_last_name(base)])
            )
            for base in node.bases
        )


_QUALIFIERS: Final = {"NotRequired": False, "Required": True}
_NOT_PAYLOADS: Final = ("TypedDict", "Generic")


def _is_typing(base: ast.expr) -> bool:
    return _last_name(base) in _NOT_PAYLOADS


def _last_name(expression: ast.expr) -> str:
    if isinstance(expression, ast.Subscript):
        expression = expression.value
    return ast.unparse(expression).rpartition(".")[2]


def _imports_in(body: list[ast.stmt]) -> Iterator[tuple[str, tuple[str, str]]]:
    for node in body:
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield alias.asname or alias.name, (node.module, alias.name)


def _from_parameters(arguments: ast.arguments) -> Declared:
    """
    Return the payload of a function with ``@Signal.declare``: its parameters after the sender.
    """
    positional = [*arguments.posonlyargs, *arguments.args]
    without_default = len(positional) - len(arguments.defaults)
    required = {each.arg for each in positional[1:without_default]}
    parameters = positional[1:]
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        parameters.append(each)
        if default is None:
            required.add(each.arg)
    types = {each.arg: ast.unparse(each.annotation or ast.Name("object")) for each in parameters}
    return Declared(types, frozenset(required), is_open=arguments.kwarg is not None)
