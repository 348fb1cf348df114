"""
The models of the shop.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models


class Customer(AbstractUser):
    points = models.PositiveIntegerField(default=0)


class MenuItem(models.Model):
    name = models.CharField(max_length=100)
    cents = models.PositiveIntegerField()
    is_available = models.BooleanField(default=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Topping(MenuItem):
    pass


class Pizza(MenuItem):
    toppings = models.ManyToManyField(Topping, related_name="pizzas")


class Order(models.Model):
    customer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    pizza = models.ForeignKey(Pizza, on_delete=models.CASCADE)

    def __str__(self) -> str:
        return f"{self.pizza} for {self.customer}"
