"""
The receivers of the shop, which record their calls.
"""

from __future__ import annotations

import os
import time
from datetime import datetime  # noqa: TC003 - the type of a key
from decimal import Decimal  # noqa: TC003 - the type of a key
from pathlib import Path
from typing import Any
from uuid import UUID  # noqa: TC003 - the type of a key

from django.db.models.signals import post_save

from typed_signals.background import Delivery  # noqa: TC001 - the type of a parameter
from typed_signals.django import receiver

from .models import Call, Order
from .signals import order_packed, order_placed, order_shipped


def record(name: str, delivery: Delivery, *arguments: object) -> None:
    text = " | ".join(map(repr, arguments))
    attempt = delivery.attempt
    Call.objects.create(receiver=name, delivery=delivery.id, attempt=attempt, arguments=text)


@receiver(order_placed, sender=Order, background=True, queue="mail", priority=5)
def confirm(
    sender: type[Order],
    *,
    delivery: Delivery,
    order: Order,
    number: UUID,
    total: Decimal,
    at: datetime,
    **kwargs: Any,
) -> Order:
    record("confirm", delivery, sender, order, number, total, at, *kwargs.get("again", ()))
    return order


@receiver(post_save, sender=Order, background=True)
def index(
    delivery: Delivery,
    instance: Order,
    created: bool,
    update_fields: frozenset[str] | None,
    using: str,
    **kwargs: Any,
) -> None:
    record("index", delivery, instance, created, update_fields, using)


@receiver(order_packed, background=True, enqueue="in_transaction")
def label(delivery: Delivery, order: Order, **kwargs: Any) -> None:
    record("label", delivery, order)


@receiver(order_shipped, background=True)
def ship(delivery: Delivery, order: Order, **kwargs: Any) -> None:
    """
    Take as long as the file is there.
    """
    record("ship", delivery, "begin")
    while Path(os.environ["SHOP_BARRIER"]).exists():
        time.sleep(0.02)
    record("ship", delivery, order)
