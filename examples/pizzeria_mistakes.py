"""
Typical mistakes with the signals of the pizzeria, each marked by ``# E:`` and the problem.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pizzeria.signals import OrderCancelled, order_placed, pizza_baked
from pizzeria.store import FoodTruck, PizzaStore
from typed_signals import Signal, receiver

if TYPE_CHECKING:
    from typing import Unpack

    from pizzeria.signals import PizzaBaked

# Receivers


@receiver(order_placed)
def print_ticket(number: int, note: str, **kwargs: object) -> None:  # E: note is not always sent
    print(f"kitchen   #{number} ({note})")


@receiver(order_placed, sender=FoodTruck)
def light_the_oven(number: int) -> None:  # E: no **kwargs
    if number == 1:
        print("truck     lighting the oven")


@receiver(pizza_baked)
def garnish(topping: list[str], **kwargs: object) -> None:  # E: the key is called toppings
    if "basil" in topping:
        print("kitchen   adding fresh basil")


@receiver(pizza_baked)
async def text_customer(  # E: the sender is passed by keyword
    sender: type[PizzaStore], /, **kwargs: Unpack[PizzaBaked]
) -> None:
    print(f"message   your {kwargs['pizza']} is ready after {kwargs['minutes']} minutes")


class Counter:
    def add(self, pizza: list[str], **kwargs: object) -> None:
        print(f"counter   {', '.join(pizza)}")


counter = Counter()
pizza_baked.connect(counter.add)  # E: it takes a list of pizzas, one is sent

# Sends


async def bake(store: PizzaStore) -> None:
    order_placed.send(type(store), number=1, piza="Funghi")  # E: a key is misspelt
    order_placed.send(store, number=2, pizza="Funghi", note="hot")  # E: the class is the sender
    await pizza_baked.asend(  # E: the minutes are missing; toppings are a text
        type(store),
        number=1,
        pizza="Funghi",
        toppings="tomato, mushrooms",
    )


# Declarations


@dataclass
class StoreClosed:
    sold: int


order_cancelled = Signal[OrderCancelled, type[PizzaStore]]()  # E: sender and payload are swapped
store_closed = Signal[PizzaStore, StoreClosed]()  # E: the payload is a dataclass, not a TypedDict
