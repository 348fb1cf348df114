"""
Signals made by a function, for other modules to name.
"""

from typing import Any

from typed_signals import Signal


def make_signal() -> Signal[Any, Any]:
    return Signal()
