"""
Signals in all the places where they get a name.
"""

from typing import Any

from tests.declared.factories import make_signal
from typed_signals import Signal


class BakedSignal(Signal[Any, Any]):
    pass


pizza_done: Signal[Any, Any] = Signal()
pizza_baked = BakedSignal()
pizza_eaten = make_signal()


@Signal.declare
def pizza_sold(sender: object) -> object:
    """
    A pizza changed hands.
    """
    raise AssertionError


class Pizzeria:
    opened: Signal[Any, Any] = Signal()

    class Oven:
        heated: Signal[Any, Any] = Signal()

    @Signal.declare
    def closed(sender: object) -> object:  # noqa: N805 - no method
        raise AssertionError


class Trattoria(Pizzeria):
    pass
