"""
The receivers. Importing this module connects them: Django's ``connect`` only checks ``**kwargs``,
and only with ``DEBUG``.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.core.signals import request_finished
from django.db.models.signals import (
    m2m_changed,
    post_delete,
    post_migrate,
    post_save,
    pre_delete,
    pre_save,
)
from django.dispatch import receiver

from shop.models import Customer, MenuItem, Order, Pizza, Topping
from shop.signals import order_placed

if TYPE_CHECKING:
    from typing import Unpack

    from typed_signals.django.payloads import PostSave

logger = logging.getLogger("wrong")


# Names


@receiver(post_save, sender=Pizza)  # check: E001
def write_menu(sender: type[Pizza], instance: Pizza) -> None:  # E: no **kwargs
    logger.info("%s is on the menu", instance)


@receiver(pre_save, sender=Pizza)  # check: E003
def bake_first(instance: Pizza, created: bool, **kwargs: object) -> None:  # E: post_save's
    if created:
        logger.info("the first %s", instance)


@receiver([post_save, post_delete], sender=Topping)  # check: E003
def restock(instance: Topping, created: bool, **kwargs: object) -> None:  # E: post_delete lacks it
    logger.info("%s %s", "new" if created else "old", instance)


@receiver(pre_delete, sender=Pizza)  # check: E002
def cross_out(sender: type[Pizza], /, **kwargs: object) -> None:  # E: the sender is passed by name
    logger.info("no more of a %s", sender.__name__)


@receiver(user_login_failed)  # check: E003
def warn(user: Customer, **kwargs: object) -> None:  # E: there are only credentials
    logger.warning("%s failed to log in", user)


def note(instance: object, **kwargs: object) -> None:  # check: E004
    logger.info("%s", instance)


note_pizza = partial(note, "a pizza:")
post_save.connect(note_pizza, sender=Pizza)  # E: the instance is passed twice


# Connected in apps.py.
def fill_the_fridge(plan: list[Any], **kwargs: object) -> None:  # check: W001
    if plan:
        Topping.objects.get_or_create(name="basil", defaults={"cents": 50})


# Types and keys: only mypy finds these before the code runs.


@receiver(post_save)
def print_price(instance: Pizza, **kwargs: object) -> None:  # E: of any model, as no sender is set
    logger.info("%s is %d", instance, instance.cents)


@receiver(post_save, sender=Order)
def confirm(instance: Order, created: str, **kwargs: object) -> None:  # E: created is a bool
    logger.info("%s%s", created, instance)


@receiver(post_save, sender=Customer)
def greet(instance: Customer, **kwargs: object) -> None:
    if kwargs["craeted"]:  # E: created
        logger.info("welcome, %s", instance)


@receiver(post_save, sender=Pizza)
def advertise(sender: type[Pizza], **kwargs: Unpack[PostSave[Pizza]]) -> None:
    logger.info("try our %s", kwargs["pizza"])  # E: it is called instance


@receiver(user_logged_in)
def recognise(user: Customer, request: str, **kwargs: object) -> None:  # E: it is an HttpRequest
    logger.info("%s came from %s", user, request)


# Receivers that are never called


@receiver(m2m_changed, sender=Pizza)  # E: a through model is the sender  # check: W002
def update_recipe(instance: Pizza, action: str, **kwargs: object) -> None:
    logger.info("%s: %s", instance, action)


@receiver(pre_save, sender=MenuItem)  # check: W003
def check_price(instance: MenuItem, **kwargs: object) -> None:
    if not instance.cents:
        raise ValueError("nothing is free")


@receiver(post_migrate, sender=Order)  # E: an app is the sender  # check: W005
def count_orders(**kwargs: object) -> None:
    logger.info("%d orders", Order.objects.count())


request_finished.connect(lambda **kwargs: logger.info("served"))  # E: gone at once


@receiver(order_placed, sender="the counter")  # E: Order is the sender  # check: W004
def print_ticket(order: Order, **kwargs: object) -> None:
    logger.info("bake %s", order)
