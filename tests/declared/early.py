"""
A signal that is sent by the very expression that makes it.
"""

from typing import Any

from tests.support import PizzaDone
from typed_signals import Signal

sent_while_unnamed: list[Any] = []


def send(signal: Any) -> Any:
    sent_while_unnamed.extend(signal.send(None))
    return signal


pizza_done: Signal[object, PizzaDone] = send(Signal())
