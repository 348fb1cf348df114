"""
Signals with three receivers, for the tests of ``isolate``.
"""

from __future__ import annotations

from typing import Any


class Sender:
    pass


class OtherSender:
    pass


def first(**kwargs: Any) -> str:
    return "first"


def second(**kwargs: Any) -> str:
    return "second"


def third(**kwargs: Any) -> str:
    return "third"


def connect_three(signal: Any) -> Any:
    """
    Connect the receivers in different ways, and return *signal*.
    """
    signal.connect(first)
    signal.connect(second, sender=Sender, weak=False)
    signal.connect(third, dispatch_uid="third")
    return signal


def responses(signal: Any, sender: object = OtherSender) -> list[Any]:
    return [response for _, response in signal.send(sender)]
