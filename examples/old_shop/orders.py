"""
Orders, which send the signals.
"""

from decimal import Decimal

from .signals import order_cancelled, order_placed


class Order:
    def __init__(self, pizza, price):
        self.pizza = pizza
        self.price = Decimal(price)

    def place(self, seats: int = 0):
        order_placed.send(Order, order=self, total=self.price, seats=seats)

    def cancel(self, reason: str):
        order_cancelled.send(sender=Order, order=self, reason=reason)
