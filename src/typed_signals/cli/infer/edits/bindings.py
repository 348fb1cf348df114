"""
The names that a module binds: what it imports and defines, and where that is usable.
"""

from __future__ import annotations

import builtins
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import libcst as cst
from libcst.helpers import get_full_name_for_node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from typed_signals.cli.survey.written_types import NamedType

_BUILTINS: Final = frozenset(dir(builtins))

# Their modules are complete before those of a project are executed.
_COMPLETE: Final = sys.stdlib_module_names | {"django", "typed_signals"}

# Where names are usually imported from, if not from the module that defines them.
_PUBLIC: Final = {
    "django.db.models.base": "django.db.models",
    "django.db.models.query": "django.db.models",
    "django.db.models.manager": "django.db.models",
    "django.http.request": "django.http",
    "django.http.response": "django.http",
    "typing_extensions": "typing",
}


@dataclass(frozen=True)
class Bound:
    """
    A name that an import binds at the top level of a module.
    """

    full: str
    """What it is bound to, like ``shop.models.Order``."""

    local: str
    """How that is written here, like ``models.Order``."""

    at: int
    """The index of the top-level statement that binds it."""

    at_run_time: bool


class Bindings:
    """
    The names of a module.
    """

    def __init__(
        self, module: cst.Module, fullname: str, bound: Iterable[str], *, is_package: bool
    ) -> None:
        """
        Args:
            module: the source.
            fullname: the name of the module.
            bound: the names that it binds at its top level.
            is_package: whether it is an ``__init__.py``.
        """
        self.fullname = fullname
        self._package = fullname if is_package else fullname.rpartition(".")[0]
        self.imported: list[Bound] = []
        self.defined: dict[str, int] = {}
        for index, statement in enumerate(module.body):
            self._read(statement, index, at_run_time=True)
        self.bound = {*bound, *_BUILTINS}
        self.mentioned = {*_names_in(module)}

    def _read(self, statement: cst.CSTNode, index: int, *, at_run_time: bool) -> None:
        if isinstance(statement, (cst.ClassDef, cst.FunctionDef)):
            self.defined.setdefault(statement.name.value, index)
        elif isinstance(statement, cst.SimpleStatementLine):
            for each in statement.body:
                for full, local in self._imports(each):
                    self.imported.append(Bound(full, local, index, at_run_time))
        elif isinstance(statement, (cst.If, cst.Try, cst.Else, cst.With)):
            only_types = isinstance(statement, cst.If) and is_type_checking(statement.test)
            inner: Sequence[cst.CSTNode] = statement.body.body
            for one in inner:
                self._read(one, index, at_run_time=at_run_time and not only_types)
            if isinstance(statement, cst.If) and statement.orelse is not None:
                self._read(statement.orelse, index, at_run_time=at_run_time)

    def _imports(self, statement: cst.CSTNode) -> Iterator[tuple[str, str]]:
        if isinstance(statement, cst.Import):
            for alias in statement.names:
                full = alias.evaluated_name
                yield full, alias.evaluated_alias or full
        elif isinstance(statement, cst.ImportFrom) and not isinstance(
            statement.names, cst.ImportStar
        ):
            source = self.source_of(statement)
            for alias in statement.names:
                name = alias.evaluated_name
                yield f"{source}.{name}", alias.evaluated_alias or name

    def source_of(self, statement: cst.ImportFrom) -> str:
        """
        Return the module that *statement* imports from.
        """
        stated = get_full_name_for_node(statement.module) if statement.module else None
        if not statement.relative:
            return stated or ""
        parts = self._package.split(".")
        base = parts[: len(parts) + 1 - len(statement.relative)]
        return ".".join([*base, *([stated] if stated else [])])

    def find(self, typ: NamedType, at: int) -> tuple[str, bool] | None:
        """
        Return how *typ* is written in this module, if that needs no new import, and whether it is
        bound at run time before the top-level statement *at*.
        """
        outer = typ.name.partition(".")[0]
        if typ.module == self.fullname and outer in self.defined:
            return typ.name, self.defined[outer] < at
        found = [
            (written, bound.at_run_time and bound.at < at and _is_complete(bound, typ))
            for bound in self.imported
            if (written := _as_written(bound, typ)) is not None
        ]
        return max(found, key=lambda pair: (pair[1], -len(pair[0]))) if found else None


def _as_written(bound: Bound, typ: NamedType) -> str | None:
    if public_module(bound.full) != bound.full:
        bound = Bound(public_module(bound.full), bound.local, bound.at, bound.at_run_time)
    module = public_module(typ.module)
    full = f"{module}.{typ.name}"
    # Not by way of a package whose module may not be imported.
    if f"{bound.full}.".startswith(f"{module}.") and f"{full}.".startswith(f"{bound.full}."):
        return bound.local + full.removeprefix(bound.full)
    # What a package imports from its modules.
    package, _, name = bound.full.rpartition(".")
    outer, _, inner = typ.name.partition(".")
    if name == outer and f"{typ.module}.".startswith(f"{package}."):
        return f"{bound.local}.{inner}" if inner else bound.local
    return None


def _is_complete(bound: Bound, typ: NamedType) -> bool:
    """
    Return whether the class *typ* exists where *bound* does.

    A module in an import cycle may be bound before its classes exist.
    """
    is_module = f"{public_module(typ.module)}.".startswith(f"{public_module(bound.full)}.")
    return not is_module or bound.full.partition(".")[0] in _COMPLETE


def public_module(module: str) -> str:
    """
    Return the module from which the names in *module* are usually imported.
    """
    for private, public in _PUBLIC.items():
        if f"{module}.".startswith(f"{private}."):
            return public + module.removeprefix(private)
    return module


def is_type_checking(test: cst.BaseExpression) -> bool:
    """
    Return whether a condition is only true for type checkers.
    """
    return (get_full_name_for_node(test) or "").rpartition(".")[2] == "TYPE_CHECKING"


def _names_in(node: cst.CSTNode) -> Iterator[str]:
    """
    Yield the names of variables that occur in *node*.
    """
    if isinstance(node, cst.Name):
        yield node.value
    elif isinstance(node, (cst.Attribute, cst.Arg)):
        yield from _names_in(node.value)
    elif isinstance(node, cst.ImportAlias):
        yield node.evaluated_alias or node.evaluated_name.partition(".")[0]
    else:
        for child in node.children:
            yield from _names_in(child)
