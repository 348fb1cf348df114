"""
Models with every kind of primary key.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db import models


class Customer(models.Model):
    code: models.CharField[str, str] = models.CharField(max_length=20, primary_key=True)
    name: models.CharField[str, str] = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.name


class Regular(Customer):
    """
    Its key is the relation to its parent.
    """

    since: models.IntegerField[int, int] = models.IntegerField()


class Anonymised(Customer):
    class Meta:
        proxy = True


class Order(models.Model):
    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=uuid.uuid4
    )
    customer: models.ForeignKey[Customer, Customer] = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="orders"
    )
    note: models.CharField[str, str] = models.CharField(max_length=20, default="")

    def __str__(self) -> str:
        return f"order of {self.customer}"

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """
        Do more, as projects do.
        """
        super().refresh_from_db(*args, **kwargs)
        self.refreshed = [*getattr(self, "refreshed", ()), kwargs.get("fields")]


class Line(models.Model):
    pk: Any = models.CompositePrimaryKey("order_id", "number")
    order: models.ForeignKey[Order, Order] = models.ForeignKey(Order, on_delete=models.CASCADE)
    number: models.IntegerField[int, int] = models.IntegerField()
    amount: models.IntegerField[int, int] = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.amount} pieces"


class Instant(models.Model):
    at: Any = models.DateTimeField(primary_key=True)
    price: Any = models.DecimalField(max_digits=5, decimal_places=2, default=0)

    def __str__(self) -> str:
        return f"{self.price}"


if TYPE_CHECKING:
    TextField = models.TextField[Any, Any]
else:
    TextField = models.TextField


class UnreadableField(TextField):
    """
    Forgets what it was.
    """

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, tuple) else str(value)


class Unreadable(models.Model):
    key: Any = UnreadableField(primary_key=True)

    def __str__(self) -> str:
        return "unreadable"
