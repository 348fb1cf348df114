"""
The signal of the shop.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - the type of a key
from decimal import Decimal  # noqa: TC003 - the type of a key
from typing import NotRequired, TypedDict
from uuid import UUID  # noqa: TC003 - the type of a key

from typed_signals.django import Signal

from .models import Order


class OrderPlaced(TypedDict):
    order: Order
    number: UUID
    total: Decimal
    at: datetime
    again: NotRequired[list[Order]]


class OrderPacked(TypedDict):
    order: Order


order_placed = Signal[type[Order], OrderPlaced]()
order_packed = Signal[type[Order], OrderPacked]()
order_shipped = Signal[type[Order], OrderPacked]()
