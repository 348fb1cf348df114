"""
Typed signals on Django's own dispatcher.
"""

from ._signal import ModelSignal, Signal

__all__ = ["ModelSignal", "Signal"]
