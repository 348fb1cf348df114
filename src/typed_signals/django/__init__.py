"""
Typed signals on Django's own dispatcher.
"""

from ._dispatcher import ModelSignal, Signal
from ._receiver import receiver

__all__ = ["ModelSignal", "Signal", "receiver"]
