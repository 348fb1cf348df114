"""
``manage.py one_evening``: what the receivers do.
"""

from __future__ import annotations

import logging

from django.core.management.base import BaseCommand
from django.db import transaction

from shop.counter import cancel_order, place_order, raise_prices, sell_out
from shop.models import Customer, Pizza, Topping


class Command(BaseCommand):
    help = "Plays one evening, prints what the receivers do, and deletes what was made."

    def handle(self, **options: object) -> None:
        logger = logging.getLogger("shop")
        handler = logging.StreamHandler(self.stdout)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        try:
            self.play()
        finally:
            logger.removeHandler(handler)
            logger.setLevel(logging.NOTSET)

    def play(self) -> None:
        basil = Topping.objects.get(name="basil")
        ham = Topping.objects.create(name="ham", cents=120)
        margherita = Pizza.objects.create(name="Margherita", cents=800)
        margherita.toppings.add(basil)
        regina = Pizza.objects.create(name="Regina", cents=950)
        regina.toppings.add(basil, ham)
        grace = Customer.objects.create(username="Grace")

        place_order(grace, margherita)
        regretted = place_order(grace, regina, note="no ham, please")
        cancel_order(regretted)
        with transaction.atomic():
            place_order(grace, regina)
            # No message follows.
            transaction.set_rollback(True)
        sell_out(ham)
        raise_prices(50)

        for made in (margherita, regina, ham, grace):
            made.delete()
