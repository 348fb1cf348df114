"""
The shop: it takes orders, and sends a signal for each.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from typed_signals.background import Delivery

from .signals import Line, order_placed

if TYPE_CHECKING:
    from collections.abc import Iterable

STOCK = {"Dune": 3, "Emma": 1}
PRICES = {"Dune": Decimal("12.50"), "Emma": Decimal("8.99")}


class Shop:
    orders = 0

    @classmethod
    def place_order(
        cls, customer: str, books: Iterable[str], coupon: str | None = None
    ) -> list[Delivery]:
        """
        Take an order, and return the deliveries of its receivers in the background.
        """
        lines = tuple(Line(book, 1, PRICES[book]) for book in books)
        total = sum((line.price for line in lines), Decimal())
        cls.orders += 1
        order_id = UUID(int=cls.orders)
        if coupon is None:
            sent = order_placed.send(
                cls, order_id=order_id, customer=customer, lines=lines, total=total
            )
        else:
            sent = order_placed.send(
                cls,
                order_id=order_id,
                customer=customer,
                lines=lines,
                total=total - 1,
                coupon=coupon,
            )
        return [response for _, response in sent if isinstance(response, Delivery)]
