"""
Typed signals: declared once, checked when you type-check, connect and send.
"""

from . import exceptions
from ._receiver import receiver
from ._signal import Signal

__all__ = ["Signal", "exceptions", "receiver"]
