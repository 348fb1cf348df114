"""
Payloads that inherit from another module's, and both leave annotations as strings.
"""

from __future__ import annotations

from typing import Generic, NotRequired, Required, TypeVar

from tests.declared.base import Extras, Order
from typed_signals import Signal

ItemT = TypeVar("ItemT")


class PizzaOrder(Order, Extras):
    toppings: list[str]
    note: NotRequired[str]


class HurriedOrder(PizzaOrder, total=False):
    deadline: str
    price: Required[int]


class GenericOrder(Order, Generic[ItemT]):
    item: ItemT
    sauce: NotRequired[ItemT]


pizza_ordered: Signal[object, PizzaOrder] = Signal()
pizza_hurried: Signal[object, HurriedOrder] = Signal()
item_ordered: Signal[object, GenericOrder[str]] = Signal()
