"""
The receivers of the pizzeria. Importing this module connects them.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from typed_signals import receiver

from .signals import order_cancelled, order_placed, pizza_baked
from .store import FoodTruck, PizzaStore

if TYPE_CHECKING:
    from typing import Unpack

    from .signals import PizzaBaked


@receiver(order_placed)
def print_ticket(
    sender: type[PizzaStore], number: int, pizza: str, note: str = "", **kwargs: object
) -> None:
    remark = f" ({note})" if note else ""
    print(f"kitchen   {sender.__name__} #{number}: {pizza}{remark}")


@receiver(order_placed, sender=FoodTruck)
def light_the_oven(number: int, **kwargs: object) -> None:
    if number == 1:
        print("truck     lighting the oven")


@receiver([order_placed, order_cancelled, pizza_baked])
def update_board(sender: type[PizzaStore], number: int, signal: object, **kwargs: object) -> None:
    if signal is order_cancelled:
        state = "cancelled"
    elif signal is pizza_baked:
        state = "ready"
    else:
        state = "in the oven"
    print(f"board     {sender.__name__} #{number}: {state}")


@receiver(pizza_baked)
def garnish(toppings: list[str], **kwargs: object) -> None:
    if "basil" in toppings:
        print("kitchen   adding fresh basil")


@receiver(pizza_baked)
async def text_customer(sender: type[PizzaStore], **kwargs: Unpack[PizzaBaked]) -> None:
    await asyncio.sleep(0)  # instead of a network call
    print(f"message   your {kwargs['pizza']} is ready after {kwargs['minutes']} minutes")


@receiver(PizzaStore.closed)
def lock_up(sender: PizzaStore, **kwargs: object) -> None:
    print(f"door      {sender.name} is locked")


@receiver(PizzaStore.closed)
async def report_sales(sender: PizzaStore, sold: int, **kwargs: object) -> None:
    await asyncio.sleep(0)  # instead of a network call
    if isinstance(sender, FoodTruck):
        raise ConnectionError("head office cannot be reached from the road")
    print(f"office    {sender.name} sold {sold}")


class Counter:
    """
    Counts pizzas by name. Connect :meth:`add` to the signal of new pizzas.
    """

    def __init__(self) -> None:
        self.pizzas: dict[str, int] = {}

    def add(self, pizza: str, **kwargs: object) -> None:
        self.pizzas[pizza] = self.pizzas.get(pizza, 0) + 1
