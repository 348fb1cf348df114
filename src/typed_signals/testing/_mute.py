"""
``mute``: receivers that are not called.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, final

from typed_signals._connect.identity import receiver_key
from typed_signals._shared.callables import describe_receiver
from typed_signals._shared.caller import caller
from typed_signals._shared.messages import shown
from typed_signals._watch import Watcher, watch
from typed_signals._watch.by_name import known_name
from typed_signals._watch.kinds import signal_kind
from typed_signals.exceptions import UnconnectedReceiverWarning

from ._blocks import DecoratingBlock, checked
from ._matching import check_sender, is_inside

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from typed_signals._watch import Handle
    from typed_signals._watch.kinds import AnySignal


def mute(
    *signals: AnySignal,
    receivers: Iterable[object] | None = None,
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
        receivers: the only receivers that are muted, compared by identity; None for all receivers.
            They may be connected later.
        sender: the only sender that is muted, compared by identity; None for all senders.
        everywhere: whether to mute the whole process, instead of the present context only: this
            thread or task, and what inherits its ``contextvars``.

    Raises:
        TypeError: there are no signals, or one is not a signal, or a receiver is not callable, or
            the signal never has this sender.
        ValueError: *receivers* are empty; or, at the start of the block, the receiver that is
            connected is not this one, but one that a decorator has made of it.
    """
    return Mute(signals, receivers, sender, everywhere=everywhere)


@final
class Mute(DecoratingBlock):
    """
    What ``mute`` returns.
    """

    _written = "with mute(...)"

    def __init__(
        self,
        signals: Iterable[Any],
        receivers: Iterable[object] | None,
        sender: object,
        *,
        everywhere: bool,
    ) -> None:
        super().__init__(checked("mute", signals))
        for signal in self._signals:
            check_sender(signal, sender)
        self._watcher = _Muting(self._signals, _checked_by_key(receivers), sender)
        self._everywhere = everywhere

    def start(self) -> Handle:
        self._watcher.check_connected()
        return watch(self._signals, self._watcher, everywhere=self._everywhere)


@final
class _Muting(Watcher):
    def __init__(
        self, signals: tuple[Any, ...], receivers: dict[Hashable, Any], sender: object
    ) -> None:
        self._signals = signals
        self._receivers = receivers
        self._sender = sender
        frame = caller()
        self._place = (frame.f_code.co_filename, frame.f_lineno, frame.f_globals.get("__name__"))
        # Those that have not been connected until now.
        self._unconnected = set(receivers)
        self._was_asked = False

    def is_muted(self, _signal: object, sender: object, receiver: object) -> bool:
        if self._sender is not None and sender is not self._sender:
            return False
        if not self._receivers:
            return True
        self._was_asked = True
        key = receiver_key(receiver, None)
        self._unconnected.discard(key)
        return key in self._receivers

    def check_connected(self) -> None:
        """
        Refuse receivers in place of which other objects are connected.

        Raises:
            ValueError: there is one.
        """
        for signal in self._signals if self._unconnected else ():
            connected = _by_key(signal_kind(signal).receivers_of(signal))
            self._unconnected -= connected.keys()
            for key in tuple(self._unconnected):  # other threads may send
                receiver = self._receivers[key]
                name, signal_name = describe_receiver(receiver), known_name(signal)
                for other in connected.values():
                    if is_inside(receiver, other):
                        raise ValueError(
                            f"mute() got {name}, but what a decorator has made of it is connected "
                            f"to {signal_name}: pass that"
                        )
                    if is_inside(other, receiver):
                        raise ValueError(
                            f"mute() got what a decorator has made of {name}, but {signal_name} is "
                            "connected to the function itself: pass its __wrapped__"
                        )

    def stopped(self) -> None:
        if not self._was_asked or not self._unconnected:
            return
        for signal in self._signals:
            self._unconnected -= _by_key(signal_kind(signal).receivers_of(signal)).keys()
        missed = [describe_receiver(self._receivers[key]) for key in tuple(self._unconnected)]
        self._unconnected.clear()
        if missed:
            names = ", ".join(map(known_name, self._signals))
            warnings.warn_explicit(
                f"mute() was to mute {', '.join(missed)}, not connected to {names}: pass the "
                "object that is connected",
                UnconnectedReceiverWarning,
                *self._place,
            )


def _by_key(receivers: Iterable[Any]) -> dict[Hashable, Any]:
    return {receiver_key(each, None): each for each in receivers}


def _checked_by_key(receivers: Any) -> dict[Hashable, Any]:
    """
    Return *receivers* by their keys.

    Raises:
        TypeError: it is a single receiver, or one is not callable.
        ValueError: there are none.
    """
    if receivers is None:
        return {}
    if callable(receivers) or isinstance(receivers, str):
        raise TypeError(
            f"mute() takes a list of receivers: write receivers=[...], not {receivers!r}"
        )
    by_key = _by_key(map(_callable, receivers))
    if not by_key:
        raise ValueError("mute() got no receivers: to mute all, do not pass receivers")
    return by_key


def _callable(receiver: Any) -> Any:
    if not callable(receiver):
        raise TypeError(f"mute() takes receivers, which are callable, not {shown(receiver)}")
    return receiver
