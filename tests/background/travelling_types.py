"""
Types whose values travel, for tests of the codecs.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, InitVar, dataclass, field
from datetime import date  # noqa: TC003 - read at run time
from decimal import Decimal
from enum import Enum, Flag, IntEnum, StrEnum
from functools import cached_property
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Generic,
    Literal,
    NamedTuple,
    NewType,
    NotRequired,
    Required,
    Self,
    TypedDict,
    TypeVar,
    Union,
)

import attrs
import msgspec
from typing_extensions import ReadOnly, TypeAliasType

if TYPE_CHECKING:
    from collections.abc import Callable

    from elsewhere import Missing  # type: ignore[import-not-found]

T = TypeVar("T")
UserId = NewType("UserId", int)


class Color(Enum):
    RED = "red"
    BLUE = "blue"
    AZURE = "blue"  # noqa: PIE796 - an alias


class Size(IntEnum):
    SMALL = 1
    LARGE = 2


class Status(StrEnum):
    PAID = "paid"
    SENT = "sent"


class Shape(Enum):
    ROUND = (1, 2)
    FLAT = 1.5


class Topping(Flag):
    HAM = 1
    CHEESE = 2


@dataclass
class Line:
    product: str
    price: Decimal
    amount: int = 1


@dataclass
class Order:
    id: UserId
    lines: list[Line] = field(default_factory=list)
    day: date | None = None
    kind: ClassVar[str] = "order"


@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int = 0


@dataclass
class Special(Generic[T]):
    """
    What the generated ``__init__`` would not restore.
    """

    scale: InitVar[int]
    value: T
    _: KW_ONLY
    doubled: int = field(init=False)
    note: str = "new"

    def __post_init__(self, scale: int) -> None:
        self.doubled = 2 * scale
        self.note = self.note.upper()

    @cached_property
    def length(self) -> int:
        return len(self.note)


@dataclass
class Node:
    name: str
    children: list[Node] = field(default_factory=list)
    parent: Self | None = None


@dataclass
class Page(Generic[T]):
    items: list[T]
    next: Page[T] | None = None


@dataclass
class OrderPage(Page[Line]):
    total: int = 0


def titled(text: str) -> str:
    return text.title()


@attrs.define
class Address:
    street: str
    city: str = attrs.field(default="Turin", converter=titled)
    lines: list[str] = attrs.field(factory=list)
    country: str = "IT"


Made: Any = attrs.make_class("Made", {"size": attrs.field(type=int)})


@attrs.define
class NotAnnotated:
    size = attrs.field(type=int)


def length_of(key: Key[Any]) -> int:
    return len(key.parts)


@attrs.frozen(cache_hash=True)
class Key(Generic[T]):
    parts: tuple[T, ...]
    size: int = attrs.field(default=attrs.Factory(length_of, takes_self=True))

    @cached_property
    def half(self) -> float:
        return self.size / 2


class Card(msgspec.Struct, tag="card", rename="camel", frozen=True):
    owner_name: str
    limit: Decimal | None = None
    codes: list[int] = []


class Cash(msgspec.Struct, tag=True, kw_only=True):
    amount: Decimal = Decimal(0)
    currency: str

    def __post_init__(self) -> None:
        self.currency = self.currency.upper()


class Crust(NamedTuple):
    width: float
    kind: Literal["thin", "thick"] = "thin"


class Base(TypedDict, Generic[T]):
    value: T
    note: NotRequired[str]


class Movie(Base[Color], total=False):
    title: Required[ReadOnly[str]]
    year: int
    sequel: Movie


Json = Union[dict[str, "Json"], list["Json"], str, int, float, bool, None]  # noqa: UP007
MaybeColor = TypeAliasType("MaybeColor", "Color | None")
# It is the same as int.
Loop = TypeAliasType("Loop", "int | Loop")  # type: ignore[misc]
Deep = TypeAliasType("Deep", "dict[str, Deep | None]")
Lists = TypeAliasType("Lists", "list[Lists | None] | int")
MaybeRow = TypeAliasType("MaybeRow", "Row | None")
Row = TypeAliasType("Row", "list[MaybeRow | str]")
Tree = TypeAliasType("Tree", "T | list[Tree[T]]", type_params=(T,))


class Document(TypedDict):
    content: Json


@dataclass
class Unread:
    user: Missing


@dataclass
class Handler:
    run: Callable[[], None]
    options: dict[str, Any]
