"""
Run by ``manage.py test``.
"""

from __future__ import annotations

from io import StringIO

from django.core.management import call_command
from django.db.models.signals import post_delete, post_save
from django.test import TestCase

from typed_signals.testing import SignalSpyMixin, capture, mute

from . import receivers
from .counter import cancel_order, place_order, raise_prices, sell_out
from .models import Customer, Order, Pizza, Topping
from .signals import order_cancelled, order_placed, topping_sold_out


class ShopTests(TestCase):
    def setUp(self) -> None:
        self.ada = Customer.objects.create(username="Ada")
        self.pizza = Pizza.objects.create(name="Margherita", cents=800)
        self.basil = Topping.objects.get(name="basil")

    def assert_logged(self, expected: list[str], logged: list[str]) -> None:
        self.assertEqual([line.removeprefix("INFO:shop:") for line in logged], expected)

    def test_migrate_and_flush_fill_the_fridge_once(self) -> None:
        call_command("migrate", verbosity=0)
        call_command("flush", verbosity=0, interactive=False)
        self.assertEqual(Topping.objects.filter(name="basil").count(), 1)

    def test_a_new_pizza_is_written_on_the_menu(self) -> None:
        with self.assertLogs("shop") as logs:
            Pizza.objects.create(name="Regina", cents=950)
        self.assert_logged(["menu     Regina is new", "menu     Regina is 9.50"], logs.output)

    def test_a_pizza_is_crossed_out(self) -> None:
        with self.assertLogs("shop") as logs:
            self.pizza.delete()
        self.assert_logged(["menu     Margherita is deleted"], logs.output)

    def test_a_recipe_is_updated(self) -> None:
        with self.assertLogs("shop") as logs:
            self.pizza.toppings.add(self.basil)
        self.assert_logged(["kitchen  Margherita has basil"], logs.output)

    def test_a_customer_is_greeted(self) -> None:
        with self.assertLogs("shop") as logs:
            Customer.objects.create(username="Bob")
        self.assert_logged(["door     welcome, Bob"], logs.output)

    def test_an_order_is_confirmed_after_the_commit(self) -> None:
        with self.assertLogs("shop") as logs, self.captureOnCommitCallbacks(execute=True):
            place_order(self.ada, self.pizza, note="in slices")
            self.assert_logged(["kitchen  Margherita (in slices)"], logs.output)
        self.assert_logged(["message  dear Ada, we have your order"], logs.output[1:])

    def test_orders_give_points(self) -> None:
        place_order(self.ada, self.pizza)
        regretted = place_order(self.ada, self.pizza)
        cancel_order(regretted)
        self.ada.refresh_from_db()
        self.assertEqual(self.ada.points, 1)
        self.assertEqual(Order.objects.count(), 1)

    def test_no_pizza_is_sold_without_its_toppings(self) -> None:
        self.pizza.toppings.add(self.basil)
        sell_out(self.basil)
        self.assertEqual(self.client.get("/").content, b"")

    def test_raised_prices_are_printed(self) -> None:
        with self.assertLogs("shop") as logs:
            raise_prices(50)
        self.assert_logged(["menu     Margherita is 8.50"], logs.output)

    def test_who_logs_in_is_recognised_and_the_counter_is_wiped_after_each_request(self) -> None:
        with self.assertLogs("shop") as logs:
            self.client.force_login(self.ada)
            self.assertEqual(self.client.get("/").content, b"Margherita")
        self.assert_logged(["door     Ada is back, with 0 points", "counter  wiped"], logs.output)

    def test_the_evening_leaves_nothing_behind(self) -> None:
        call_command("one_evening", stdout=StringIO())
        self.assertEqual(list(Pizza.objects.all()), [self.pizza])
        self.assertEqual(list(Customer.objects.all()), [self.ada])

    def test_what_the_counter_sends(self) -> None:
        with capture(order_placed, order_cancelled, post_save, post_delete) as sent:
            order = place_order(self.ada, self.pizza, note="in slices")
            cancel_order(order)
        self.assertEqual(
            [each.signal for each in sent],
            [post_save, order_placed, order_cancelled, post_delete],
        )
        self.assertEqual(sent.one(order_placed).payload.get("note"), "in slices")
        self.assertEqual(sent.one(order_cancelled).payload["order"], order)

    def test_a_new_pizza_without_the_menu(self) -> None:
        muted = [receivers.write_menu, receivers.print_price]
        with mute(post_save, sender=Pizza, receivers=muted), self.assertNoLogs("shop", "INFO"):
            Pizza.objects.create(name="Regina", cents=950)


class SoldOutTests(SignalSpyMixin, TestCase):
    def test_a_topping_is_sold_out(self) -> None:
        sent = self.signal_spy.capture(topping_sold_out, mute=True)
        basil = Topping.objects.get(name="basil")
        sell_out(basil)
        self.assertEqual(sent.one(topping_sold_out, sender=Topping).payload["topping"], basil)
