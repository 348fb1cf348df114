"""
What runs at night, asynchronously.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from .checkout import Checkout
from .models import Order, State, by_customer
from .signals import order_cancelled, order_placed, order_shipped, payment_received, stock_changed
from .utils import chunks, logger

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .stock import Warehouse


async def remind(orders: Iterable[Order]) -> int:
    reminded = 0
    for chunk in chunks(orders, 50):
        for order in chunk:
            if order.state is not State.OPEN or order.customer.email is None:
                continue
            await order_placed.asend(
                Checkout, order=order, customer=order.customer, total=order.total
            )
            reminded += 1
        await asyncio.sleep(0)
    return reminded


async def expire(orders: Iterable[Order], now: datetime | None = None) -> list[int]:
    now = now or datetime.now(UTC)
    expired = []
    for order in orders:
        if order.is_late(now):
            order.state = State.CANCELLED
            await order_cancelled.asend_robust(sender=Checkout, order=order, reason="expired")
            expired.append(order.number)
    return expired


async def settle(orders: Iterable[Order], payments: dict[int, dict[str, Any]]) -> None:
    for order in orders:
        payment = payments.get(order.number)
        if payment is None:
            continue
        responses = await payment_received.asend(
            sender=Checkout,
            order=order,
            amount=payment["amount"],
            currency=payment["currency"],
            reference=str(payment["reference"]),
        )
        logger.info("order %d: %d informed", order.number, len(responses))


async def recount(house: Warehouse, counted: dict[str, int]) -> dict[str, int]:
    differences = {}
    for article, count in house:
        after = counted.get(article, 0)
        if after != count:
            differences[article] = after - count
            await stock_changed.asend(sender=house, article=article, before=count, after=after)
    return differences


async def hand_over(orders: Iterable[Order], house: Warehouse, carrier: str) -> list[str]:
    failures = []
    for order in orders:
        if order.state is not State.PAID:
            continue
        found = await order_shipped.asend_robust(sender=house, order=order, carrier=carrier)
        failures += [str(response) for _, response in found if isinstance(response, Exception)]
    return failures


def merge(orders: Iterable[Order]) -> list[Order]:
    merged = []
    for same in by_customer(orders).values():
        first, *others = same
        for order in others:
            for line in order:
                first.add(line.article, str(line.price), line.quantity)
            order_cancelled.send(sender=Checkout, order=order, reason=f"merged in {first.number}")
        merged.append(first)
    return merged
