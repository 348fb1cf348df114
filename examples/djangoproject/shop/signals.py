"""
The signals of the shop and their payloads, in addition to Django's.
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


#: A customer has ordered; the kitchen has not started.
order_placed = Signal[type[Order], OrderPlaced]()

#: A customer has changed their mind; the order is about to be deleted.
order_cancelled = Signal[type[Order], OrderCancelled]()

#: The last one is used up. The senders are models, so strings like "shop.Topping" are accepted.
topping_sold_out = ModelSignal[type[Topping], ToppingSoldOut]()
