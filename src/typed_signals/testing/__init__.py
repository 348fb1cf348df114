"""
Helpers for tests of code with signals.
"""

from typed_signals._watch import Sent

from ._capture import capture
from ._captured import Captured
from ._isolate import isolate
from ._mute import mute
from ._spy import SignalSpy, SignalSpyMixin
from ._validate import validate

__all__ = [
    "Captured",
    "Sent",
    "SignalSpy",
    "SignalSpyMixin",
    "capture",
    "isolate",
    "mute",
    "validate",
]
