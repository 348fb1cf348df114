"""
A task of ``django.tasks``, which has to be in a module under its own name.
"""

from __future__ import annotations

from django.tasks import task

from .in_background import ship_by_hand


@task
def ship(order_id: str, placed_at: str, total: str, lines: list[int], customer: str) -> None:
    """
    Do the same as the receiver.
    """
    ship_by_hand(order_id, placed_at, total, lines, customer)
