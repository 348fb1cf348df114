"""
``Immediate``: runs receivers in place, for tests.
"""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Final, final

from ._run import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._delivery import Delivery
    from ._engine import Engine


@final
class Immediate:
    """
    An engine that runs each receiver at once, where the signal is sent, for tests.

    The payload is encoded and decoded as for any engine. What a receiver raises is raised by the
    send.
    """

    name = "immediate"
    in_process = True
    can_await = True

    def enqueue(self, delivery: Delivery, text: str) -> object:  # noqa: ARG002 - of the protocol
        """
        Run the receiver of *text*, and return its response.
        """
        return run(text)


IMMEDIATE: Final = Immediate()

_lock = Lock()
_blocks = 0


@contextmanager
def in_place() -> Iterator[None]:
    """
    Return a context manager in which all receivers in the background run at once, in all threads.

    It replaces every engine by :class:`Immediate`, for tests. The fixture ``signal_spy`` does the
    same.
    """
    global _blocks  # noqa: PLW0603 - the number of open blocks
    with _lock:
        _blocks += 1
    try:
        yield
    finally:
        with _lock:
            _blocks -= 1


def engine_in_place(engine: Engine) -> Engine:
    """
    Return *engine*, or what replaces it inside :func:`in_place`.
    """
    return IMMEDIATE if _blocks else engine
