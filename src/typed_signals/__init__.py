"""
Typed signals: declared once, checked when you type-check, connect and send.
"""

from typing import TYPE_CHECKING, Any

from . import exceptions
from ._base import BaseSignal
from ._connect.connection import Connection
from ._receiver import receiver, with_signature
from ._shared.policy import configure
from ._signal import Signal

if TYPE_CHECKING:
    from ._observe import Observation, observe
    from ._watch.watcher import Call

__all__ = [
    "BaseSignal",
    "Call",
    "Connection",
    "Observation",
    "Signal",
    "configure",
    "exceptions",
    "observe",
    "receiver",
    "with_signature",
]


def __getattr__(name: str) -> Any:
    # Most programs observe nothing.
    if name in {"Observation", "observe"}:
        from . import _observe

        return getattr(_observe, name)
    if name == "Call":
        from ._watch.watcher import Call

        return Call
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
