"""
Start and stop to watch signals: in the present context, or in the whole process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self, final

from typed_signals._connect.table import exclusively
from typed_signals._shared.callables import receiver_name
from typed_signals._shared.logs import log
from typed_signals._shared.weak_map import WeakMap

from .audience import Audience, watching_here
from .by_name import EVERY_NAME, all_signals, is_meant, known_name
from .kinds import has_name, signal_kind
from .new_signals import notice, stop_noticing
from .watcher import Watcher

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .audience import Watching


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

    __slots__ = (
        "_excluded",
        "_means_all",
        "_nameless",
        "_patterns",
        "_signals",
        "_skipped",
        "everywhere",
        "is_stopped",
        "watcher",
    )

    def __init__(
        self,
        watcher: Watcher,
        *,
        everywhere: bool,
        patterns: Sequence[str] = (),
        excluded: Sequence[str] = (),
    ) -> None:
        self.watcher: Watcher = watcher
        self.everywhere: bool = everywhere
        self._patterns = patterns
        self._excluded = excluded
        self._means_all = EVERY_NAME in patterns and not excluded
        self.is_stopped: bool = False
        # A signal that is deleted needs no end.
        self._signals: WeakMap[None] = WeakMap()
        self._nameless = _Nameless(self)
        self._skipped: set[str] = set()

    @property
    def is_here(self) -> bool:
        """
        Whether it watches in the present context.
        """
        return self.everywhere or self in watching_here.get()

    def add(self, signal: Any) -> None:
        """
        Watch *signal*, too.

        Raises:
            TypeError: its class does not allow it.
        """
        with exclusively():
            if not self.is_stopped:
                start_watching(signal, self)
                self._signals.set(signal, None)

    def add_named(self) -> None:
        """
        Watch the signals that the patterns mean, also those that are declared later.

        A signal that cannot be watched is skipped, and a warning is logged, once for its class.
        """
        notice(self._consider_new)
        for name, signal in all_signals():
            self._consider(signal, name)

    def _consider_new(self, signal: Any) -> None:
        self._consider(signal, None)

    def _consider(self, signal: Any, name: str | None) -> None:
        try:
            if self._means_all or (name is not None and self.means(name)):
                self.add(signal)
            elif name is None:
                self._nameless.add(signal)
        except Exception as error:  # noqa: BLE001 - user code, such as of a metaclass
            self._skip(signal, error)

    def _skip(self, signal: Any, error: Exception) -> None:
        cls = receiver_name(type(signal))
        if cls not in self._skipped:
            self._skipped.add(cls)
            log(
                "warning",
                "Signals of the class %s cannot be observed (%s)",
                cls,
                error.__cause__ or error,
                error=error,
                signal=signal,
            )

    def means(self, name: str) -> bool:
        """
        Return whether a signal with this name is to be watched.
        """
        return any(is_meant(name, each) for each in self._patterns) and not any(
            is_meant(name, each) for each in self._excluded
        )

    def stop(self) -> None:
        """
        Stop watching. Sends that started before end as they started.
        """
        if self._patterns:
            stop_noticing(self._consider_new)
        with exclusively():
            self.is_stopped = True
            for signal in self._signals.pop_keys():
                end_watching(signal, self)
            self._nameless.stop()
        here = watching_here.get()
        if self in here:
            watching_here.set(tuple(each for each in here if each is not self))
        # Copies of the context, such as those of tasks, keep this handle alive, but not what its
        # watcher has recorded.
        watcher, self.watcher = self.watcher, Watcher()
        watcher.stopped()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.stop()


# A signal that has no name in this many sends is taken to have none.
_MOST_SENDS: Final = 64


@final
class _Nameless:
    """
    In place of a handle: watches the signals without a name until they have one.

    A new signal has none, and while its module is still executed, its first sends find none.
    """

    __slots__ = ("_handle", "_sends", "everywhere", "watcher")

    def __init__(self, handle: Handle) -> None:
        self.watcher: Watcher = Watcher()
        self.everywhere: bool = True
        self._handle = handle
        self._sends: WeakMap[int] = WeakMap()

    def add(self, signal: Any) -> None:
        """
        Let the sends of *signal* look for its name.
        """
        with exclusively():
            if not self._handle.is_stopped:
                start_watching(signal, self)
                self._sends.set(signal, 0)

    def decide(self, signal: Any) -> bool:
        """
        Return whether it is decided if *signal* is watched; then it has another audience now.
        """
        with exclusively():
            sends = self._sends.get(signal)
            if sends is None:  # another thread has decided
                return True
            self._sends.set(signal, sends + 1)
        name = known_name(signal)
        means = self._handle.means(name)
        if not means and not has_name(name) and sends + 1 < _MOST_SENDS:
            return False
        with exclusively():
            if means:
                self._handle.add(signal)
            self._sends.discard(signal)
            end_watching(signal, self)
        return True

    def stop(self) -> None:
        """
        End this for all signals.
        """
        for signal in self._sends.pop_keys():
            end_watching(signal, self)


def watch(
    signals: Iterable[Any],
    watcher: Watcher,
    *,
    everywhere: bool,
    patterns: Sequence[str] = (),
    excluded: Sequence[str] = (),
) -> Handle:
    """
    Call the methods of *watcher* for sends of *signals*, and of those that *patterns* mean.

    Args:
        signals: signals of ours, Django's own, and blinker's.
        watcher: what to call.
        everywhere: whether to watch the sends of the whole process, instead of those in the present
            context only: this thread or task, and what inherits its ``contextvars``.
        patterns: of names of signals.
        excluded: of names that the patterns do not mean.

    Raises:
        TypeError: one of *signals* is not a signal, or cannot be watched; nothing is watched.
    """
    signals = list(signals)
    for signal in signals:
        signal_kind(signal)
    handle = Handle(watcher, everywhere=everywhere, patterns=patterns, excluded=excluded)
    try:
        for signal in signals:
            handle.add(signal)
        if patterns:
            handle.add_named()
    except BaseException:
        handle.stop()
        raise
    if not everywhere:
        watching_here.set((*watching_here.get(), handle))
    return handle
