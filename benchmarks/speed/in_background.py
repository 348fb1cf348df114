"""
The cases of receivers in the background: a send, and the same task enqueued by hand.

Both end where the engine holds the task, in a queue in memory. The arguments by hand are
prepared: what JSON does not have is text.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypedDict
from uuid import UUID

from typed_signals import Signal
from typed_signals.background import Background

from . import project
from .case import OURS, Contender, at_most
from .interleave import timed

if TYPE_CHECKING:
    from typed_signals.background import Engine

BY_HAND: Final = "task enqueued by hand"

# A send is to be prepared, encoded and enqueued in this time, as a multiple of the task by hand.
LIMIT: Final = at_most(1.3)


class Shop:
    """
    The sender.
    """


class Order(TypedDict):
    """
    The payload.
    """

    order_id: UUID
    placed_at: datetime
    total: Decimal
    lines: list[int]
    customer: str


order_placed = Signal[type[Shop], Order]()

ORDER: Final[Order] = {
    "order_id": UUID(int=7),
    "placed_at": datetime(2026, 1, 1, tzinfo=UTC),
    "total": Decimal("9.90"),
    "lines": [1, 2, 3],
    "customer": "Anna",
}
PREPARED: Final = {
    **ORDER,
    "order_id": str(ORDER["order_id"]),
    "placed_at": ORDER["placed_at"].isoformat(),
    "total": str(ORDER["total"]),
}


def ship(sender: type[Shop], order_id: UUID, **kwargs: Any) -> None:
    """
    The receiver, which is never called.
    """


def ship_by_hand(
    order_id: str, placed_at: str, total: str, lines: list[int], customer: str
) -> None:
    """
    The task that does the same.
    """


def _compared(engine: Engine, enqueue: Any) -> list[Contender]:
    Background(engine).receiver(order_placed)(ship)
    names = {"send": order_placed.send, "sender": Shop, "order": ORDER}
    by_hand = {"enqueue": enqueue, "order": PREPARED}
    return [
        Contender(OURS, "send(sender, **order)", names),
        Contender(BY_HAND, "enqueue(**order)", by_hand),
    ]


def with_celery() -> list[Contender]:
    """
    Enqueue with Celery.
    """
    from celery import Celery

    from typed_signals.background import CeleryTasks

    app = Celery("shop", broker="memory://", set_as_current=False)
    task = app.task(ignore_result=True)(ship_by_hand)
    return _compared(CeleryTasks(app), task.delay)


def with_django_tasks() -> list[Contender]:
    """
    Enqueue with ``django.tasks``.
    """
    project.set_up(project.OUR_APP)
    from typed_signals.background import DjangoTasks

    from . import order_task

    return _compared(DjangoTasks(), order_task.ship.enqueue)


CASES = [
    timed(
        "background",
        "send to the background with Celery",
        with_celery,
        limits={BY_HAND: LIMIT},
    ),
    timed(
        "background",
        "send to the background with django.tasks",
        with_django_tasks,
        limits={BY_HAND: LIMIT},
    ),
]
