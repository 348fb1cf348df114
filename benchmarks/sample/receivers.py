"""
Receivers without annotations, like most receivers in real code.
"""

from __future__ import annotations

from typed_signals import receiver

from .checkout import Checkout, QuickCheckout
from .signals import (
    order_cancelled,
    order_placed,
    order_shipped,
    payment_received,
    stock_changed,
)
from .utils import logger, money


@receiver(order_placed)
def confirm(sender, order, customer, **kwargs):
    if customer.email is not None:
        logger.info("to %s: thank you for order %d", customer.email, order.number)


@receiver(order_placed, sender=QuickCheckout)
def confirm_quickly(sender, order, **kwargs):
    logger.info("order %d, by one click", order.number)


@receiver(order_placed)
def use_coupon(sender, order, coupon=None, **kwargs):
    if coupon:
        order.notes["used"] = coupon


@receiver(order_placed)
def log_total(sender, **kwargs):
    total = kwargs["total"]
    logger.info("%s: %s", sender.__name__, money(total))


@receiver(order_cancelled)
def apologise(sender, order, reason, **kwargs):
    text = f"order {order.number} is cancelled"
    if reason:
        text = f"{text}: {reason}"
    logger.info(text)


@receiver(order_cancelled, sender=Checkout, dispatch_uid="refund")
def refund(sender, order, **kwargs):
    if order.total > 0:
        logger.info("%s goes back", money(order.total))


@receiver([order_placed, order_cancelled, payment_received])
def audit(sender, signal, order, **kwargs):
    order.notes.setdefault("audit", "")
    order.notes["audit"] += f"{signal!r} "


@receiver(payment_received)
def thank(sender, order, amount, currency, **kwargs):
    logger.info("%s received for order %d", money(amount, currency), order.number)


@receiver(payment_received)
def book(sender, **kwargs):
    order = kwargs["order"]
    logger.info("booked %s as %s", order.number, kwargs.get("reference"))


@receiver(signal=stock_changed)
def warn_if_low(sender, article, after, **kwargs):
    if after < 3:
        logger.warning("%s: only %d of %s", sender.name, after, article)


@receiver(order_shipped)
def tell_customer(sender, order, carrier, tracking=None, **kwargs):
    where = f"{carrier} {tracking}" if tracking else carrier
    logger.info("to %s: on its way with %s", order.customer.name, where)


@receiver((order_shipped, order_cancelled))
def close(sender, order, **kwargs):
    order.notes["closed"] = "yes"


@receiver(order_shipped, weak=False)
def remember_carrier(order, **kwargs):
    order.notes["carrier"] = kwargs["carrier"]
