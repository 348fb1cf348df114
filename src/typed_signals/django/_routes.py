"""
The list of connections of a signal, and which receivers a send has to call.

Django searches this list for each send. Ours remembers the result, a *route*, until the list
changes: it is a list that notices each change. Tools may change it without the signal's lock, or
assign a list of another class. There, changes cannot be noticed, so nothing is remembered.

A route keeps nothing alive that the list does not keep alive. Another object may get the ``id`` of
a sender that died, so a route for one sender has a weak reference to it.
"""

from __future__ import annotations

from contextlib import suppress
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

    # The links to functions, or None if there are no receivers, and those to methods, for generated
    # code; the sender, or None for all that have no connections of their own; and the receivers, or
    # None if they are not known.
    RouteOfSender: TypeAlias = tuple[Counted | None, Counted, ref[Any] | None, Getters | None]

    # The links to functions, and those to methods, of all senders, or ASK if it depends on the
    # sender; and the routes by sender. They are in one tuple, so that no other thread can change
    # them between two reads.
    Plan: TypeAlias = tuple[Counted | None, Counted, "RoutesBySender"]

# Searching so many entries does not take longer than looking up a key.
_FEW: Final = 8

# How many senders a plan may have before it gets no more.
_MANY: Final = 5_000

_UNKNOWN_ROUTE: Final[RouteOfSender] = (ASK, ASK, None, None)


@final
class RoutesBySender(dict[Any, "RouteOfSender"]):
    """
    The routes by the key of the sender; under None, that of all senders that are not there.

    The key is the id of the sender. Only for a method it is a tuple, as in Django.
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
        plan: that of the class before the first send.
    """

    plan: Plan = (ASK, ASK, RoutesBySender({None: _UNKNOWN_ROUTE}))


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

    def knows(self, key: Any) -> bool | None:
        """
        Return whether there is an entry with this key; None if only a search can tell.
        """
        keys = self._keys
        try:
            # Without the lock, another thread may have changed the list while this was set.
            if keys is None and len(self) > _FEW:
                self._keys = keys = {entry[0] for entry in self}
            if keys is not None and len(keys) != len(self):  # or two entries have the same key
                self._keys = keys = None
            known = None if keys is None else key in keys
        except TypeError:  # a dispatch_uid does not have to be hashable
            known = None
        return known

    def clear_dead(self) -> None:
        """
        Remove the entries whose receiver or sender was garbage-collected.
        """
        everything = slice(None)
        while True:
            routes = self.routes
            live = [entry for entry in self if not is_dead(entry)]
            is_clear = len(live) == len(self)
            # Unless a finalizer has connected or disconnected in between:
            if self.routes is routes:
                list.__setitem__(self, everything, live)
                _forget(self)
                # A strong connection to a dead sender may have kept the receiver of another one.
                if is_clear:
                    return

    # In the next two methods, nothing can run between the test and the change, only after it.

    def append_if(self, routes: Routes, entry: Any) -> bool:
        """
        Append an entry with a new key, unless the list has changed since it had these *routes*.
        """
        first, last = Routes(), Routes()  # before the test, because this may run finalizers
        if self.routes is not routes:
            return False
        keys, self._keys, self.routes = self._keys, None, first
        list.append(self, entry)
        self.routes = last
        if keys is not None:
            with suppress(TypeError):  # a dispatch_uid does not have to be hashable
                keys.add(entry[0])
            self._keys = keys
        return True

    def delete_if(self, routes: Routes, index: int) -> bool:
        """
        Delete an entry, unless the list has changed since it had these *routes*.
        """
        first, last = Routes(), Routes()
        if self.routes is not routes:
            return False
        key = self[index][0]
        keys, self._keys, self.routes = self._keys, None, first
        list.__delitem__(self, index)
        self.routes = last
        # A set does not get smaller.
        if keys is not None and len(keys) > _FEW:
            keys.discard(key)
            self._keys = keys
        return True

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


for _name in (
    "__delitem__",
    "__iadd__",
    "__imul__",
    "__setitem__",
    "append",
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


def add_entry(receivers: list[Any], entry: Any) -> bool:
    """
    Append *entry* to ``receivers`` of a signal, unless there is one with its key.

    Returns:
        Whether it was appended.
    """
    key = entry[0]
    if type(receivers) is not Receivers:
        is_new = not any(each[0] == key for each in receivers)
        if is_new:
            receivers.append(entry)
        return is_new
    while True:
        routes = receivers.routes
        known = receivers.knows(key)
        if known or (known is None and any(each[0] == key for each in receivers)):
            return False
        if receivers.append_if(routes, entry):
            return True


def delete_key(receivers: list[Any], key: Any) -> bool:
    """
    Delete the first entry with this key in ``receivers`` of a signal; return whether there is one.
    """
    if type(receivers) is Receivers:
        while True:
            index, routes = _search(receivers, key)
            if index is None or receivers.delete_if(routes, index):
                return index is not None
    for index, entry in enumerate(receivers):
        if entry[0] == key:
            del receivers[index]
            return True
    return False


def _search(receivers: Receivers, key: Any) -> tuple[int | None, Routes]:
    """
    Return the index of the first entry with this key, if there is one, and the routes of the list.
    """
    while True:
        routes = receivers.routes
        entries: Iterable[tuple[int, Any]] = enumerate(receivers)
        if (is_known := receivers.knows(key)) is not None:
            # There is only one. The last ones are often deleted first, as by ``with`` blocks.
            entries = zip(reversed(range(len(receivers))), reversed(receivers), strict=False)
        found = (index for index, entry in entries if entry[0] == key)
        index = None if is_known is False else next(found, None)
        # Unless a comparison or a finalizer has changed the list in between:
        if receivers.routes is routes:
            return index, routes


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
        if receivers:  # while a tool has emptied it, there is nothing to clear
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
    _, _, by_sender = receivers.routes.plan
    _, _, of_sender, getters = by_sender[id(sender)]
    return getters if of_sender is None or of_sender() is sender else None


def _find_getters(receivers: Receivers, sender: object) -> Getters:
    """
    Find the receivers for *sender*, and remember the route.
    """
    routes = receivers.routes  # before the list is read
    plan = routes.plan
    # A copy, because another thread that deletes an entry would make this one skip another.
    entries = parts_of(receivers[:])
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
        is_reference = isinstance(connected, ReferenceType)
        getter = connected if is_reference else _getter_of(connected)
        (asynchronous if is_async else sync).append(getter)
    getters = (tuple(sync), tuple(asynchronous))
    functions, methods = (ASK, ASK) if asynchronous else _links(getters[0])
    if plan is Routes.plan:
        keys = {sender_key for sender_key, *_ in entries}
        routes.plan = plan = _new_plan(functions, methods, keys)
    if can_remember:
        _remember(plan, sender, (functions, methods, of_sender, getters))
    return getters


def _getter_of(receiver: Any) -> Getter:
    """
    Return a reference to a strongly connected *receiver*.
    """
    try:
        return ref(receiver)  # the entry keeps it alive
    except TypeError:
        return lambda: receiver


def _new_plan(functions: Counted | None, methods: Counted, keys: set[Any]) -> Plan:
    """
    Return the plan for connections to senders with these *keys*.

    Args:
        functions: the links to functions for all senders, if there is no other sender.
        methods: those to methods.
        keys: the keys of the senders.
    """
    keys.discard(NONE_ID)
    if not keys:
        return functions, methods, RoutesBySender({None: _UNKNOWN_ROUTE})
    return ASK, ASK, RoutesBySender(dict.fromkeys((None, *keys), _UNKNOWN_ROUTE))


def _remember(plan: Plan, sender: object, route: RouteOfSender) -> None:
    _, _, by_sender = plan
    functions, methods, of_sender, getters = route
    if len(by_sender) == 1:  # the same for all senders
        by_sender[None] = route
    elif of_sender is not None:
        by_sender[id(sender)] = route
    elif isinstance(sender, type) and len(by_sender) < _MANY:
        # Most senders are classes, and there are not many of them. Those that die stay there.
        by_sender[id(sender)] = (functions, methods, ref(sender), getters)
    # A copy, because another thread may add a route.
    elif not any(type(key) is tuple for key in tuple(by_sender)):
        # A method would not be found by its id.
        by_sender[None] = route


@final
class _LinkToMethod(ref[Any]):
    """
    A reference to the object of a method.
    """

    __slots__ = ("function",)

    function: ref[Any]


def _links(references: tuple[Getter, ...]) -> tuple[Counted | None, Counted]:
    """
    Return the links to functions, or None if there are no receivers, and those to methods; one of
    both is ASK.
    """
    if not references:
        return None, ASK
    if type(references[0]) is not WeakMethod:
        return counted(references), ASK
    links = []
    for reference in references:
        method = reference() if type(reference) is WeakMethod else None
        if type(method) is not MethodType:
            return counted(references), ASK
        link = _LinkToMethod(method.__self__)
        link.function = ref(method.__func__)
        links.append(link)
    return ASK, counted(links)
