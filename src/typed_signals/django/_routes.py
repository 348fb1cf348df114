"""
The list of connections of a signal, and which receivers a send has to call.

Django searches this list for each send. Ours remembers the result, a *route*, until the list
changes: it is a list that notices each change. Tools may change it without the signal's lock, or
assign a list of another class. There, changes cannot be noticed, so nothing is remembered.

A route keeps nothing alive that the list does not keep alive. Another object may get the ``id`` of
a sender that died, so a route for one sender has a weak reference to it.
"""

from __future__ import annotations

from functools import wraps
from types import MethodType
from typing import TYPE_CHECKING, Any, Final, TypeAlias, final
from weakref import ReferenceType, WeakMethod, ref

from django.dispatch.dispatcher import NONE_ID, _make_id  # type: ignore[attr-defined]  # not in the stubs

from typed_signals._connect.table import ASK, counted

from ._live_connections import is_dead, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from typed_signals._connect.table import Counted
    from typed_signals._send.loops import Receiver

    # Returns the receiver, or None if it was garbage-collected.
    Getter: TypeAlias = Callable[[], Any]

    # The sync and the async receivers.
    Getters: TypeAlias = tuple[tuple[Getter, ...], tuple[Getter, ...]]

    # The links to functions, and those to methods, for generated code; the sender, or None for all
    # that have no connections of their own; and the receivers, or None if they are not known.
    RouteOfSender: TypeAlias = tuple[Counted, Counted, ref[Any] | None, Getters | None]

    # The links to functions, and those to methods, of all senders, or ASK if it depends on the
    # sender; and the routes by sender. They are in one tuple, so that no other thread can change
    # them between two reads.
    Plan: TypeAlias = tuple[Counted, Counted, "RoutesBySender"]

# Searching so many entries does not take longer than looking up a key.
_FEW: Final = 8

_UNKNOWN_ROUTE: Final[RouteOfSender] = (ASK, ASK, None, None)


@final
class RoutesBySender(dict[int | None, "RouteOfSender"]):
    """
    The routes by the id of the sender; under None, that of all senders that are not there.
    """

    def __missing__(self, sender_id: int) -> RouteOfSender:
        return self[None]


@final
class Routes:
    """
    The routes of a list until it changes.

    Then the list gets new ones. So a thread that has read the list before stores its result in an
    object that is not used any more.

    Attributes:
        plan: does not exist before the first send.
    """

    __slots__ = ("plan",)

    plan: Plan


@final
class Receivers(list[Any]):
    """
    The ``receivers`` of a signal.

    Attributes:
        routes: where to send.
    """

    __slots__ = ("_keys", "routes")

    def __init__(self, entries: Iterable[Any] = ()) -> None:
        super().__init__(entries)
        self.routes = Routes()
        # The keys of all entries; None if they are not known, or if two are the same.
        self._keys: set[Any] | None = None

    def may_have(self, key: Any) -> bool:
        """
        Return False if there is certainly no entry with this key.
        """
        try:
            if self._keys is None and len(self) > _FEW:
                keys = {entry[0] for entry in self}
                self._keys = keys if len(keys) == len(self) else None
            may_have = self._keys is None or key in self._keys
        except TypeError:  # a dispatch_uid does not have to be hashable
            may_have = True
        return may_have

    @property
    def has_unique_keys(self) -> bool:
        """
        Whether it is known that no two entries have the same key.
        """
        return self._keys is not None

    def clear_dead(self) -> None:
        """
        Remove the entries whose receiver or sender was garbage-collected.
        """
        everything = slice(None)
        while True:
            routes = self.routes
            live = [entry for entry in self if not is_dead(entry)]
            # Unless a finalizer has connected or disconnected in between:
            if self.routes is routes:
                list.__setitem__(self, everything, live)
                _forget(self)
                return

    def append(self, entry: Any, /) -> None:
        keys = self._keys
        # As any other change, but each ``connect`` appends.
        self._keys, self.routes = None, Routes()
        list.append(self, entry)
        self.routes = Routes()
        if keys is not None:
            number = len(keys)
            try:
                keys.add(entry[0])
            except (LookupError, TypeError):  # a tool may store anything
                return
            if len(keys) > number:
                self._keys = keys

    def __delitem__(self, index: Any, /) -> None:
        keys = self._keys
        deleted = self[index] if type(index) is int else None
        _delete_noticed(self, index)
        if keys is not None and deleted is not None:
            keys.discard(deleted[0])
            # A set does not get smaller.
            self._keys = keys if len(keys) > _FEW else None

    def copy(self) -> Receivers:
        return Receivers(self)

    def __reduce__(self) -> Any:
        return Receivers, (list(self),)

    # A tool that has added up lists may assign the result.
    def __add__(self, others: list[Any], /) -> Receivers:
        return Receivers(super().__add__(others))

    def __radd__(self, others: list[Any], /) -> Receivers:
        return Receivers(others.__add__(self))


def _noticing(change: Callable[..., Any]) -> Callable[..., Any]:
    """
    Return the method *change* of lists, which forgets what was remembered.
    """

    @wraps(change)
    def method(self: Receivers, /, *args: Any, **kwargs: Any) -> Any:
        # Before it, because something may interrupt this thread after the change; and after it,
        # because another thread may have read the list in between.
        _forget(self)
        try:
            return change(self, *args, **kwargs)
        finally:
            _forget(self)

    return method


def _forget(receivers: Receivers) -> None:
    receivers._keys = None
    receivers.routes = Routes()


_delete_noticed = _noticing(list.__delitem__)

for _name in (
    "__iadd__",
    "__imul__",
    "__setitem__",
    "clear",
    "extend",
    "insert",
    "pop",
    "remove",
    "reverse",
    "sort",
):
    setattr(Receivers, _name, _noticing(getattr(list, _name)))


def forget_routes(signal: Any) -> None:
    """
    Make the next send of *signal* look for the receivers.
    """
    receivers = signal.receivers
    if type(receivers) is Receivers:
        receivers.routes = Routes()


def index_of_key(receivers: list[Any], key: Any) -> int | None:
    """
    Return the index of the first entry with this key in ``receivers`` of a signal, if there is one.
    """
    indexes: Iterable[int] = range(len(receivers))
    if type(receivers) is Receivers:
        if not receivers.may_have(key):
            return None
        if receivers.has_unique_keys:
            # The last one is disconnected first, as at the end of a ``with`` block.
            indexes = reversed(range(len(receivers)))
    return next((index for index in indexes if receivers[index][0] == key), None)


def live_receivers(signal: Any, sender: object) -> tuple[list[Receiver], list[Receiver]] | None:
    """
    Return the receivers to call for *sender*, the sync and the async ones; None if the list of
    *signal* is not ours.
    """
    receivers = signal.receivers
    if type(receivers) is not Receivers:
        return None
    getters = _known_getters(receivers, sender)
    if getters is None:
        with signal.lock:
            signal._clear_dead_receivers()
        receivers = signal.receivers
        if type(receivers) is not Receivers:
            return None
        # Without the lock, because this may run finalizers, which may connect.
        getters = _find_getters(receivers, sender)
    sync, asynchronous = getters
    return _follow(sync), _follow(asynchronous)


def _follow(references: Sequence[Getter]) -> list[Receiver]:
    return [receiver for reference in references if (receiver := reference()) is not None]


def _known_getters(receivers: Receivers, sender: object) -> Getters | None:
    plan = getattr(receivers.routes, "plan", None)
    if plan is None:
        return None
    _, _, by_sender = plan
    _, _, of_sender, getters = by_sender[id(sender)]
    return getters if of_sender is None or of_sender() is sender else None


def _find_getters(receivers: Receivers, sender: object) -> Getters:
    """
    Find the receivers for *sender*, and remember the route.
    """
    routes = receivers.routes  # before the list is read
    plan = getattr(routes, "plan", None)
    # A copy, because another thread that deletes an entry would make this one skip another.
    entries = list(map(parts_of, receivers[:]))
    key = _make_id(sender)
    of_sender: ref[Any] | None = None
    can_remember = True
    sync: list[Getter] = []
    asynchronous: list[Getter] = []
    for sender_key, connected, sender_reference, is_async in entries:
        if sender_key != NONE_ID:
            if sender_key != key:
                continue
            of_sender = sender_reference
            # Only the id is known of a sender such as a string.
            can_remember = can_remember and of_sender is not None
            if of_sender is not None and of_sender() is None:  # another object has its id now
                can_remember = False
                continue
        (asynchronous if is_async else sync).append(_getter_of(connected))
    getters = (tuple(sync), tuple(asynchronous))
    functions, methods = (ASK, ASK) if asynchronous else _links(sync)
    route = (functions, methods, of_sender, getters)
    if plan is None:
        keys = {sender_key for sender_key, *_ in entries if sender_key != NONE_ID}
        if keys:
            functions = methods = ASK
        by_sender = RoutesBySender(dict.fromkeys((None, *keys), _UNKNOWN_ROUTE))
        routes.plan = plan = (functions, methods, by_sender)
    _, _, by_sender = plan
    # That of a method is a tuple, and not its id.
    if can_remember and all(type(each) is not tuple for each in (key, *by_sender)):
        by_sender[None if of_sender is None else key] = route
    return getters


def _getter_of(connected: Any) -> Getter:
    """
    Return a reference to the receiver in an entry, which has a weak reference or the receiver.
    """
    if isinstance(connected, ReferenceType):
        return connected
    try:
        return ref(connected)  # the entry keeps it alive
    except TypeError:
        return lambda: connected


@final
class _LinkToMethod(ref[Any]):
    """
    A reference to the object of a method.
    """

    __slots__ = ("function",)

    function: ref[Any]


def _links(references: Sequence[Getter]) -> tuple[Counted, Counted]:
    """
    Return the links to functions and those to methods for sync receivers; one of both is ASK.
    """
    if not all(type(reference) is WeakMethod for reference in references) or not references:
        return counted(references), ASK
    links = []
    for reference in references:
        method = reference()
        if type(method) is not MethodType:
            return counted(references), ASK
        link = _LinkToMethod(method.__self__)
        link.function = ref(method.__func__)
        links.append(link)
    return ASK, counted(links)
