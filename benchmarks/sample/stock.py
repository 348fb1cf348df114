"""
The stock of the warehouse.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from .models import Order, State
from .signals import order_shipped, stock_changed
from .utils import group, slug

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class OutOfStockError(LookupError):
    pass


class Warehouse:
    """
    Counts articles.
    """

    def __init__(self, name: str, counts: Mapping[str, int] | None = None) -> None:
        self.name = name
        self._counts = defaultdict(int, counts or {})
        self._reserved: dict[int, dict[str, int]] = {}

    def __contains__(self, article: str) -> bool:
        return self._counts[article] > 0

    def __iter__(self) -> Iterator[tuple[str, int]]:
        yield from sorted(self._counts.items())

    def available(self, article: str) -> int:
        taken = sum(counts.get(article, 0) for counts in self._reserved.values())
        return max(self._counts[article] - taken, 0)

    def receive(self, article: str, quantity: int) -> None:
        before = self._counts[article]
        self._counts[article] += quantity
        stock_changed.send(sender=self, article=article, before=before, after=before + quantity)

    def correct(self, article: str, count: int) -> None:
        before, self._counts[article] = self._counts[article], count
        if before != count:
            stock_changed.send_robust(self, article=article, before=before, after=count)

    def discard(self, article: str) -> int:
        count = self._counts.pop(article, 0)
        if count and article not in self:
            stock_changed.send(self, article=article, before=count, after=0)
        return count

    def reserve(self, order: Order) -> None:
        wanted = order.articles()
        missing = [name for name, count in wanted.items() if self.available(name) < count]
        if missing:
            raise OutOfStockError(", ".join(missing))
        self._reserved[order.number] = wanted

    def ship(self, order: Order, carrier: str) -> str | None:
        for article, count in self._reserved.pop(order.number, {}).items():
            before = self._counts[article]
            self._counts[article] = before - count
            stock_changed.send(sender=self, article=article, before=before, after=before - count)
        order.state = State.SHIPPED
        if carrier == "pickup":
            order_shipped.send(sender=self, order=order, carrier=carrier)
            return None
        tracking = f"{slug(carrier)}-{order.number:08}"
        order_shipped.send(sender=self, order=order, carrier=carrier, tracking=tracking)
        return tracking


class Annex(Warehouse):
    """
    A second warehouse.
    """

    def ship(self, order: Order, carrier: str) -> str | None:
        order_shipped.send_robust(sender=self, order=order, carrier=carrier)
        return super().ship(order, carrier)


def shortages(house: Warehouse, orders: list[Order]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, same in group(orders, lambda order: order.number).items():
        for order in same:
            for article, count in order.articles().items():
                if house.available(article) < count:
                    found.setdefault(article, []).append(number)
    return found
