"""
Record what is connected to blinker's signals and disconnected from them.

A signal of blinker stores each receiver once, and the pairs of ids of receivers and senders. So
what is restored is all that it stores about a receiver. It calls receivers in the order of a set.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any
from weakref import ReferenceType

from blinker import Signal, base

from typed_signals._connect.changes import Change, record_change, recorders
from typed_signals._connect.connection import UNKNOWN_SENDER, Connection
from typed_signals._connect.references import referent
from typed_signals._shared.callables import is_async

if TYPE_CHECKING:
    from collections.abc import Callable

# The id of all senders.
_ANY_ID: Any = vars(base)["ANY_ID"]
# It had another name before blinker 1.8.
_make_id: Any = vars(base).get("make_id") or vars(base)["hashable_identity"]


def recording_methods() -> list[tuple[type, str, Callable[..., Any]]]:
    """
    Return methods that record and call the present ones, each with its class and its name.
    """
    methods = [(name, vars(Signal)[name]) for name in ("connect", "disconnect")]
    return [(Signal, name, _recording(method)) for name, method in methods]


def _recording(method: Any) -> Callable[..., Any]:
    @wraps(method)
    def change(self: Any, receiver: Any, *args: Any, **kwargs: Any) -> Any:
        if not recorders:
            return method(self, receiver, *args, **kwargs)
        before = _Stored(self, _make_id(receiver))
        try:
            return method(self, receiver, *args, **kwargs)
        finally:
            before.record()

    return change


class _Stored:
    """
    What a signal stores about a receiver, the reference to it and those to its senders by id.
    """

    def __init__(self, signal: Any, receiver_id: Any) -> None:
        self._signal = signal
        self._receiver_id = receiver_id
        self._reference = signal.receivers.get(receiver_id)
        # A lookup would create an empty set.
        sender_ids = signal._by_receiver.get(receiver_id, ())
        self._senders = {each: signal._weak_senders.get(each) for each in tuple(sender_ids)}

    def record(self) -> None:
        """
        Record the change since this was read.
        """
        now = _Stored(self._signal, self._receiver_id)
        if not self._equals(now):
            key = (id(self._signal), self._receiver_id)
            read = (self if now._reference is None else now)._read
            record_change(Change(self._signal, key, None, self._restore, read))

    def _equals(self, other: _Stored) -> bool:
        one, another = self._reference, other._reference
        # It may have been connected again.
        are_weak = isinstance(one, ReferenceType) and isinstance(another, ReferenceType)
        is_same = one is another or (are_weak and one == another)
        return is_same and self._senders.keys() == other._senders.keys()

    def _receiver(self) -> Any:
        return referent(self._reference)

    def _read(self) -> Connection | None:
        """
        Return the connection to the first sender.
        """
        receiver = self._receiver()
        if receiver is None:
            return None
        senders = [
            reference or (lambda: UNKNOWN_SENDER)
            for sender_id, reference in self._senders.items()
            if sender_id != _ANY_ID
        ]
        return Connection(
            self._receiver,
            senders[0] if senders else None,
            None,
            weak=isinstance(self._reference, ReferenceType),
            is_async=is_async(receiver),
            place=None,
        )

    def _restore(self) -> bool:
        signal, receiver_id = self._signal, self._receiver_id
        now = _Stored(signal, receiver_id)
        receiver = self._receiver()  # keeps it alive until it is stored
        is_collected = receiver is None and self._reference is not None
        if is_collected or self._equals(now):
            return False
        for sender_id in now._senders:
            signal._by_sender[sender_id].discard(receiver_id)
        if self._reference is None:
            signal.receivers.pop(receiver_id, None)
            signal._by_receiver.pop(receiver_id, None)
            return now._receiver() is not None
        signal.receivers[receiver_id] = self._reference
        living = {
            sender_id: sender
            for sender_id, sender in self._senders.items()
            if sender is None or sender() is not None
        }
        signal._by_receiver[receiver_id] = getattr(signal, "set_class", set)(
            living
        )  # since blinker 1.7
        for sender_id, sender in living.items():
            signal._by_sender[sender_id].add(receiver_id)
            if sender is not None:
                signal._weak_senders.setdefault(sender_id, sender)
        return True
