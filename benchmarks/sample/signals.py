"""
The signals of the shop.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NotRequired, TypedDict, Unpack

from typed_signals import Signal

from .models import Customer, Order

if TYPE_CHECKING:
    from .checkout import Checkout
    from .stock import Warehouse


class OrderPlaced(TypedDict):
    order: Order
    customer: Customer
    total: Decimal
    coupon: NotRequired[str]


class OrderCancelled(TypedDict):
    order: Order
    reason: str


class PaymentReceived(TypedDict):
    order: Order
    amount: Decimal
    currency: str
    reference: str


class StockChanged(TypedDict):
    article: str
    before: int
    after: int


class Shipped(TypedDict):
    order: Order
    carrier: str
    tracking: NotRequired[str]


order_placed = Signal[type["Checkout"], OrderPlaced]()
order_cancelled = Signal[type["Checkout"], OrderCancelled]()
payment_received = Signal[type["Checkout"], PaymentReceived]()
stock_changed = Signal["Warehouse", StockChanged]()


@Signal.declare
def order_shipped(sender: Warehouse, **kwargs: Unpack[Shipped]) -> object:
    """
    A parcel has left the house.
    """
