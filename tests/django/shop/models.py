"""
Every kind of model: plain, abstract, a proxy, and both kinds of many-to-many relations.
"""

from __future__ import annotations

from django.db import models


class Dish(models.Model):
    name: models.CharField[str, str] = models.CharField(max_length=100)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Topping(Dish):
    pass


class Drink(Dish):
    pass


class Pizza(Dish):
    toppings = models.ManyToManyField(Topping, related_name="pizzas")
    drinks = models.ManyToManyField(Drink, through="Pairing", related_name="pizzas")


class Calzone(Pizza):
    class Meta:
        proxy = True


class Pairing(models.Model):
    """
    A drink that goes with a pizza.
    """

    pizza: models.ForeignKey[Pizza, Pizza] = models.ForeignKey(Pizza, on_delete=models.CASCADE)
    drink: models.ForeignKey[Drink, Drink] = models.ForeignKey(Drink, on_delete=models.CASCADE)
    is_classic: models.BooleanField[bool, bool] = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.drink} with {self.pizza}"


class Table(models.Model):
    """
    A table, which has nothing to do with pizzas.
    """

    number: models.IntegerField[int, int] = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"table {self.number}"
