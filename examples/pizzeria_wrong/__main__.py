"""
One evening, two stores.
"""

from __future__ import annotations

import asyncio

from .receivers import Counter
from .signals import pizza_baked
from .store import FoodTruck, PizzaStore


def main() -> None:
    counter = Counter()
    pizza_baked.connect(counter.add)  # E: it takes a list of pizzas, one is sent

    corner = PizzaStore("the corner store")
    corner.order("Margherita")
    corner.order("Funghi", note="no mushrooms, please")
    regretted = corner.order("Marinara")
    corner.cancel(regretted)
    truck = FoodTruck("the food truck")
    truck.order("Margherita")

    for store in (corner, truck):
        asyncio.run(store.bake())
        for failed, error in store.close():
            print(f"problem   {failed.__name__}: {error}")
    print("baked    ", ", ".join(f"{number} {pizza}" for pizza, number in counter.pizzas.items()))


if __name__ == "__main__":
    main()
