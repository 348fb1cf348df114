"""
Typed signals on Django's own dispatcher.
"""

from typed_signals._shared.policy import read_setting_with

from ._dispatcher import ModelSignal, Signal
from ._receiver import receiver
from ._setting import read_setting

__all__ = ["ModelSignal", "Signal", "receiver"]

read_setting_with(read_setting)
