"""
An engine that stores deliveries, for the test to run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typed_signals.background import Delivery


class Queue:
    """
    The engine.

    Attributes:
        texts: what was enqueued.
    """

    name = "queue"
    in_process = False
    can_await = True

    def __init__(self) -> None:
        self.texts: list[str] = []

    def enqueue(self, delivery: Delivery, text: str) -> int:
        self.texts.append(text)
        return len(self.texts)
