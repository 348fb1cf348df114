"""
Reports, updated by receivers with annotations.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from typed_signals import receiver

from .signals import (
    order_cancelled,
    order_placed,
    order_shipped,
    payment_received,
    stock_changed,
)
from .utils import convert, money

if TYPE_CHECKING:
    from typing import Unpack

    from typed_signals import Signal

    from .checkout import Checkout
    from .models import Customer, Order
    from .signals import OrderCancelled, OrderPlaced, Shipped, StockChanged
    from .stock import Warehouse


class Report:
    """
    What a day brought.
    """

    def __init__(self) -> None:
        self.orders: Counter[str] = Counter()
        self.revenue = Decimal(0)
        self.carriers: dict[str, list[int]] = {}

    def lines(self) -> list[str]:
        rows = [f"{what:<10} {count:>5}" for what, count in self.orders.most_common()]
        rows += [f"{name:<10} {len(numbers):>5}" for name, numbers in self.carriers.items()]
        return [*rows, f"{'revenue':<10} {money(self.revenue)}"]

    def best_carrier(self) -> str | None:
        return max(self.carriers, key=lambda name: len(self.carriers[name]), default=None)


today = Report()


@receiver(order_placed)
def count_placed(sender: type[Checkout], order: Order, total: Decimal, **kwargs: object) -> None:
    today.orders["placed"] += 1
    today.orders["articles"] += len(order)


@receiver(order_placed)
def count_coupons(sender: type[Checkout], coupon: str = "", **kwargs: Any) -> None:
    if coupon:
        today.orders[f"coupon {coupon}"] += 1


@receiver(order_placed)
def count_countries(customer: Customer, **kwargs: object) -> None:
    address = customer.default_address()
    today.orders["local" if customer.is_local() else "abroad"] += address is not None


@receiver(order_placed)
def largest(sender: type[Checkout], **kwargs: Unpack[OrderPlaced]) -> None:
    order = kwargs["order"]
    if kwargs["total"] > 1000:
        order.notes["large"] = money(kwargs["total"])


@receiver(order_cancelled)
def count_cancelled(sender: type[Checkout], **kwargs: Unpack[OrderCancelled]) -> None:
    today.orders[kwargs["reason"] or "cancelled"] += 1


@receiver(payment_received)
def add_revenue(
    sender: type[Checkout], amount: Decimal, currency: str, **kwargs: object
) -> Decimal:
    today.revenue += convert(amount, currency, "EUR")
    return today.revenue


@receiver(order_shipped)
def count_carriers(sender: Warehouse, **kwargs: Unpack[Shipped]) -> None:
    today.carriers.setdefault(kwargs["carrier"], []).append(kwargs["order"].number)


@receiver(stock_changed)
async def upload(sender: Warehouse, article: str, after: int, **kwargs: object) -> None:
    today.orders[f"{sender.name}/{article}"] = after


@receiver(stock_changed)
def count_changes(signal: Signal[Warehouse, StockChanged], **kwargs: object) -> None:
    today.orders[repr(signal)] += 1
