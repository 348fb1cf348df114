"""
Signals made by a function, for other modules to name.
"""

from typing import Any, TypedDict

from typed_signals import Signal


def make_signal() -> Signal[Any, Any]:
    return Signal()


class Delivered(TypedDict):
    address: str


def make_delivered() -> Any:
    """
    Return a signal whose payload is looked up here, and not where it gets its name.
    """
    return Signal["object", "Delivered"]()
