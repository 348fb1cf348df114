"""
The kinds of signals: ours, Django's own, and blinker's.

The adapter of a kind is only loaded if its package is, because otherwise there is no such signal.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Protocol

from typed_signals._shared.messages import class_name, shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from typed_signals._base import BaseSignal
    from typed_signals._typing import OtherSignal

    AnySignal: TypeAlias = BaseSignal[Any, Any, Any, ...] | OtherSignal


class Kind(Protocol):
    """
    How signals of one kind are watched.

    Attributes:
        constructor: the class and the name of the method that is called for each new signal.
    """

    constructor: tuple[type, str]

    def is_one(self, value: object) -> bool:
        """
        Return whether *value* is a signal of this kind.
        """

    def named(self) -> Iterator[tuple[str, Any]]:
        """
        Yield the signals that have a name, with it.
        """

    def name_of(self, signal: Any) -> str:
        """
        Return the name of *signal*, as ``list_signals`` shows it.
        """

    def receivers_of(self, signal: Any) -> Iterator[Any]:
        """
        Yield the receivers that are connected to *signal*; None if one was just garbage-collected.
        """

    def set_audience(self, signal: Any, audience: Any) -> None:
        """
        Let the sends of *signal* that start from now on tell *audience*; None to end this.

        Other threads may send at the same time, but none calls this.
        """

    def audience_of(self, signal: Any) -> Any:
        """
        Return the audience that the sends of *signal* tell, if there is one.
        """


# The adapters: their modules and names, by the module that defines the signals.
_ADAPTERS: Final = {
    "typed_signals._signal": ("typed_signals._watch.on_core", "CORE"),
    "django.dispatch": ("typed_signals.django._watched", "DJANGOS"),
    "blinker": ("typed_signals._watch.on_blinker", "BLINKERS"),
}


# Those that were used. While the interpreter finalizes, they cannot be imported again.
_used: Final[dict[str, Kind]] = {}


def kinds() -> Iterator[Kind]:
    """
    Yield the kinds of which there can be signals.
    """
    for defining, (adapter, name) in _ADAPTERS.items():
        if defining not in _used and defining in sys.modules:
            _used[defining] = getattr(import_module(adapter), name)
        if defining in _used:
            yield _used[defining]


def signal_kind(signal: object) -> Kind:
    """
    Return the kind of *signal*.

    Raises:
        TypeError: it is not a signal.
    """
    for kind in kinds():
        if kind.is_one(signal):
            return kind
    raise TypeError(_not_a_signal(signal))


def _not_a_signal(value: object) -> str:
    problem = f"{shown(value)} is not a signal"
    # The type is asked, because a lazy object is loaded when its class is read.
    if issubclass(type(value), type):
        is_class_of_signals = any(issubclass(value, kind.constructor[0]) for kind in kinds())  # type: ignore[arg-type]  # it is a class
        return f"{problem}, but a class: pass an instance" if is_class_of_signals else problem
    if issubclass(type(value), (list, tuple, set, frozenset)):
        return f"{problem}: pass signals one by one, or write * before it"
    if class_name(value) == "Signal":  # such as Celery's
        return f"{problem} of typed_signals, Django or blinker"
    return problem


def has_name(name: str) -> bool:
    """
    Return whether *name* is one, and not what is shown without one.
    """
    return not name.startswith("<")
