"""
The receivers in the background that this process knows: those that it has connected.

A worker imports the same modules as the sender, and so connects the same receivers. A delivery
names its receiver, which is looked up here; nothing is ever imported because a delivery names it.
"""

from __future__ import annotations

import os
import weakref
from functools import partial
from threading import RLock
from typing import TYPE_CHECKING, Any, Final, final

from typed_signals._connect.identity import receiver_key
from typed_signals._shared.callables import describe_receiver, is_method, receiver_place

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

# Re-entrant, because a receiver may die at any time.
_lock: Any = RLock()
if hasattr(os, "register_at_fork"):
    # Another thread of the parent may hold it.
    os.register_at_fork(after_in_child=_lock._at_fork_reinit)


@final
class Registered:
    """
    A receiver in the background of one signal.

    Attributes:
        signal_name: the dotted name of the signal.
        key: the key of the receiver among those of the signal.
        named: the keys and other arguments that the receiver names.
        names_delivery: whether it is passed the delivery.
    """

    __slots__ = (
        "__weakref__",
        "_identity",
        "_receiver",
        "_signal",
        "key",
        "named",
        "names_delivery",
        "place",
        "signal_name",
    )

    def __init__(
        self,
        signal: Any,
        signal_name: str,
        receiver: Any,
        key: str,
        *,
        weak: bool,
        named: frozenset[str],
        names_delivery: bool,
    ) -> None:
        self.signal_name = signal_name
        self.key = key
        self.named = named
        self.names_delivery = names_delivery
        self.place = receiver_place(receiver)
        self._identity = receiver_key(receiver, None)
        forget = partial(_forget, weakref.ref(self), (signal_name, key))
        self._signal = weakref.ref(signal, forget)
        self._receiver: Callable[[], Any] = refer_to(receiver, forget, weak=weak)

    @property
    def signal(self) -> Any:
        """
        The signal; None if it was garbage-collected.
        """
        return self._signal()

    @property
    def receiver(self) -> Any:
        """
        The receiver; None if it was garbage-collected.
        """
        return self._receiver()

    @property
    def _is_connected(self) -> bool:
        from typed_signals._watch.kinds import signal_kind  # only where it is used

        receivers = signal_kind(self.signal).receivers_of(self.signal)
        return any(receiver_key(each, None) == self._identity for each in receivers)

    def is_replaced_by(self, other: Registered) -> bool:
        """
        Return whether *other* is the same receiver, or the one in a reloaded module, or this one is
        not connected any more.
        """
        if self.receiver is None or self.signal is None or not self._is_connected:
            return True
        return self._identity == other._identity or (
            self.place is not None and self.place == other.place
        )


def refer_to(receiver: Any, on_death: Callable[[Any], object], *, weak: bool) -> Callable[[], Any]:
    """
    Return a function that returns *receiver*; None if *weak* is true and it was garbage-collected.

    Args:
        receiver: the receiver.
        on_death: is called when a weakly referenced receiver dies.
        weak: whether to refer to it weakly.
    """
    if not weak:
        return lambda: receiver
    if is_method(receiver):
        return weakref.WeakMethod(receiver, on_death)
    return weakref.ref(receiver, on_death)


_registered: Final[dict[tuple[str, str], Registered]] = {}


def _forget(registered: weakref.ref[Registered], place: tuple[str, str], _dead: object) -> None:
    with _lock:
        if _registered.get(place) is registered():
            _registered.pop(place, None)


def conflict_of(registered: Registered) -> str | None:
    """
    Return why *registered* cannot be registered; None if it can.
    """
    known = _registered.get((registered.signal_name, registered.key))
    if known is None or known.is_replaced_by(registered):
        return None
    return (
        f"{describe_receiver(known.receiver)} has the same key {registered.key!r}: pass another "
        "dispatch_uid to one of the two"
    )


def register(registered: Registered) -> None:
    """
    Let deliveries find *registered*.
    """
    with _lock:
        _registered[registered.signal_name, registered.key] = registered


def find(signal_name: str, key: str) -> Registered | None:
    """
    Return the receiver with this *key* of the signal with this name; None if there is none.
    """
    return _registered.get((signal_name, key))


def keys_of_signal(signal_name: str) -> list[str]:
    """
    Return the keys of the receivers of the signal with this name.
    """
    return [key for name, key in list(_registered) if name == signal_name]


def key_of(receiver: Any, dispatch_uid: Hashable) -> str:
    """
    Return the key of *receiver*, which has a name, among the receivers of a signal.
    """
    if dispatch_uid:
        return str(dispatch_uid)
    if is_method(receiver):
        owner = receiver.__self__
        return f"{owner.__module__}.{owner.__qualname__}.{receiver.__name__}"
    return f"{receiver.__module__}.{receiver.__qualname__}"
