"""
The receivers of the shop. Importing this module connects them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typed_signals import receiver

from .engine import background
from .shop import STOCK, Shop
from .signals import order_placed

if TYPE_CHECKING:
    from decimal import Decimal
    from uuid import UUID

    from typed_signals.background import Delivery

    from .signals import Line


@receiver(order_placed)
def print_receipt(total: Decimal, **kwargs: object) -> None:
    print(f"till    {total} paid")


@background.receiver(order_placed, sender=Shop)
def send_mail(
    sender: type[Shop], order_id: UUID, customer: str, coupon: str = "", **kwargs: object
) -> None:
    thanks = f", and you used {coupon}" if coupon else ""
    print(f"mail    {sender.__name__}: dear {customer}, we have order {str(order_id)[-4:]}{thanks}")


@background.receiver(order_placed)
def update_stock(lines: tuple[Line, ...], delivery: Delivery, **kwargs: object) -> int:
    for line in lines:
        if STOCK[line.book] < line.copies:
            raise LookupError(f"only {STOCK[line.book]} of {line.book}")
        STOCK[line.book] -= line.copies
        print(f"stock   {STOCK[line.book]} of {line.book} left (attempt {delivery.attempt})")
    return sum(line.copies for line in lines)
