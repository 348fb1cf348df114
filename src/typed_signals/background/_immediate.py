"""
``Immediate``: runs receivers in place, for tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from typed_signals._shared.in_place import is_in_place

from ._run import run

if TYPE_CHECKING:
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


_IMMEDIATE: Final = Immediate()


def engine_in_place(engine: Engine) -> Engine:
    """
    Return *engine*, or what replaces it inside :func:`in_place`.
    """
    return _IMMEDIATE if is_in_place() else engine
