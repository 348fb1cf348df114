"""
The connections of any signal, for people and tools to read.

Django keeps a list of tuples, ``(keys, reference to the receiver, is_async)`` in 5.2, to which
6.0 added a reference to the sender as the third. The keys are that of the receiver, its id or the
``dispatch_uid``, and the id of the sender.
"""

from __future__ import annotations

import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.apps import apps

from typed_signals._connect.identity import receiver_key
from typed_signals._signal import Signal as CoreSignal

from ._find import named_objects
from ._on_commit import AfterCommit

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator


# A sender of which Django remembers the id only.
UNKNOWN: Final = object()


class Connection(NamedTuple):
    """
    One receiver's connection.

    Attributes:
        receiver: the connected callable.
        sender: the only sender it listens to, None for all of them; UNKNOWN if only its id is
            known, and nothing that has this id has a name.
        is_nameless_value: whether the sender is known to be a string, a number or the like that no
            module holds under a name.
        dispatch_uid: what ``connect`` was given, or None.
        weak: whether the receiver is held by a weak reference.
        is_async: whether it is awaited.
        on_commit: whether it is called when the transaction is committed.
    """

    receiver: Callable[..., Any]
    sender: Any
    is_nameless_value: bool
    dispatch_uid: Hashable
    weak: bool
    is_async: bool
    on_commit: bool


class _Entry(NamedTuple):
    """
    One connection as a signal keeps it.

    Attributes:
        receiver: what is connected; None once it was collected.
        key: the ``dispatch_uid``, or else what Django or we know the receiver by.
        is_value: whether the sender is known to be a string, a number or the like: no weak
            reference to it can be made.
    """

    receiver: Callable[..., Any] | None
    key: Any
    weak: bool
    is_async: bool
    sender_id: int
    sender: Any
    is_value: bool


def connections_of(
    signals: Iterable[tuple[str, Any]],
) -> Iterator[tuple[str, Any, list[Connection]]]:
    """
    Yield each of *signals*, its name before it, its connections after it, in their order.

    What was collected is left out, and what listens to a sender that was.
    """
    entries = [(name, signal, list(_entries_of(signal))) for name, signal in signals]
    wanted = {
        entry.sender_id
        for _, _, read in entries
        for entry in read
        if entry.sender is UNKNOWN or entry.is_value
    }
    senders = _objects_by_id(wanted)
    for name, signal, read in entries:
        connections = [_connection(entry, senders) for entry in read]
        yield name, signal, [each for each in connections if each is not None]


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
                is_value=_is_value(connection.sender),
            )
        return
    # Copied, because another thread may connect meanwhile.
    for (key, sender_id), held, *sender_references, is_async in list(signal.receivers):
        weak = isinstance(held, weakref.ReferenceType)
        receiver = held() if weak else held
        sender: Any = None
        is_value = False
        if sender_id != id(None):
            sender = UNKNOWN
            if sender_references:
                [reference] = sender_references
                is_value = reference is None
                if not is_value and (sender := reference()) is None:
                    continue
        yield _Entry(
            receiver=receiver,
            key=key,
            weak=weak,
            is_async=is_async,
            sender_id=sender_id,
            sender=sender,
            is_value=is_value,
        )


def _is_value(sender: Any) -> bool:
    with suppress(TypeError):
        weakref.ref(sender)
        return False
    return sender is not None


def _connection(entry: _Entry, senders: dict[int, Any]) -> Connection | None:
    receiver, weak = entry.receiver, entry.weak
    on_commit = isinstance(receiver, AfterCommit)
    if isinstance(receiver, AfterCommit):
        weak, receiver = receiver.weak, receiver.receiver
    if receiver is None:
        return None
    sender = entry.sender
    if sender is UNKNOWN:
        sender = senders.get(entry.sender_id, UNKNOWN)
    return Connection(
        receiver=receiver,
        sender=sender,
        is_nameless_value=entry.is_value and entry.sender_id not in senders,
        dispatch_uid=None if entry.key == receiver_key(receiver, None) else entry.key,
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
    models = apps.get_models(include_auto_created=True)  # the through models have no name
    for candidate in (*apps.get_app_configs(), *models):
        if id(candidate) in wanted:
            found[id(candidate)] = candidate
    return found
