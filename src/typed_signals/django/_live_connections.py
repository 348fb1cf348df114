"""
The connections of any signal.

Django has a list of tuples, ``(keys, reference to the receiver, is_async)`` in 5.2. Django 6.0
added a reference to the sender as the third item. The keys are that of the receiver, its id or the
``dispatch_uid``, and the id of the sender. Our ``connect`` passes a ``dispatch_uid`` that is equal
to the first key, and has the place of the call and, for Django 5.2, the reference to the sender.
"""

from __future__ import annotations

import sys
import weakref
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias, final

from django import VERSION
from django.apps import apps
from django.dispatch.dispatcher import (  # type: ignore[attr-defined]  # not in the stubs
    _make_id,
    iscoroutinefunction,
)

from typed_signals._connect.changes import unhooked
from typed_signals._connect.connection import UNKNOWN_SENDER, Connection, given_uid
from typed_signals._shared.callables import is_async
from typed_signals._shared.caller import caller, is_machinery
from typed_signals._shared.named_objects import named_objects
from typed_signals._signal import Signal as CoreSignal

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator
    from types import CodeType, FrameType
    from typing import TypeGuard


def djangos_own(cls: type, name: str) -> Any:
    """
    Return the method of a class of Django with that name.

    If a tool has replaced it before we were imported, this is another object, which is no method.
    """
    function = unhooked(vars(cls)[name])
    defined_in = sys.modules[cls.__module__]
    # A wrapper may have copied the name of the function.
    is_djangos = getattr(function, "__globals__", None) is vars(defined_in)
    return function if is_djangos else object()


class Listed(NamedTuple):
    """
    A connection, as the tools show it.

    Attributes:
        connection: the connection.
        has_nameless_value: whether its sender is a string, a number or a similar value that is not
            a constant of a module.
        kept: its receiver and its sender, which could be garbage-collected at any time otherwise.
    """

    connection: Connection
    has_nameless_value: bool
    kept: tuple[Any, Any]


class _Placed:
    """
    The key of a receiver in Django's ``receivers``, with the place of the connection.

    Sends do not read this key. They would be slower if the whole entry was not a plain ``tuple``.

    Attributes:
        key: the key that Django would have made.
        place: the code and the instruction that called ``connect``.
        sender: in Django 5.2, a weak reference to the sender; None if there is none.
    """

    key: Any
    place: tuple[CodeType, int]
    sender: weakref.ref[Any] | None = None


@final
class _PlacedId(int, _Placed): ...


@final
class _PlacedIds(tuple[int, int], _Placed): ...  # noqa: SLOT001 - not possible in tuples


@final
class _PlacedText(str, _Placed): ...  # noqa: SLOT000 - inherited from _Placed


@final
class _PlacedObject(_Placed):
    """
    Any other ``dispatch_uid``. Comparing it is slower.
    """

    def __init__(self, key: Any) -> None:
        self.key = key

    def __eq__(self, other: object) -> Any:
        # The class of the key may not know ours.
        return self.key == (other.key if type(other) is _PlacedObject else other)

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return repr(self.key)


# The id of a function, those of a method, and what a ``dispatch_uid`` usually is.
_PLACED: Final[dict[type, Callable[[Any], _Placed]]] = {
    int: _PlacedId,
    tuple: _PlacedIds,
    str: _PlacedText,
}


@final
class _SenderById:
    """
    A sender of which only the ``id`` is known.

    Attributes:
        id: the ``id``.
        is_value: whether it is a string, a number or a similar value, which cannot be weakly
            referenced.
        found: the object with this ``id``, if it has a name; else UNKNOWN_SENDER.
    """

    def __init__(self, sender_id: Any, *, is_value: bool) -> None:
        self.id = sender_id
        self.is_value = is_value
        self.found: Any = UNKNOWN_SENDER

    def __call__(self) -> Any:
        return self.found


def connections_of(
    signals: Iterable[tuple[str, Any]],
) -> Iterator[tuple[str, Any, list[Listed]]]:
    """
    Yield the name, the signal and the connections for each of *signals*, in their order.

    Connections with a garbage-collected receiver or sender are omitted, and so is what other tools
    stored in another form. Never raises.
    """
    found = [(name, signal, _live_connections(signal)) for name, signal in signals]
    named = _objects_by_id(
        {sender.id for _, _, live in found for _, sender, _ in live if sender is not None}
    )
    for name, signal, live in found:
        listed = []
        for connection, sender, kept in live:
            has_nameless_value = False
            if sender is not None:
                sender.found = named.get(sender.id, UNKNOWN_SENDER)
                has_nameless_value = sender.is_value and sender.id not in named
            listed.append(Listed(connection, has_nameless_value, kept))
        yield name, signal, listed


# A connection, its sender if its name must be found, and what it refers to.
_Live: TypeAlias = "tuple[Connection, _SenderById | None, tuple[Any, Any]]"


def _live_connections(signal: Any) -> list[_Live]:
    """
    Return the connections of *signal*.
    """
    try:
        if issubclass(type(signal), CoreSignal):
            kept = [(each, (each.receiver, each.sender)) for each in signal.connections]
            return [
                (connection, _sender_by_id(connection), both)
                for connection, both in kept
                if both[0] is not None
            ]
        entries = list(signal.receivers)
    except Exception:  # noqa: BLE001 - raised by user code: the class can be any subclass
        return []
    return list(filter(None, map(_live_connection, entries)))


def _sender_by_id(connection: Connection) -> _SenderById | None:
    sender = connection.sender
    is_value = sender is not None and reference_to(sender) is None
    return _SenderById(id(sender), is_value=True) if is_value else None


@final
class _Entry(NamedTuple):
    """
    An entry of ``receivers``.

    Attributes:
        key: the ``dispatch_uid`` or the id of the receiver.
        sender_id: the id of the sender.
        connected: the receiver, or a weak reference to it.
        sender: the weak reference to the sender, if there is one.
        is_async: whether the receiver is awaited.
        has_references: whether this version of Django stores references to senders.
    """

    key: Any
    sender_id: Any
    connected: Any
    sender: weakref.ref[Any] | None
    is_async: Any
    has_references: bool


def _entry_in(entry: object) -> _Entry | None:
    """
    Return the parts of *entry* of ``receivers``; None if another tool stored something else.
    """
    match entry:
        case ((key, sender_id), connected, is_async):
            placed = _placed(key)
            sender = None if placed is None else placed.sender
            return _Entry(key, sender_id, connected, sender, is_async, has_references=False)
        case ((key, sender_id), connected, sender, is_async):
            if sender is None or _is_reference(sender):
                return _Entry(key, sender_id, connected, sender, is_async, has_references=True)
    return None


def parts_of(entries: list[Any]) -> list[tuple[Any, Any, weakref.ref[Any] | None, bool]]:
    """
    Return for each entry the id of the sender, the receiver or a reference to it, the reference to
    the sender, and whether the receiver is async.

    Raises:
        TypeError, ValueError: another tool stored something else. Django's sends raise them, too.
    """
    if VERSION < (6, 0):
        return [
            (sender_id, connected, getattr(_placed(key), "sender", None), is_async)
            for (key, sender_id), connected, is_async in entries
        ]
    return [
        (sender_id, connected, sender, is_async)
        for (_, sender_id), connected, sender, is_async in entries
    ]


def is_dead(entry: Any) -> bool:
    """
    Return whether the receiver or the sender in *entry* was garbage-collected.

    Before 6.0, Django does not store references to senders. A new sender that got the same id would
    call the receivers.

    """
    found = _entry_in(entry)
    if found is None:
        return False
    is_collected = _is_reference(found.connected) and found.connected() is None
    return is_collected or (found.sender is not None and found.sender() is None)


def _live_connection(entry: object) -> _Live | None:
    """
    Return the connection that is *entry* of ``receivers``; None if its receiver or sender was
    garbage-collected, or if it is something else.
    """
    found = _entry_in(entry)
    if found is None:
        return None
    sender = None if found.sender is None else found.sender()
    if found.sender is not None and sender is None:
        return None
    by_id = None
    if found.sender is None and found.sender_id != _make_id(None):
        # In Django 5.2, there are no references, so this is not known.
        by_id = _SenderById(found.sender_id, is_value=found.has_references)
    weak, placed = _is_reference(found.connected), _placed(found.key)
    receiver = found.connected if weak else partial(_itself, found.connected)
    connection = Connection(
        receiver,
        found.sender or by_id,
        given_uid(found.key if placed is None else placed.key, receiver()),
        weak=weak,
        is_async=found.is_async,
        place=None if placed is None else placed.place,
    )
    # Without DEBUG, Django also connects None with weak=False: the result of a function.
    kept = connection.receiver
    is_collected = kept is None and found.connected is not None
    return None if is_collected else (connection, by_id, (kept, sender))


def connection_in(entry: object) -> Connection | None:
    """
    Return the connection that is *entry* of ``receivers``; None if its receiver or sender was
    garbage-collected, or if it is something else.
    """
    found = _live_connection(entry)
    return None if found is None else found[0]


def _placed(key: Any) -> _Placed | None:
    # The type is asked, because objects may raise when they are asked for their class.
    return key if issubclass(type(key), _Placed) else None


def _is_reference(value: object) -> TypeGuard[weakref.ref[Any]]:
    return issubclass(type(value), weakref.ReferenceType)


def _itself(connected: Any) -> Any:
    return connected


def reference_to(
    sender: object, when_collected: Callable[[object], None] | None = None
) -> weakref.ref[Any] | None:
    with suppress(TypeError):
        return weakref.ref(sender, when_collected)
    return None


def lookup_key(receiver: object, sender: object, dispatch_uid: Hashable) -> tuple[Any, Any]:
    """
    Return the key of a connection in Django's ``receivers``.
    """
    return dispatch_uid or _make_id(receiver), _make_id(sender)


def is_misjudged(receiver: Any) -> bool:
    """
    Return whether Django would await *receiver* though it is sync, or cannot find out.

    A mock with ``spec`` only claims to be a function.
    """
    try:
        return iscoroutinefunction(receiver) and not is_async(receiver)
    except Exception:  # noqa: BLE001 - raised by user code
        return True


def inspect_like_django(receiver: Any) -> None:
    """
    Read the attributes of *receiver* that Django reads when it is connected or called.

    Raises:
        Exception: whatever *receiver* raises.
    """
    _make_id(receiver)
    isinstance(receiver, weakref.ReferenceType)
    hasattr(receiver, "__self__")


def is_connected(signal: Any, receiver: object, sender: object, dispatch_uid: Hashable) -> bool:
    """
    Return whether these arguments of Django's ``connect`` are already connected.
    """
    keys = lookup_key(receiver, sender, dispatch_uid)
    return any(
        entry[0] == keys and _live_connection(entry) is not None for entry in list(signal.receivers)
    )


def placed_key(
    signal: Any,
    receiver: object,
    sender: object,
    dispatch_uid: Hashable,
    frame: FrameType,
) -> Any:
    """
    Return the ``dispatch_uid`` for Django's ``connect`` that stores the place of the connection.

    It is equal to the key that Django makes for *receiver* and *dispatch_uid*. By this, nothing has
    to be changed in ``receivers`` after Django has connected.

    Args:
        signal: the signal.
        receiver: as for ``connect``.
        sender: as for ``connect``; None for a model that does not exist yet.
        dispatch_uid: as for ``connect``.
        frame: the frame that calls ``connect``.
    """
    key: Any = dispatch_uid or _make_id(receiver)
    placed = _PLACED.get(type(key), _PlacedObject)(key)
    if is_machinery(frame):
        frame = caller()
    placed.key, placed.place = key, (frame.f_code, frame.f_lasti)
    if VERSION < (6, 0) and sender is not None:
        placed.sender = reference_to(sender, signal._remove_receiver)
    return placed


def _objects_by_id(wanted: set[int]) -> dict[int, Any]:
    """
    Return the objects with the ids *wanted*: models, app configs, and objects with a name.
    """
    found: dict[int, Any] = {}
    if not wanted:
        return found
    for _, _, value in named_objects(object):
        if id(value) in wanted:
            found[id(value)] = value
    if not apps.models_ready:  # as while documentation is built
        return found
    models = apps.get_models(include_auto_created=True)  # the through models have no name
    for candidate in (*apps.get_app_configs(), *models):
        if id(candidate) in wanted:
            found[id(candidate)] = candidate
    return found
