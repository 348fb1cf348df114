"""
A signal whose payload has many types.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, Flag
from typing import Any, Literal, NamedTuple, NotRequired, TypedDict
from uuid import UUID

from typed_signals import Signal


class Size(Enum):
    S = "s"
    M = "m"


class Mark(Flag):
    FRAGILE = 1
    HEAVY = 2


class Weight(NamedTuple):
    grams: int
    tare: Decimal


@dataclass
class Item:
    name: str
    price: Decimal
    count: int = 1


@dataclass
class Größe:
    breite: int


class Route(TypedDict):
    stops: list[str]
    express: NotRequired[bool]


@dataclass
class Box:
    inner: "list[Box]"


class ParcelSent(TypedDict):
    """A parcel was handed to the carrier."""

    id: UUID
    at: datetime
    day: date
    hour: time
    late: timedelta
    size: Size
    marks: Mark
    weight: Weight
    items: list[Item]
    route: Route
    box: Box
    label: bytes
    price: Decimal | None
    state: Literal["new", "sent"]
    corner: tuple[int, float]
    tags: set[str]
    stock: dict[UUID, int]
    content: Item | Weight | str
    prefixItems: tuple[str, ...]
    größe: Größe
    sender_note: NotRequired[str]
    request: Any


parcel_sent = Signal[type[Item], ParcelSent]()


def values() -> dict[str, Any]:
    """
    Return a payload.
    """
    item = Item("tea", Decimal("2.50"))
    return {
        "id": UUID(int=1),
        "at": datetime(2026, 11, 30, 12, 0),
        "day": date(2026, 11, 30),
        "hour": time(12, 0),
        "late": timedelta(minutes=5),
        "size": Size.M,
        "marks": Mark.FRAGILE | Mark.HEAVY,
        "weight": Weight(250, Decimal(20)),
        "items": [item],
        "route": {"stops": ["Bonn"], "express": True},
        "box": Box([Box([])]),
        "label": b"\x00",
        "price": None,
        "state": "sent",
        "corner": (1, 1.5),
        "tags": {"new"},
        "stock": {UUID(int=2): 3},
        "content": item,
        "prefixItems": ("a",),
        "größe": Größe(3),
        "request": object(),
    }
