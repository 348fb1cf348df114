"""
The receivers. Importing this module connects them, in ``ShopConfig.ready``.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.apps import apps as installed
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.signals import request_finished
from django.db.models import F
from django.db.models.signals import m2m_changed, post_save, pre_delete

# It works like Django's, and also accepts on_commit.
from typed_signals.django import receiver

from .models import Customer, Order, Pizza, Topping
from .signals import order_cancelled, order_placed, topping_sold_out

if TYPE_CHECKING:
    from typing import Unpack

    from django.apps import AppConfig
    from django.apps.registry import Apps
    from django.db.models import Model
    from django.http import HttpRequest

    from typed_signals.django.payloads import PostSave

logger = logging.getLogger("shop")


# Receivers of Django's model signals. With sender=Pizza, the instance is a Pizza.


@receiver(post_save, sender=Pizza)
def write_menu(instance: Pizza, created: bool, **kwargs: object) -> None:
    if created:
        logger.info("menu     %s is new", instance)


@receiver(post_save, sender=Pizza)
def print_price(sender: type[Pizza], **kwargs: Unpack[PostSave[Pizza]]) -> None:
    changed = kwargs["update_fields"]
    if changed is None or "cents" in changed:
        logger.info("menu     %s is %.2f", kwargs["instance"], kwargs["instance"].cents / 100)


@receiver(pre_delete, sender=Pizza)
def cross_out(instance: Pizza, **kwargs: object) -> None:
    logger.info("menu     %s is deleted", instance)


# For a relation, the sender is the through model, and the instance may be on either side.
@receiver(m2m_changed, sender=Pizza.toppings.through)
def update_recipe(
    instance: Pizza | Topping, action: str, pk_set: set[int] | None, **kwargs: object
) -> None:
    if action == "post_add" and pk_set and isinstance(instance, Pizza):
        names = Topping.objects.filter(pk__in=pk_set).order_by("name")
        logger.info("kitchen  %s has %s", instance, ", ".join(map(str, names)))


# The class in the setting is only known at run time; mypy trusts the annotation.
@receiver(post_save, sender=settings.AUTH_USER_MODEL)
def greet(instance: Customer, created: bool, raw: bool, **kwargs: object) -> None:
    if created and not raw:
        logger.info("door     welcome, %s", instance)


# Sent in the transaction, and received after the commit.
@receiver(post_save, sender=Order, on_commit=True)
def confirm(instance: Order, created: bool, **kwargs: object) -> None:
    if created:
        logger.info("message  dear %s, we have your order", instance.customer)


# Without a sender, the instance is a Model.
@receiver(post_save)
def back_up(sender: type[Model], instance: Model, **kwargs: object) -> None:
    logger.debug("backup   %s %s", sender.__name__, instance.pk)


# ``plan``, ``apps`` and ``stdout`` are not always sent: ``flush`` sends none. Connected in apps.py.
def fill_the_fridge(
    sender: AppConfig, using: str, apps: Apps = installed, **kwargs: object
) -> None:
    try:
        topping = apps.get_model("shop", "Topping")
    except LookupError:
        return  # migrated back to before there were toppings
    topping._default_manager.using(using).get_or_create(name="basil", defaults={"cents": 50})


# Receivers of Django's other signals.


@receiver(user_logged_in)
def recognise(request: HttpRequest, user: Customer, **kwargs: object) -> None:
    logger.info("door     %s is back, with %d points", user, user.points)


@receiver(request_finished)
def wipe_counter(**kwargs: object) -> None:
    logger.info("counter  wiped")


# Receivers of our own signals. ``connect`` checks these, too.


@receiver(order_placed)
def print_ticket(sender: type[Order], order: Order, note: str = "", **kwargs: object) -> None:
    logger.info("kitchen  %s%s", order.pizza, f" ({note})" if note else "")


@receiver([order_placed, order_cancelled], sender=Order)
def count_points(order: Order, signal: object, **kwargs: object) -> None:
    points = 1 if signal is order_placed else -1
    Customer.objects.filter(pk=order.customer.pk).update(points=F("points") + points)


@receiver(topping_sold_out, sender="shop.Topping")
def close_recipes(topping: Topping, **kwargs: object) -> None:
    for pizza in topping.pizzas.filter(is_available=True):
        pizza.is_available = False
        pizza.save(update_fields=["is_available"])
        logger.info("menu     no %s without %s", pizza, topping)
