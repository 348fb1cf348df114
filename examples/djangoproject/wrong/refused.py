"""
Receivers of the shop's own signals that ``connect`` refuses, so only mypy can import this module.
"""

from __future__ import annotations

from shop.models import Order, Topping
from shop.signals import order_cancelled, order_placed, topping_sold_out
from typed_signals.django import receiver


@receiver(order_placed)
def print_ticket(order: Order, note: str, **kwargs: object) -> None:  # E: not always sent
    print(f"{order} ({note})")


@receiver(order_cancelled, sender=Order)
def give_back(order: Order) -> None:  # E: no **kwargs
    print(f"{order} is cancelled")


@receiver(topping_sold_out, sender="shop.Topping", on_commit=True)
def order_more(toping: Topping, **kwargs: object) -> None:  # E: a key is misspelt
    print(f"more {toping}, please")
