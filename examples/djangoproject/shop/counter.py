"""
The actions at the counter, which send signals.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.db.models.signals import post_save

from .models import Customer, Order, Pizza, Topping
from .signals import order_cancelled, order_placed, topping_sold_out


def place_order(customer: Customer, pizza: Pizza, note: str = "") -> Order:
    with transaction.atomic():
        order = Order.objects.create(customer=customer, pizza=pizza)
        if note:
            order_placed.send(sender=Order, order=order, note=note)
        else:
            order_placed.send(sender=Order, order=order)
    return order


def cancel_order(order: Order) -> None:
    with transaction.atomic():
        order_cancelled.send(sender=Order, order=order)
        order.delete()


def sell_out(topping: Topping) -> None:
    topping.is_available = False
    topping.save(update_fields=["is_available"])
    topping_sold_out.send(sender=Topping, topping=topping)


def raise_prices(cents: int) -> None:
    Pizza.objects.update(cents=F("cents") + cents)
    # update() does not send signals, so send the signal for receivers of changes.
    for pizza in Pizza.objects.all():
        post_save.send(
            sender=Pizza,
            instance=pizza,
            created=False,
            raw=False,
            using="default",
            update_fields=frozenset({"cents"}),
        )
