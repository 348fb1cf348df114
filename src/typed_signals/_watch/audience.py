"""
What the watchers of a signal want to know, in the present context.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final, Protocol, final

from .kinds import signal_kind
from .telling import tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .watcher import Call, Watcher


class Watching(Protocol):
    """
    A watcher.

    Attributes:
        watcher: what to call.
        everywhere: whether it watches in all contexts.
    """

    watcher: Watcher
    everywhere: bool


# Those that watch in this context only.
watching_here: Final[ContextVar[tuple[Watching, ...]]] = ContextVar(
    "typed_signals.watching_here", default=()
)


@final
class Callbacks:
    """
    Which methods of which watchers to call during a send; of those that define them.

    Attributes:
        before: is called before each receiver, if it is not None.
        after: the same, after it.
        observes: whether there is one of both.
        only_observe: whether there is nothing else.
    """

    __slots__ = (
        "after",
        "before",
        "checks",
        "hears",
        "is_muted",
        "observes",
        "only_observe",
        "sent",
        "starts",
    )

    def __init__(self, watchers: Iterable[Watcher]) -> None:
        def defined(name: str) -> tuple[Callable[..., Any], ...]:
            return tuple(getattr(watcher, name) for watcher in watchers if watcher.does(name))

        self.is_muted = defined("is_muted")
        self.hears = defined("hears")
        self.checks = defined("checks")
        self.starts = defined("starts")
        self.sent = defined("sent")
        self.before = _all_of(defined("before"))
        # The last one to be told before is the first one to be told after.
        self.after = _all_of(defined("after")[::-1])
        self.observes = self.before is not None or self.after is not None
        self.only_observe = not any(
            (self.is_muted, self.hears, self.checks, self.starts, self.sent)
        )

    def lets_through(self, signal: Any, sender: Any, receiver: Any) -> bool:
        """
        Return whether no watcher mutes *receiver*.
        """
        return not any(is_muted(signal, sender, receiver) for is_muted in self.is_muted)


def _all_of(observers: Sequence[Callable[[Call], object]]) -> Callable[[Call], object] | None:
    """
    Return what calls all *observers*.
    """
    if len(observers) < 2:
        return observers[0] if observers else None

    def tell_each(call: Call) -> None:
        for observer in observers:
            tell(observer, call)

    return tell_each


@final
class Audience:
    """
    All watchers of a signal. It is never changed, but replaced.

    Attributes:
        watching: the watchers, in the order in which they started.
        observers: the callbacks, if they are the same for all sends and only observe; else None.
    """

    __slots__ = (
        "_always",
        "_callbacks_by_watchers",
        "_decided",
        "_is_scoped",
        "_undecided",
        "observers",
        "watching",
    )

    def __init__(self, watching: tuple[Watching, ...]) -> None:
        self.watching = watching
        # Those that find out in a send whether the signal is watched.
        self._undecided: list[Any] = [each for each in watching if hasattr(each, "decide")]
        self._decided = tuple(each for each in watching if each not in self._undecided)
        self._is_scoped = not all(each.everywhere for each in watching)
        self._callbacks_by_watchers: dict[tuple[Watching, ...], Callbacks] = {}
        self._always = None if self._is_scoped else self._callbacks_for(self._decided)
        is_simple = self._always is not None and self._always.only_observe and not self._undecided
        self.observers = self._always if is_simple else None

    def callbacks(self, signal: Any) -> Callbacks | None:
        """
        Return the callbacks in the present context; None if no watcher is concerned.

        Args:
            signal: the signal that has this audience.
        """
        if self._undecided and any(each.decide(signal) for each in self._undecided):
            audience: Audience | None = signal_kind(signal).audience_of(signal)
            return None if audience is None else audience.callbacks(signal)
        if not self._is_scoped:
            return self._always
        here = watching_here.get()
        return self._callbacks_for(
            tuple(each for each in self._decided if each.everywhere or each in here)
        )

    def _callbacks_for(self, concerned: tuple[Watching, ...]) -> Callbacks | None:
        callbacks = self._callbacks_by_watchers.get(concerned)
        if callbacks is None and concerned:
            callbacks = self._callbacks_by_watchers[concerned] = Callbacks(
                [each.watcher for each in concerned]
            )
        return callbacks

    def hears(self, signal: Any, sender: Any) -> bool:
        """
        Return whether a watcher wants to know of sends from *sender* without receivers.
        """
        callbacks = self.callbacks(signal)
        return callbacks is not None and any(hears(signal, sender) for hears in callbacks.hears)
