"""
The tests of the pizzeria. Run them with ``python -m unittest pizzeria.tests``.
"""

from __future__ import annotations

import asyncio
import unittest

from typed_signals.testing import SignalSpyMixin, capture, mute

from . import receivers
from .signals import order_placed, pizza_baked
from .store import FoodTruck, PizzaStore


class StoreTests(SignalSpyMixin, unittest.TestCase):
    def setUp(self) -> None:
        self.placed = self.signal_spy.capture(order_placed, mute=True)

    def test_an_order_has_a_number(self) -> None:
        number = PizzaStore("the corner store").order("Funghi", note="no mushrooms, please")
        self.assertEqual(self.placed.one(order_placed, sender=PizzaStore).payload["number"], number)

    def test_pizzas_are_baked_in_order(self) -> None:
        truck = FoodTruck("the food truck")
        truck.order("Marinara")
        truck.order("Margherita")
        with capture(pizza_baked, mute=True) as baked:
            asyncio.run(truck.bake())
        self.assertEqual([each.payload["pizza"] for each in baked], ["Marinara", "Margherita"])
        self.assertEqual({each.sender for each in baked}, {FoodTruck})

    def test_a_store_closes_without_the_head_office(self) -> None:
        store = FoodTruck("the food truck")
        self.signal_spy.mute(PizzaStore.closed, receivers=[receivers.lock_up])
        with mute(PizzaStore.closed, receivers=[receivers.report_sales]):
            self.assertEqual(store.close(), [])
