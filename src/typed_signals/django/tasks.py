"""
The task of the engine ``DjangoTasks``.

Backends store its dotted name, so it does not change. This module is imported when the first
delivery is enqueued, and by workers.
"""

from __future__ import annotations

from typing import Any

from typed_signals.background import run
from typed_signals.background._django_tasks import as_task


@as_task
def run_delivery(context: Any = None, *, text: str) -> None:
    """
    Call the receiver of a delivery.

    Args:
        context: the ``TaskContext``; some backends do not pass it.
        text: what ``typed_signals.background.run`` takes.
    """
    attempt = 1 if context is None else max(context.attempt, 1)
    # The response need not be JSON, as the return value of a task has to be.
    run(text, attempt)
