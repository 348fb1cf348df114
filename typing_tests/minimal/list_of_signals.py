"""mypy and pyright: a list of signals with different payloads says nothing of those."""

from typing import Generic, ParamSpec, assert_type

P = ParamSpec("P")


class Signal(Generic[P]): ...


def both(one: Signal[[int]], other: Signal[[str]]) -> None:
    signals = [one, other]
    # Right, but an error for plugin, mypy, pyright
    assert_type(signals, list[Signal[[int]] | Signal[[str]]])
