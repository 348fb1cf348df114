"""
Sends of the shop's signals and of Django's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models.signals import post_save

from shop.models import Order, Pizza, Topping
from shop.signals import order_cancelled, order_placed, topping_sold_out

if TYPE_CHECKING:
    from shop.models import Customer


def place_order(customer: Customer, pizza: Pizza) -> None:
    order = Order.objects.create(customer=customer, pizza=pizza)
    order_placed.send(sender=Order)  # E: the order is missing
    order_placed.send(sender=Order, order=order, notes="in slices")  # E: note
    order_placed.send(sender=Order, order=order.pk)  # E: an Order, not its key
    order_cancelled.send(sender=order, order=order)  # E: the class is the sender


def sell_out(topping: Topping) -> None:
    topping_sold_out.send_robust(sender=Pizza, topping=topping)  # E: by Topping
    post_save.send(sender=Topping, instance=topping, created=False)  # E: raw, using, update_fields
