"""
The values that expressions may have, and the scopes in which functions and classes are defined.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from .assignments import Imported, assignments_in

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from typed_signals.mypy.lib.python_files import PythonFile

    from .assignments import Assigned
    from .syntax import Function

    Meaning = object
    Meanings = frozenset[Meaning]
    Evaluate = Callable[[ast.expr, "Scope"], Meanings]


class Mark(Enum):
    """
    Values without content.
    """

    UNKNOWN = auto()
    DECORATED = auto()
    """The function under the decorators."""
    IDENTITY = auto()
    """A decorator whose result passes everything on."""
    FACTORY = auto()
    """A function that returns such a decorator."""
    ARGS = auto()
    """The ``*args`` of a call by a signal."""
    KWARGS = auto()
    """The ``**kwargs`` of a call by a signal."""
    READY = auto()
    """A partial that calls the decorated function with all that the signal passed."""
    HIDDEN = auto()
    """Something unknown that may contain the decorated function or the ``**kwargs``."""


@dataclass(frozen=True)
class Constant:
    """
    A literal. The type makes 1 differ from True.
    """

    value: object
    type: type[object]


@dataclass(frozen=True)
class Passed:
    """
    A key that a signal passes to a parameter with this name.
    """

    name: str


@dataclass(frozen=True)
class Library:
    """
    A function with a known effect, by its full name.
    """

    name: str


@dataclass(frozen=True, eq=False)
class Module:
    """
    A module with source.
    """

    file: PythonFile


@dataclass(frozen=True, eq=False)
class Closure:
    """
    A function, with the arguments that are already bound: ``self``, or those of a partial.
    """

    node: Function
    scope: Scope
    args: tuple[Meanings, ...] = ()
    keywords: Mapping[str, Meanings] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Class:
    """
    A class.
    """

    node: ast.ClassDef
    scope: Scope


@dataclass(frozen=True, eq=False)
class Object:
    """
    An object, and the arguments that its class was called with.
    """

    cls: Class
    args: Sequence[Meanings]
    keywords: Mapping[str, Meanings]


@dataclass(frozen=True, eq=False)
class Items:
    """
    The arguments in ``*args``.
    """

    values: tuple[Meanings, ...]


class Scope:
    """
    The names of a module or of one call of a function.
    """

    def __init__(
        self,
        node: ast.Module | ast.ClassDef | Function,
        parent: Scope | None,
        file: PythonFile,
        given: dict[str, Meanings],
    ) -> None:
        self.parent = parent
        self.file = file
        self.given = given
        self.known: dict[str, Meanings] = {}
        self.is_call: bool = any(Mark.KWARGS in values for values in given.values()) or (
            parent is not None and parent.is_call
        )
        """Whether it is in a call by a signal."""
        self._assigned = assignments_in(node)

    @property
    def is_dynamic(self) -> bool:
        """
        Whether its names may be changed or read in unknown ways.
        """
        return self._assigned.is_dynamic

    @property
    def changed_attributes(self) -> set[str]:
        """
        The attributes that are changed from outside; ``*`` if that may be any.
        """
        return self._assigned.attributes

    @property
    def stored(self) -> dict[str, list[ast.expr]]:
        """
        What is put into the collections with a name.
        """
        return self._assigned.stored

    @property
    def bindings(self) -> dict[str, list[Assigned]]:
        """
        What is assigned to each name; None for what is not understood.
        """
        return self._assigned.rebound if self.file.may_rebind else self._assigned.names

    def imports_as(self, name: str) -> set[str]:
        """
        Return the names under which *name* is imported.
        """
        return {
            own
            for own, bound in self.bindings.items()
            if any(isinstance(node, Imported) and node.name == name for node in bound)
        }


UNKNOWN_VALUE: Final[Meanings] = frozenset({Mark.UNKNOWN})
HIDDEN: Final[Meanings] = frozenset({Mark.HIDDEN})
DECORATED: Final[Meanings] = frozenset({Mark.DECORATED})
ARGS: Final[Meanings] = frozenset({Mark.ARGS})
KWARGS: Final[Meanings] = frozenset({Mark.KWARGS})
IDENTITY: Final[Meanings] = frozenset({Mark.IDENTITY})
_CARRIERS: Final = {Mark.DECORATED, Mark.HIDDEN, Mark.KWARGS}


def carries(values: Iterable[Meaning]) -> bool:
    """
    Return whether values may contain the decorated function or the ``**kwargs``.
    """
    return any(map(_is_carrier, values))


def _is_carrier(value: Meaning) -> bool:
    if isinstance(value, Closure):
        return is_inner(value)
    if isinstance(value, Object):
        return any(map(carries, (*value.args, *value.keywords.values())))
    if isinstance(value, Items):
        return any(map(carries, value.values))
    return value in _CARRIERS


def is_inner(function: Closure) -> bool:
    """
    Return whether a function may refer to the decorated one.
    """
    bound = (*function.args, *function.keywords.values())
    return function.scope.parent is not None or any(map(carries, bound))


def is_function(value: Meaning) -> bool:
    """
    Return whether a value is a function with source.
    """
    return value is Mark.DECORATED or isinstance(value, Closure)


def truth(value: Meaning) -> bool | None:
    """
    Return whether a value is true; None if that is unknown.
    """
    if isinstance(value, Constant):
        return bool(value.value)
    if isinstance(value, Items):
        return bool(value.values)
    return True if is_function(value) or isinstance(value, (Class, Library)) else None


def unknown(*used: Iterable[Meaning]) -> Meanings:
    """
    Return the value of something unknown that is made of other values.
    """
    return HIDDEN if any(map(carries, used)) else UNKNOWN_VALUE


def copied(values: Meanings) -> Meanings:
    """
    Return the value of what is in a collection: nothing of the ``**kwargs`` itself.
    """
    return unknown(values - KWARGS)


def constant(value: object) -> Meanings:
    """
    Return the value of a literal.
    """
    return frozenset({Constant(value, type(value))})


def union(values: Iterable[Iterable[Meaning]]) -> Meanings:
    """
    Return all of several sets of values.
    """
    return frozenset().union(*values)
