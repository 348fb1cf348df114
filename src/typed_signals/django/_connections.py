"""
The connections of any signal, for people and tools to read.

Django keeps a list of tuples, ``(keys, reference to the receiver, is_async)`` in 5.2, to which
6.0 added a reference to the sender as the third. The keys are that of the receiver, its id or the
``dispatch_uid``, and the id of the sender.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, final

from django.apps import apps

from typed_signals._connections import receiver_key
from typed_signals._signal import Signal as CoreSignal

from ._find import named_objects
from ._on_commit import AfterCommit

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator


# A sender of which Django remembers the id only.
UNKNOWN: Final = object()


@final
@dataclass(frozen=True, slots=True)
class Connection:
    """
    One receiver's connection.

    Attributes:
        receiver: the connected callable; None once it was collected.
        sender: the only sender it listens to, None for all of them; UNKNOWN if only its id is
            known, and nothing that has this id has a name.
        is_nameless_value: whether the sender is known to be a string, a number or the like that no
            module holds under a name.
        dispatch_uid: what ``connect`` was given, or None.
        weak: whether the receiver is held by a weak reference.
        is_async: whether it is awaited.
        on_commit: whether it is called when the transaction is committed.
    """

    receiver: Callable[..., Any] | None
    sender: Any
    is_nameless_value: bool
    dispatch_uid: Hashable
    weak: bool
    is_async: bool
    on_commit: bool


@final
@dataclass(frozen=True, slots=True)
class _Entry:
    """
    One connection as a signal keeps it.

    Attributes:
        is_weakly_referable: whether the sender can be weakly referenced; None if nobody knows.
    """

    receiver: Callable[..., Any] | None
    key: Any
    weak: bool
    is_async: bool
    sender_id: int
    sender: Any
    is_weakly_referable: bool | None


def connections_of(
    signals: Iterable[tuple[str, Any]],
) -> Iterator[tuple[str, Any, list[Connection]]]:
    """
    Yield each of *signals*, its name before it, its connections after it, in their order.

    What listens to a sender that was collected is left out.
    """
    entries = [(name, signal, list(_entries_of(signal))) for name, signal in signals]
    wanted = {
        entry.sender_id
        for _, _, read in entries
        for entry in read
        if entry.sender is UNKNOWN or entry.is_weakly_referable is False
    }
    senders = _objects_by_id(wanted)
    for name, signal, read in entries:
        yield name, signal, [_connection(entry, senders) for entry in read]


def _entries_of(signal: Any) -> Iterator[_Entry]:
    if isinstance(signal, CoreSignal):
        for connection in signal.receivers:
            yield _Entry(
                receiver=connection.receiver,
                key=connection.dispatch_uid,
                weak=connection.weak,
                is_async=connection.is_async,
                sender_id=id(connection.sender),
                sender=connection.sender,
                is_weakly_referable=_is_weakly_referable(connection.sender),
            )
        return
    # Copied, because another thread may connect meanwhile.
    for (key, sender_id), held, *sender_references, is_async in list(signal.receivers):
        weak = isinstance(held, weakref.ReferenceType)
        receiver = held() if weak else held
        sender: Any = None
        is_weakly_referable = None
        if sender_id != id(None):
            sender = UNKNOWN
            if sender_references:
                [reference] = sender_references
                is_weakly_referable = reference is not None
                if is_weakly_referable and (sender := reference()) is None:
                    continue
        yield _Entry(
            receiver=receiver,
            key=key,
            weak=weak,
            is_async=is_async,
            sender_id=sender_id,
            sender=sender,
            is_weakly_referable=is_weakly_referable,
        )


def _is_weakly_referable(sender: Any) -> bool | None:
    if sender is None:
        return None
    try:
        weakref.ref(sender)
    except TypeError:
        return False
    return True


def _connection(entry: _Entry, senders: dict[int, Any]) -> Connection:
    receiver, weak = entry.receiver, entry.weak
    on_commit = isinstance(receiver, AfterCommit)
    if isinstance(receiver, AfterCommit):
        weak, receiver = receiver.weak, receiver.receiver
    if receiver is None:
        # Django knows only whether the key is a dispatch_uid as long as there is a receiver.
        uid = None if isinstance(entry.key, (int, tuple)) else entry.key
    else:
        uid = None if entry.key == receiver_key(receiver, None) else entry.key
    sender = entry.sender
    if sender is UNKNOWN:
        sender = senders.get(entry.sender_id, UNKNOWN)
    return Connection(
        receiver=receiver,
        sender=sender,
        is_nameless_value=entry.is_weakly_referable is False and entry.sender_id not in senders,
        dispatch_uid=uid,
        weak=weak,
        is_async=entry.is_async,
        on_commit=on_commit,
    )


def _objects_by_id(wanted: set[int]) -> dict[int, Any]:
    """
    Return what now has the ids *wanted*, among models, app configs, and what has a name.
    """
    found: dict[int, Any] = {}
    if not wanted:
        return found
    for _, _, value in named_objects():
        if id(value) in wanted:
            found[id(value)] = value
    models = apps.get_models(include_auto_created=True, include_swapped=True)
    for candidate in (*apps.get_app_configs(), *models):
        if id(candidate) in wanted:
            found[id(candidate)] = candidate
    return found
