"""mypy and pyright: the type of a list of signals does not contain their payloads."""

from typing import Generic, ParamSpec, assert_type

P = ParamSpec("P")


class Signal(Generic[P]): ...


def both(one: Signal[[int]], other: Signal[[str]]) -> None:
    signals = [one, other]
    # Right, but an error for plugin, mypy, standard_pyright, standard_basedpyright
    assert_type(signals, list[Signal[[int]] | Signal[[str]]])
