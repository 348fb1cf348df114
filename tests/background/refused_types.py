"""
Types whose values do not all come back equal and of the same type, and hostile ones.
"""

from __future__ import annotations

import enum
from collections import namedtuple
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, TypedDict, TypeVar
from uuid import UUID

import attrs
import msgspec

if TYPE_CHECKING:
    from elsewhere import Missing  # type: ignore[import-not-found]

T = TypeVar("T")


class Text(str):
    __slots__ = ()


class Id(UUID):
    pass


class Plain:
    pass


class Unwritten(enum.Enum):
    pass


class Other(enum.Enum):
    RED = "red"


class Doubles(enum.Flag, boundary=enum.EJECT):
    ONE = 1


@dataclass
class Mapped(dict[str, int]):
    size: int = 1


@dataclass(eq=False)
class Identity:
    size: int


@attrs.define(eq=False)
class AttrsIdentity:
    size: int


class StructIdentity(msgspec.Struct, eq=False):
    size: int


@dataclass
class Computed:
    size: int

    @property  # type: ignore[no-redef]
    def size(self) -> int:
        return 1

    @size.setter
    def size(self, value: int) -> None: ...


Untyped = namedtuple("Untyped", "a b")  # noqa: PYI024


@attrs.define
class PartlyUntyped:
    size = attrs.field()  # type: ignore[var-annotated]


class One:
    class Line(msgspec.Struct):
        size: int


class Two:
    class Line(msgspec.Struct):
        size: int


@dataclass
class Basket:
    lines: list[dict[str, Plain]]
    options: Any = None


@dataclass
class Unread:
    user: Missing


class UnreadKeys(TypedDict):
    user: Missing | None


@dataclass
class Growing(Generic[T]):
    item: T
    next: Growing[list[T]] | None = None


@dataclass
class OnlyItself:
    """
    An object that is only equal to itself, though its class defines ``__eq__``.
    """

    size: int

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class HashedByIdentity:
    size: int

    def __hash__(self) -> int:
        return id(self)


@dataclass
class Raising:
    size: int

    def __eq__(self, other: object) -> NoReturn:
        raise ValueError("no")

    __hash__ = None  # type: ignore[assignment]


class Strict(msgspec.Struct):
    size: int
    largest: ClassVar[int] = 3

    def __post_init__(self) -> None:
        if self.size > self.largest:
            raise ValueError("too large")


@dataclass(slots=True, weakref_slot=True)
class Slotted:
    size: int
    area: int = field(init=False)


class WithNote(Slotted):
    __slots__ = ("note",)
    note: str


class Liar:
    """
    An object that claims to be a string.
    """

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return str

    def __repr__(self) -> NoReturn:
        raise ValueError("no")
