"""
What the shop announces besides what Django does, and what each announcement carries.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict

from typed_signals.django import ModelSignal, Signal

from .models import Order, Topping


class OrderPlaced(TypedDict):
    order: Order
    note: NotRequired[str]


class OrderCancelled(TypedDict):
    order: Order


class ToppingSoldOut(TypedDict):
    topping: Topping


# A customer has ordered; the kitchen has not begun.
order_placed = Signal[type[Order], OrderPlaced]()

# A customer has changed their mind; the order is about to be deleted.
order_cancelled = Signal[type[Order], OrderCancelled]()

# The last one is used. As its senders are models, they can be named by strings, "shop.Topping".
topping_sold_out = ModelSignal[type[Topping], ToppingSoldOut]()
