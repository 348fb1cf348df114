"""
The signals of the pizzeria, and their payloads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NotRequired, TypedDict, Unpack

from typed_signals import Signal

if TYPE_CHECKING:
    from .store import PizzaStore


class OrderPlaced(TypedDict):
    number: int
    pizza: str
    note: NotRequired[str]


class OrderCancelled(TypedDict):
    number: int


class PizzaBaked(TypedDict):
    number: int
    pizza: str
    toppings: list[str]
    minutes: int


class StoreClosed(TypedDict):
    sold: int


# A customer has ordered; the kitchen has not started.
order_placed = Signal[type["PizzaStore"], OrderPlaced]()

# A customer has changed their mind in time.
order_cancelled = Signal[type["PizzaStore"], OrderCancelled]()


@Signal.declare
def pizza_baked(sender: type[PizzaStore], **kwargs: Unpack[PizzaBaked]) -> object:
    """
    A pizza has left the oven.
    """
