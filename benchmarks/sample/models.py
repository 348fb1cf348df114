"""
What the shop stores.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class State(Enum):
    OPEN = "open"
    PAID = "paid"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self in (State.SHIPPED, State.CANCELLED)


@dataclass(frozen=True)
class Address:
    street: str
    city: str
    code: str
    country: str = "NL"

    def lines(self) -> list[str]:
        place = f"{self.code} {self.city}".strip()
        return [line for line in (self.street, place, self.country) if line]

    @classmethod
    def parse(cls, text: str) -> Self:
        parts = [part.strip() for part in text.split(",")]
        if len(parts) < 3:
            raise ValueError(f"not an address: {text!r}")
        return cls(parts[0], parts[2], parts[1], parts[3] if len(parts) > 3 else "NL")


@dataclass
class Customer:
    number: int
    name: str
    email: str | None = None
    addresses: list[Address] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)

    @property
    def first_name(self) -> str:
        return self.name.split(" ", 1)[0]

    def default_address(self) -> Address | None:
        return self.addresses[0] if self.addresses else None

    def is_local(self) -> bool:
        address = self.default_address()
        return address is not None and address.country == "NL"


@dataclass
class Line:
    article: str
    price: Decimal
    quantity: int = 1
    discount: Decimal = Decimal(0)

    @property
    def amount(self) -> Decimal:
        return (self.price * self.quantity - self.discount).quantize(Decimal("0.01"))


@dataclass
class Order:
    number: int
    customer: Customer
    lines: list[Line] = field(default_factory=list)
    state: State = State.OPEN
    placed: datetime = field(default_factory=lambda: datetime.now(UTC))
    notes: dict[str, str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)

    def __len__(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    def add(self, article: str, price: str, quantity: int = 1) -> Line:
        for line in self.lines:
            if line.article == article:
                line.quantity += quantity
                return line
        line = Line(article, Decimal(price), quantity)
        self.lines.append(line)
        return line

    def articles(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for line in self.lines:
            counts[line.article] = counts.get(line.article, 0) + line.quantity
        return counts

    def is_late(self, now: datetime, limit: timedelta = timedelta(days=3)) -> bool:
        return not self.state.is_final and now - self.placed > limit


def by_customer(orders: Iterable[Order]) -> dict[int, list[Order]]:
    found: dict[int, list[Order]] = {}
    for order in orders:
        found.setdefault(order.customer.number, []).append(order)
    for group in found.values():
        group.sort(key=lambda order: order.placed, reverse=True)
    return found
