"""
Start and stop to watch signals: in the present context, or in the whole process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, final
from weakref import ref

from typed_signals._connect.table import exclusively

from .audience import Audience, watching_here
from .kinds import signal_kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .audience import Watching
    from .watcher import Watcher


def start_watching(signal: Any, watching: Watching) -> None:
    """
    Add *watching* to the watchers of *signal*.
    """
    kind = signal_kind(signal)
    with exclusively():
        audience = kind.audience_of(signal)
        known = () if audience is None else audience.watching
        if watching not in known:
            kind.set_audience(signal, Audience((*known, watching)))


def end_watching(signal: Any, watching: Watching) -> None:
    """
    Remove *watching* from the watchers of *signal*, if it is one.
    """
    kind = signal_kind(signal)
    with exclusively():
        audience = kind.audience_of(signal)
        if audience is not None and watching in audience.watching:
            rest = tuple(each for each in audience.watching if each is not watching)
            kind.set_audience(signal, Audience(rest) if rest else None)


@final
class Handle:
    """
    Ends what :func:`watch` started; also as a context manager.
    """

    __slots__ = ("_signals", "everywhere", "is_stopped", "watcher")

    def __init__(self, watcher: Watcher, *, everywhere: bool) -> None:
        self.watcher: Watcher = watcher
        self.everywhere: bool = everywhere
        self.is_stopped: bool = False
        # A signal that is deleted needs no end.
        self._signals: list[ref[Any]] = []

    def add(self, signal: Any) -> None:
        """
        Watch *signal*, too.
        """
        with exclusively():
            if not self.is_stopped:
                start_watching(signal, self)
                self._signals.append(ref(signal))

    def stop(self) -> None:
        """
        Stop watching. Sends that started before end as they started.
        """
        with exclusively():
            self.is_stopped = True
            while self._signals:
                if (signal := self._signals.pop()()) is not None:
                    end_watching(signal, self)
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
