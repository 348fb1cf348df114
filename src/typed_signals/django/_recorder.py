"""
Record what is connected and disconnected on Django's dispatcher.

Signals of ours call :func:`note_connected` and :func:`note_disconnected`. For Django's own, the
methods of the class are replaced as long as somebody records.
"""

from __future__ import annotations

from functools import partial, wraps
from typing import TYPE_CHECKING, Any

from django.dispatch import Signal as DjangoSignal

from typed_signals._connect.changes import Change, record_change, recorders

from ._live_connections import connection_in, is_dead, lookup_key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def note_connected(signal: Any, entry: Any) -> None:
    """
    Record that *entry* was added to ``receivers``.
    """
    undo = partial(_take_out, signal, entry)
    change = Change(
        signal, id(entry), is_connected=True, undo=undo, read=partial(connection_in, entry)
    )
    record_change(change)


def note_disconnected(signal: Any, key: Any, before: Sequence[Any]) -> None:
    """
    Record that the entry with this key was removed from ``receivers``, unless there was none.

    Args:
        signal: the signal.
        key: the key of the entry.
        before: the entries before the change.
    """
    entry = _find(before, key)
    if entry is None or _index_of(entry, signal.receivers) is not None:
        return
    undo = partial(_put_back, signal, entry, before[: _index_of(entry, before)])
    change = Change(
        signal, id(entry), is_connected=False, undo=undo, read=partial(connection_in, entry)
    )
    record_change(change)


def _take_out(signal: Any, entry: Any) -> bool:
    with signal.lock:
        index = _index_of(entry, signal.receivers)
        if index is not None:
            del signal.receivers[index]
        signal.sender_receivers_cache.clear()
    return index is not None and not is_dead(entry)


def _put_back(signal: Any, entry: Any, before: Sequence[Any]) -> bool:
    with signal.lock:
        receivers = list(signal.receivers)
        can_return = not is_dead(entry) and _find(receivers, entry[0]) is None
        if can_return:
            earlier = [
                index for each in before if (index := _index_of(each, receivers)) is not None
            ]
            signal.receivers.insert(max(earlier, default=-1) + 1, entry)
            # If it died in the meantime, the next call removes it.
            signal._dead_receivers = True
        signal.sender_receivers_cache.clear()
    return can_return


def _index_of(entry: Any, receivers: Sequence[Any]) -> int | None:
    return next((index for index, each in enumerate(receivers) if each is entry), None)


def _find(receivers: Sequence[Any], key: object) -> Any:
    """
    Return the entry with this key, or None. Other tools may have stored anything.
    """
    tuples = (each for each in receivers if type(each) is tuple)
    return next((each for each in tuples if each[0] == key), None)


def recording_methods() -> list[tuple[type, str, Callable[..., Any]]]:
    """
    Return methods that record and call the present ones, each with its class and its name.
    """
    return [
        (DjangoSignal, "connect", _recording_connect(vars(DjangoSignal)["connect"])),
        (DjangoSignal, "disconnect", _recording_disconnect(vars(DjangoSignal)["disconnect"])),
    ]


def _recording_connect(method: Any) -> Callable[..., Any]:
    @wraps(method)
    def connect(
        self: Any, receiver: Any, sender: Any = None, weak: Any = True, dispatch_uid: Any = None
    ) -> Any:
        if not recorders:
            return method(self, receiver, sender, weak, dispatch_uid)
        key = lookup_key(receiver, sender, dispatch_uid)
        known = _find(list(self.receivers), key)
        result = method(self, receiver, sender, weak, dispatch_uid)
        entry = _find(list(self.receivers), key)
        if entry is not None and entry is not known:
            note_connected(self, entry)
        return result

    return connect


def _recording_disconnect(method: Any) -> Callable[..., Any]:
    @wraps(method)
    def disconnect(
        self: Any, receiver: Any = None, sender: Any = None, dispatch_uid: Any = None
    ) -> Any:
        if not recorders:
            return method(self, receiver, sender, dispatch_uid)
        before = list(self.receivers)
        result = method(self, receiver, sender, dispatch_uid)
        note_disconnected(self, lookup_key(receiver, sender, dispatch_uid), before)
        return result

    return disconnect
