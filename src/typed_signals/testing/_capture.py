"""
``capture``: the sends of signals, with their payloads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, final, overload

from typed_signals._base import BaseSignal, KwargsT, SenderT
from typed_signals._watch import Watcher, watch

from ._blocks import Block, checked
from ._captured import Captured

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typed_signals._typing import OtherSignal
    from typed_signals._watch import Handle, Sent
    from typed_signals._watch.kinds import AnySignal


@overload
def capture(
    signal: BaseSignal[SenderT, KwargsT, Any, ...],
    /,
    *,
    mute: bool = False,
    everywhere: bool = False,
) -> Capturing[SenderT, KwargsT]: ...


@overload
def capture(
    signal: OtherSignal, /, *, mute: bool = False, everywhere: bool = False
) -> Capturing[Any, Any]: ...


@overload
def capture(
    signal: AnySignal,
    other: AnySignal,
    /,
    *signals: AnySignal,
    mute: bool = False,
    everywhere: bool = False,
) -> Capturing[Any, Any]: ...


def capture(*signals: Any, mute: bool = False, everywhere: bool = False) -> Capturing[Any, Any]:
    """
    Return a context manager that captures the sends of *signals*::

        with capture(order_placed, post_save) as sent:
            place_order()
        assert sent.one(order_placed).payload["order_id"] == 7

    The receivers are called as always. Inside the block, ``has_listeners`` of the signals is true,
    because Django sends some of its signals only then. The values in a payload are not copied.

    Args:
        signals: signals of ours, Django's own, and blinker's.
        mute: whether no receivers are called.
        everywhere: whether to capture the sends of the whole process, instead of those in the
            present context only: this thread or task, and what inherits its ``contextvars``.

    Raises:
        TypeError: there are no signals, or one is not a signal.
    """
    return Capturing(signals, mute=mute, everywhere=everywhere)


@final
class Capturing(Block, Generic[SenderT, KwargsT]):
    """
    What ``capture`` returns.
    """

    _written = "with capture(...) as sent"

    def __init__(self, signals: Iterable[Any], *, mute: bool, everywhere: bool) -> None:
        super().__init__(checked("capture", signals))
        self._watcher_class = _MutingRecorder if mute else Recorder
        self._everywhere = everywhere

    def start(self) -> Handle:
        watcher = self._watcher_class(Captured(self._signals))
        return watch(self._signals, watcher, everywhere=self._everywhere)

    def __enter__(self) -> Captured[SenderT, KwargsT]:
        watcher: Any = self._enter().watcher
        captured: Captured[SenderT, KwargsT] = watcher.captured
        return captured


class Recorder(Watcher):
    """
    Records sends.

    Attributes:
        captured: the sends.
    """

    def __init__(self, captured: Captured[Any, Any]) -> None:
        self.captured = captured

    def hears(self, _signal: object, _sender: object) -> bool:
        return True

    def starts(self, sent: Sent[Any, Any]) -> None:
        self.captured._add(sent)


@final
class _MutingRecorder(Recorder):
    def is_muted(self, _signal: object, _sender: object, _receiver: object) -> bool:
        return True
