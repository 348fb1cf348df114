"""
Orders, and what the receivers got.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models


class Order(models.Model):
    id: Any = models.UUIDField(primary_key=True, default=uuid.uuid4)
    total: Any = models.DecimalField(max_digits=9, decimal_places=2)

    def __str__(self) -> str:
        return f"order of {self.total}"


class Call(models.Model):
    """
    A call of a receiver.
    """

    receiver: Any = models.CharField(max_length=20)
    delivery: Any = models.CharField(max_length=40)
    attempt: Any = models.IntegerField()
    arguments: Any = models.TextField(default="")

    def __str__(self) -> str:
        return f"{self.receiver} {self.attempt} {self.arguments}"
