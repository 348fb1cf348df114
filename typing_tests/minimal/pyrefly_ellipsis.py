"""pyrefly: no argument is checked in a call whose ParamSpec is ``...``."""

from collections.abc import Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")


class Signal(Generic[P]):
    def send(self, sender: type[int], *args: P.args, **payload: P.kwargs) -> None: ...


def send(signal: Signal[...], other: Signal[[str]], callback: Callable[..., None]) -> None:
    signal.send(int, size=32)
    # Error, missed by pyrefly
    signal.send("int", size=32)
    # Error, missed by pyrefly
    signal.send(size=32)
    # Error
    other.send("int", "ham")
