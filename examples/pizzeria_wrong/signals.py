"""
What the pizzeria announces, and what each announcement carries.
"""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass
class StoreClosed:
    sold: int


# A customer has ordered; the kitchen has not begun.
order_placed = Signal[type["PizzaStore"], OrderPlaced]()

# A customer has changed their mind in time.
order_cancelled = Signal[OrderCancelled, type["PizzaStore"]]()  # E: sender and payload are swapped


@Signal.declare
def pizza_baked(sender: type[PizzaStore], **kwargs: Unpack[PizzaBaked]) -> object:
    """
    A pizza has left the oven.
    """
