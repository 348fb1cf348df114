"""
The stores: they take orders, bake, close, and send signals.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from typed_signals import Signal

from .signals import StoreClosed, order_cancelled, order_placed, pizza_baked

if TYPE_CHECKING:
    from collections.abc import Callable

MENU = {
    "Margherita": ["tomato", "mozzarella", "basil"],
    "Funghi": ["tomato", "mozzarella", "mushrooms"],
    "Marinara": ["tomato", "garlic", "oregano"],
}


class PizzaStore:
    """
    A store with a name, open orders and an oven.
    """

    # The sender is the store, so that receivers can be connected to a single store.
    closed = Signal["PizzaStore", StoreClosed]()

    oven_minutes = 7

    def __init__(self, name: str) -> None:
        self.name = name
        self._numbers = count(1)
        self._orders: dict[int, str] = {}
        self._sold = 0

    def order(self, pizza: str, note: str | None = None) -> int:
        """
        Take an order and return its number.
        """
        number = next(self._numbers)
        self._orders[number] = pizza
        if note is None:
            order_placed.send(type(self), number=number, pizza=pizza)
        else:
            order_placed.send(type(self), number=number, pizza=pizza, note=note)
        return number

    def cancel(self, number: int) -> None:
        """
        Forget an order that is not baked yet.
        """
        del self._orders[number]
        order_cancelled.send(type(self), number=number)

    async def bake(self) -> None:
        """
        Bake the orders; send the signal for each pizza before the next one.
        """
        while self._orders:
            number = min(self._orders)
            pizza = self._orders.pop(number)
            self._sold += 1
            await pizza_baked.asend(
                type(self),
                number=number,
                pizza=pizza,
                toppings=MENU[pizza],
                minutes=self.oven_minutes,
            )

    def close(self) -> list[tuple[Callable[..., object], Exception]]:
        """
        Close for the day in any case, and return the errors of receivers.
        """
        responses = self.closed.send_robust(self, sold=self._sold)
        return [(who, error) for who, error in responses if isinstance(error, Exception)]


class FoodTruck(PizzaStore):
    """
    A store on wheels, with a smaller and hotter oven.
    """

    oven_minutes = 4
