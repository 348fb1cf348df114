"""
An engine that runs nothing before a test asks for it, and shop.py's kind of signals and receivers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typed_signals.background import run

if TYPE_CHECKING:
    from typed_signals.background import Delivery


class Recording:
    """
    An engine whose queue is a list.
    """

    name = "recording"

    def __init__(self, *, in_process: bool = False, can_await: bool = False) -> None:
        self.in_process = in_process
        self.can_await = can_await
        self.queue: list[tuple[Delivery, str]] = []

    def enqueue(self, delivery: Delivery, text: str) -> object:
        assert delivery.result is None
        self.queue.append((delivery, text))
        return len(self.queue)

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.queue]

    def run(self, attempt: int = 1) -> list[Any]:
        """
        Run everything in the queue, and return the responses.
        """
        texts = self.texts
        self.queue.clear()
        return [run(text, attempt) for text in texts]
