"""
Typed signals on Django's own dispatcher.
"""

from ._receiver import receiver
from ._signal import ModelSignal, Signal

__all__ = ["ModelSignal", "Signal", "receiver"]
