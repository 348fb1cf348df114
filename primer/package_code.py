"""
The signals that the code of a package defines, and its sends of them, as far as a reader sees it
without types.
"""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from typed_signals.mypy.lib.fullnames import SEND_METHODS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from .packages import Declared, Kind

_LEFT_OUT: Final = frozenset(
    {"tests", "test", "testing", "migrations", "docs", "examples", "example"}
)
_OPTIONS: Final = frozenset({"sender", "_async_wrapper", "_sync_wrapper"})


class Definition(NamedTuple):
    """
    An expression that makes a signal.
    """

    names: tuple[str, ...]
    """The full names that it gets; none if it has no name of its own."""

    scope: str
    """The full name of the module, class, function or variable that contains it."""

    place: str

    def is_covered_by(self, names: Iterable[str]) -> str | None:
        """
        Return which of the *names* is it, or contains it.
        """
        for name in names:
            if name in self.names or f"{self.scope}.".startswith(f"{name}."):
                return name
        return None


class Send(NamedTuple):
    """
    A call that sends a signal.
    """

    signal: str
    """Its full name."""

    keys: frozenset[str]
    is_open: bool
    """Whether more is sent."""

    place: str

    optional: frozenset[str] = frozenset()
    """Keys that are only sent sometimes."""

    def problems(self, declared: Declared) -> Iterator[str]:
        """
        Yield how this send differs from the declaration.
        """
        more = sorted((self.keys | self.optional) - declared.types.keys())
        if more and not declared.is_open:
            yield f"{self.place}: {self.signal} is sent with {', '.join(more)}"
        if not self.is_open and (less := sorted(declared.required - self.keys)):
            yield f"{self.place}: {self.signal} is sent without {', '.join(less)}"


class PackageCode:
    """
    The modules of a package.
    """

    def __init__(self, root: Path, tops: Iterable[str], kind: Kind) -> None:
        """
        Args:
            root: the folder that it is imported from.
            tops: its top-level packages.
            kind: the class of its signals.
        """
        self._kind = kind
        self.modules: dict[str, _Module] = {}
        for top in tops:
            single = root / f"{top}.py"
            for path in [single] if single.is_file() else sorted((root / top).rglob("*.py")):
                parts = path.relative_to(root).with_suffix("").parts
                if _LEFT_OUT.isdisjoint(parts) and not _is_test(parts[-1]):
                    module = _Module(path, parts, path.relative_to(root).as_posix())
                    self.modules[module.name] = module

    @cached_property
    def definitions(self) -> list[Definition]:
        """
        All signals that are made.
        """
        return [
            Definition(names, scope, f"{module.place}:{call.lineno}")
            for module in self.modules.values()
            for call, names, scope in _calls_in(module.tree.body, module.name)
            if self._makes_signal(call)
        ]

    @cached_property
    def sends(self) -> list[Send]:
        """
        The sends of these signals that name them.
        """
        signals = {name for each in self.definitions for name in each.names}
        return [
            send
            for module in self.modules.values()
            for send in module.sends(lambda name: self._origin(name, signals))
        ]

    @cached_property
    def _classes(self) -> set[str]:
        """
        The names of classes of signals.
        """
        names = {"Signal", "ModelSignal", "NamedSignal"}
        bases = {
            node.name: {
                ast.unparse(base).partition("[")[0].rpartition(".")[2] for base in node.bases
            }
            for module in self.modules.values()
            for node in ast.walk(module.tree)
            if isinstance(node, ast.ClassDef)
        }
        while more := {name for name, each in bases.items() if each & names} - names:
            names |= more
        return names

    def _makes_signal(self, call: ast.Call) -> bool:
        match call.func:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                if self._kind == "blinker" and name == "signal":
                    # That of the standard library has two arguments.
                    return len(call.args) == 1 or bool(call.keywords)
                return name in self._classes
        return False

    def _origin(self, name: str, signals: set[str]) -> str | None:
        """
        Return the signal that is imported as *name*, perhaps through other modules.
        """
        for _ in range(9):
            if name in signals:
                return name
            owner, _, last = name.rpartition(".")
            module = self.modules.get(owner)
            if module is None or last not in module.imports:
                return None
            name = module.imports[last]
        return None


class _Module:
    """
    A module and what it imports.
    """

    def __init__(self, path: Path, parts: tuple[str, ...], place: str) -> None:
        self.place = place
        self._is_package = parts[-1] == "__init__"
        self.name = ".".join(parts[:-1] if self._is_package else parts)
        try:
            self.tree = ast.parse(path.read_bytes())
        except SyntaxError:
            self.tree = ast.Module([], [])  # of Python 2, or a template

    @cached_property
    def imports(self) -> dict[str, str]:
        """
        The full name of each imported name, in all of its functions.
        """
        found: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    top = alias.name.partition(".")[0]
                    found[alias.asname or top] = alias.name if alias.asname else top
            elif isinstance(node, ast.ImportFrom):
                above = self.name.split(".")
                level = node.level - (1 if self._is_package else 0)
                base = above[: len(above) - level] if node.level else []
                source = ".".join([*base, *filter(None, [node.module])])
                for alias in node.names:
                    found[alias.asname or alias.name] = f"{source}.{alias.name}"
        return found

    def sends(self, origin: Callable[[str], str | None]) -> Iterator[Send]:
        """
        Yield the sends whose signal has a name.
        """
        for node in ast.walk(self.tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in SEND_METHODS
                and (name := self._full_name(node.func.value))
                and (signal := origin(name))
            ):
                keys, is_open = _keys_of(node)
                yield Send(signal, keys - _OPTIONS, is_open, f"{self.place}:{node.lineno}")

    def _full_name(self, expression: ast.expr) -> str | None:
        names: list[str] = []
        while isinstance(expression, ast.Attribute):
            names.append(expression.attr)
            expression = expression.value
        if not isinstance(expression, ast.Name):
            return None
        root = self.imports.get(expression.id, f"{self.name}.{expression.id}")
        return ".".join([root, *reversed(names)])


def _is_test(name: str) -> bool:
    return name.startswith("test_") or name in {"tests", "conftest"}


def _calls_in(
    body: Iterable[ast.AST], scope: str
) -> Iterator[tuple[ast.Call, tuple[str, ...], str]]:
    """
    Yield each call, the names of its value, and the scope around it.
    """
    for node in body:
        match node:
            case ast.ClassDef(name=name, body=inner) | ast.FunctionDef(name=name, body=inner):
                yield from _calls_in(node.decorator_list, scope)
                yield from _calls_in(inner, f"{scope}.{name}")
            case ast.AsyncFunctionDef(name=name, body=inner):
                yield from _calls_in(inner, f"{scope}.{name}")
            case ast.Assign(value=value, targets=targets):
                names = tuple(_named(targets, scope))
                yield from _calls_in_value(value, names, scope)
            case ast.AnnAssign(value=ast.expr() as value, target=target):
                names = tuple(_named([target], scope))
                yield from _calls_in_value(value, names, scope)
            case _:
                if isinstance(node, ast.Call):
                    yield node, (), scope
                yield from _calls_in(ast.iter_child_nodes(node), scope)


def _calls_in_value(
    value: ast.expr, names: tuple[str, ...], scope: str
) -> Iterator[tuple[ast.Call, tuple[str, ...], str]]:
    if isinstance(value, ast.Call):
        yield value, names, scope
        yield from _calls_in(ast.iter_child_nodes(value), names[0] if names else scope)
    else:
        yield from _calls_in([value], names[0] if names else scope)


def _named(targets: Iterable[ast.expr], scope: str) -> Iterator[str]:
    """
    Yield the full names of variables of *scope*, and of attributes of its class.
    """
    for target in targets:
        match target:
            case ast.Name(id=name):
                yield f"{scope}.{name}"
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                yield f"{scope.rpartition('.')[0]}.{name}"


def _keys_of(call: ast.Call) -> tuple[frozenset[str], bool]:
    """
    Return the keywords of a call, and whether there may be more.
    """
    keys: set[str] = set()
    is_open = False
    for keyword in call.keywords:
        match keyword:
            case ast.keyword(arg=str() as name):
                keys.add(name)
            case ast.keyword(value=ast.Dict(keys=items)):
                named = [item.value for item in items if isinstance(item, ast.Constant)]
                keys.update(name for name in named if isinstance(name, str))
                is_open = is_open or len(named) < len(items)
            case _:
                is_open = True
    return frozenset(keys), is_open
