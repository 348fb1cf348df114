"""
The kitchen, whose receivers are right.
"""

from django.dispatch import receiver

from .signals import order_cancelled, order_placed


@receiver(order_placed)
def bake(sender, order, seats, **kwargs):
    print("Baking", order.pizza, "for table" if seats else "to go")


@receiver(order_cancelled)
def throw_away(sender, order, **kwargs):
    print("Not baking", order.pizza)
