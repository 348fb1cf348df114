"""
Mails to customers. Two of the receivers fail whenever they are called.
"""

from django.db.models.signals import post_save
from django.dispatch import receiver

from .signals import order_cancelled, order_placed


@receiver(order_placed)
def send_receipt(sender, total, **kwargs):
    print("To pay:", total)


@receiver(order_cancelled)
def send_regrets(sender, order, why, **kwargs):  # order_cancelled is sent with `reason`
    print("Cancelled:", why)


@receiver(post_save)
def welcome(sender, instance, is_new, **kwargs):  # Django sends `created`
    if is_new:
        print("Welcome", instance)
