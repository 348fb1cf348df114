"""
``mute``: receivers that are not called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

from typed_signals._connect.identity import receiver_key
from typed_signals._shared.messages import shown
from typed_signals._watch import Watcher, watch

from ._blocks import DecoratingBlock, checked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typed_signals._watch import Handle
    from typed_signals._watch.kinds import AnySignal


def mute(
    *signals: AnySignal,
    receivers: Iterable[object] = (),
    sender: object = None,
    everywhere: bool = False,
) -> Mute:
    """
    Return a context manager and decorator: sends inside it call no receivers, or not these::

        with mute(post_save, sender=Pizza, receivers=[update_index]):
            load_pizzas()

    Payloads are checked nevertheless.

    Args:
        signals: signals of ours, Django's own, and blinker's.
        receivers: the only receivers that are muted, compared by identity; by default, all.
        sender: the only sender that is muted, compared by identity; None for all senders.
        everywhere: whether to mute the whole process, instead of the present context only: this
            thread or task, and what inherits its ``contextvars``.

    Raises:
        TypeError: there are no signals, or one is not a signal, or a receiver is not callable.
    """
    return Mute(signals, receivers, sender, everywhere=everywhere)


@final
class Mute(DecoratingBlock):
    """
    What ``mute`` returns.
    """

    def __init__(
        self,
        signals: Iterable[Any],
        receivers: Iterable[object],
        sender: object,
        *,
        everywhere: bool,
    ) -> None:
        super().__init__(checked("mute", signals))
        self._watcher = _Muting(receivers, sender)
        self._everywhere = everywhere

    def start(self) -> Handle:
        return watch(self._signals, self._watcher, everywhere=self._everywhere)


@final
class _Muting(Watcher):
    def __init__(self, receivers: Iterable[Any], sender: object) -> None:
        self._receivers = {receiver_key(each, None): each for each in map(_callable, receivers)}
        self._sender = sender

    def is_muted(self, _signal: object, sender: object, receiver: object) -> bool:
        if self._sender is not None and sender is not self._sender:
            return False
        return not self._receivers or receiver_key(receiver, None) in self._receivers


def _callable(receiver: Any) -> Any:
    if not callable(receiver):
        raise TypeError(f"mute() takes receivers, which are callable, not {shown(receiver)}")
    return receiver
