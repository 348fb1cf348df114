"""
The receivers.
"""

from __future__ import annotations

import os
import signal
import time
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from typed_signals.background import Delivery

from .app import background
from .journal import END, START, write
from .signals import RELEASE, order_paid, order_placed, order_refunded


@background.receiver(order_placed)
def ship(
    sender: object,
    order_id: UUID,
    total: Decimal,
    at: datetime,
    seconds: float,
    delivery: Delivery,
    **kwargs: Any,
) -> object:
    write(START, delivery, f"{order_id!r} {total!r} {at!r}")
    time.sleep(seconds)
    write(END, delivery)
    return object()  # no backend of results could store it


@background.receiver(order_paid)
def book(sender: object, order_id: UUID, delivery: Delivery, **kwargs: Any) -> None:
    write(END, delivery, f"{order_id!r} {sorted(kwargs.keys() - {'signal'})}")


if RELEASE == "new":

    @background.receiver(order_paid)
    def thank(sender: object, delivery: Delivery, **kwargs: Any) -> None:
        write(END, delivery)


@background.receiver(order_refunded)
def repay(sender: object, order_id: UUID, delivery: Delivery, **kwargs: Any) -> None:
    write(START, delivery, f"{order_id!r}")
    raise OSError("the bank is closed")


@background.receiver(order_refunded, dispatch_uid="crash")
def crash(sender: object, delivery: Delivery, **kwargs: Any) -> None:
    write(START, delivery)
    os.kill(os.getpid(), signal.SIGKILL)
