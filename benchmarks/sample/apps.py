"""
Connects receivers when the application starts.
"""

from __future__ import annotations

from typing import Any

from .checkout import Checkout
from .models import Customer, Order
from .signals import (
    order_cancelled,
    order_placed,
    order_shipped,
    payment_received,
    stock_changed,
)
from .stock import Warehouse
from .utils import Registry, logger


class Loyalty:
    """
    Points for what is bought.
    """

    def __init__(self, rate: int = 10) -> None:
        self.rate = rate
        self.points: dict[int, int] = {}

    def collect(self, sender: object, order: Order, **kwargs: Any) -> None:
        number = order.customer.number
        self.points[number] = self.points.get(number, 0) + int(order.total) * self.rate

    def take_back(self, order: Order, **kwargs: object) -> None:
        self.points.pop(order.customer.number, None)

    def rank(self, customer: Customer) -> str:
        points = self.points.get(customer.number, 0)
        for limit, name in ((10_000, "gold"), (1_000, "silver")):
            if points >= limit:
                return name
        return "guest"


class Search:
    def __init__(self) -> None:
        self.index: dict[str, set[str]] = {}

    def __call__(self, article, **kwargs):
        for word in article.split():
            self.index.setdefault(word.lower(), set()).add(article)


def trace(sender, signal, **kwargs):
    logger.debug("%r from %r with %s", signal, sender, sorted(kwargs))


def label(sender, order, carrier, **kwargs):
    logger.debug("label for %s on order %d", carrier, order.number)


loyalty = Loyalty()
search = Search()
services = Registry()


def ready() -> None:
    services.add("loyalty", loyalty)
    services.add("search", search)
    payment_received.connect(loyalty.collect)
    order_cancelled.connect(loyalty.take_back, sender=Checkout)
    stock_changed.connect(search)
    order_shipped.connect(label, dispatch_uid="label")
    for signal in (order_placed, order_cancelled):
        signal.connect(trace)


def warehouses(names: list[str]) -> list[Warehouse]:
    houses = [Warehouse(name) for name in names if name]
    for house in houses:
        services.add(house.name, house)
    return houses


def watch(house: Warehouse) -> Loyalty:
    watcher = Loyalty(rate=1)
    stock_changed.connect(trace, sender=house, weak=True)
    order_shipped.connect(watcher.take_back, house, weak=False)
    payment_received.connect(trace, dispatch_uid=f"trace {house.name}")
    return watcher
