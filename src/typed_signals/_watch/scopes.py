"""
Start and stop to watch signals: in the present context, or in the whole process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, final

from typed_signals._connect.table import exclusively

from .hooks import Look, watching_here
from .kinds import signal_kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .watcher import Watcher


@final
class Handle:
    """
    Ends what :func:`watch` started; also as a context manager.
    """

    __slots__ = ("_signals", "everywhere", "watcher")

    def __init__(self, watcher: Watcher, *, everywhere: bool) -> None:
        self.watcher = watcher
        self.everywhere = everywhere
        self._signals: list[Any] = []

    def add(self, signal: Any) -> None:
        """
        Watch *signal*, too.
        """
        kind = signal_kind(signal)
        with exclusively():
            if not any(each is signal for each in self._signals):
                self._signals.append(signal)
                look = kind.look_of(signal)
                watching = () if look is None else look.watching
                kind.look_at(signal, Look((*watching, self)))

    def stop(self) -> None:
        """
        Stop watching. Sends that started before end as they started.
        """
        with exclusively():
            while self._signals:
                signal = self._signals.pop()
                kind = signal_kind(signal)
                rest = tuple(each for each in kind.look_of(signal).watching if each is not self)
                kind.look_at(signal, Look(rest) if rest else None)
        here = watching_here.get()
        if self in here:
            watching_here.set(tuple(each for each in here if each is not self))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.stop()


def watch(signals: Iterable[Any], watcher: Watcher, *, everywhere: bool) -> Handle:
    """
    Call the methods of *watcher* for sends of *signals*.

    Args:
        signals: signals of ours, Django's own, and blinker's.
        watcher: what to call.
        everywhere: whether to watch the sends of the whole process, instead of those in the present
            context only: this thread or task, and what inherits its ``contextvars``.

    Raises:
        TypeError: one of *signals* is not a signal; nothing is watched.
    """
    signals = list(signals)
    for signal in signals:
        signal_kind(signal)
    handle = Handle(watcher, everywhere=everywhere)
    for signal in signals:
        handle.add(signal)
    if not everywhere:
        watching_here.set((*watching_here.get(), handle))
    return handle
