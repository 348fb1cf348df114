"""
The signal of the shop, and its payload: what travels to the background.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal  # noqa: TC003 - read at run time
from typing import TYPE_CHECKING, NotRequired, TypedDict
from uuid import UUID  # noqa: TC003 - read at run time

from typed_signals import Signal

if TYPE_CHECKING:
    from .shop import Shop


@dataclass(frozen=True)
class Line:
    book: str
    copies: int
    price: Decimal


class OrderPlaced(TypedDict):
    order_id: UUID
    customer: str
    lines: tuple[Line, ...]
    total: Decimal
    coupon: NotRequired[str]


# A customer has paid.
order_placed = Signal[type["Shop"], OrderPlaced]()
