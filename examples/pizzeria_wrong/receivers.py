"""
Who listens to the pizzeria. Importing this module connects them.
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
def print_ticket(  # E: the note is not always sent
    sender: type[PizzaStore], number: int, pizza: str, note: str, **kwargs: object
) -> None:
    remark = f" ({note})" if note else ""
    print(f"kitchen   {sender.__name__} #{number}: {pizza}{remark}")


@receiver(order_placed, sender=FoodTruck)
def light_the_oven(number: int) -> None:  # E: no **kwargs
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
def garnish(topping: list[str], **kwargs: object) -> None:  # E: the key is called toppings
    if "basil" in topping:
        print("kitchen   adding fresh basil")


@receiver(pizza_baked)
async def text_customer(  # E: the sender is passed by keyword
    sender: type[PizzaStore], /, **kwargs: Unpack[PizzaBaked]
) -> None:
    await asyncio.sleep(0)  # stands for the network
    print(f"message   your {kwargs['pizza']} is ready after {kwargs['minutes']} minutes")


@receiver(PizzaStore.closed)
def lock_up(sender: PizzaStore, **kwargs: object) -> None:
    print(f"door      {sender.name} is locked")


@receiver(PizzaStore.closed)
async def report_sales(sender: PizzaStore, sold: int, **kwargs: object) -> None:
    await asyncio.sleep(0)  # stands for the network
    if isinstance(sender, FoodTruck):
        raise ConnectionError("head office cannot be reached from the road")
    print(f"office    {sender.name} sold {sold}")


class Counter:
    """
    Counts pizzas by name. Connect :meth:`add` to the signal that announces them.
    """

    def __init__(self) -> None:
        self.pizzas: dict[str, int] = {}

    def add(self, pizza: list[str], **kwargs: object) -> None:
        for name in pizza:
            self.pizzas[name] = self.pizzas.get(name, 0) + 1
