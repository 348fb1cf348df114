"""
Typed signals: declared once, checked when you type-check, connect and send.
"""

from . import exceptions
from ._base import BaseSignal
from ._connect.connection import Connection
from ._receiver import receiver, with_signature
from ._shared.policy import configure
from ._signal import Signal

__all__ = [
    "BaseSignal",
    "Connection",
    "Signal",
    "configure",
    "exceptions",
    "receiver",
    "with_signature",
]
