"""
The tests of the shop. Run them with ``python -m unittest shop_in_background.tests``.
"""

from __future__ import annotations

import unittest

from typed_signals.background import in_place
from typed_signals.testing import SignalSpyMixin

from . import receivers
from .shop import STOCK, Shop
from .signals import order_placed


class OrderTests(SignalSpyMixin, unittest.TestCase):
    def test_an_order_is_taken_from_the_stock(self) -> None:
        # With the mixin, receivers in the background run in place.
        self.signal_spy.mute(order_placed, receivers=[receivers.print_receipt, receivers.send_mail])
        STOCK["Dune"] = 2
        [delivery] = Shop.place_order("Ada", ["Dune"])
        self.assertEqual(delivery.result, 1)
        self.assertEqual(STOCK["Dune"], 1)

    def test_what_is_enqueued(self) -> None:
        sent = self.signal_spy.capture(order_placed, mute=True)
        self.assertEqual(Shop.place_order("Ada", ["Emma"]), [])
        self.assertEqual(sent.one(order_placed).payload["customer"], "Ada")


class WithoutMixinTests(unittest.TestCase):
    def test_what_a_receiver_raises_in_place_is_raised_by_the_send(self) -> None:
        STOCK["Emma"] = 0
        with in_place(), self.assertRaisesRegex(LookupError, "only 0 of Emma"):
            Shop.place_order("Bob", ["Emma"])
