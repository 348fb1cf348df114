"""
What an engine is told about a delivery, besides its text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from typed_signals._shared.messages import shown


@final
@dataclass(frozen=True, slots=True)
class Options:
    """
    Where and how soon an engine runs a receiver. None is what the engine does by default.

    Attributes:
        queue: the name of the queue.
        priority: its priority, in the numbers of the engine.
    """

    queue: str | None = None
    priority: int | None = None

    def or_else(self, other: Options) -> Options:
        """
        Return these options, with those of *other* where there is none.
        """
        return Options(
            other.queue if self.queue is None else self.queue,
            other.priority if self.priority is None else self.priority,
        )


def options_problem(queue: object, priority: object) -> str | None:
    """
    Return what is wrong with these options; None if nothing is.
    """
    if queue is not None and (type(queue) is not str or not queue):
        return f"queue must be the name of a queue, not {shown(queue)}: pass a string"
    if priority is not None and type(priority) is not int:
        return f"priority must be an int, not {shown(priority)}"
    return None
