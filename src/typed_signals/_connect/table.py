"""
The connections of a signal: which receivers are connected to which sender.

Receivers and senders are compared by identity, as in Django's dispatcher, and weakly referenced.
Nothing here searches: connecting is a dictionary lookup, and each sender with its own receivers has
a *route*, the links to follow for it, which the first send after a change creates.

Threads and the garbage collector may interrupt between any two steps. So

* ``_groups`` is the source of truth, and one dictionary operation connects or disconnects;
* the collector only appends to ``_dead``, because it may run while the same thread holds the lock.
  The next call that holds the lock removes the dead links. (Until a send could call a receiver, it
  also has a witness of its death, but nothing here waits for it);
* the lock is re-entrant, because the collector may run a finalizer that disconnects. There is one
  lock for all signals, because the finalizer may use another signal;
* objects are released after the lock, because this may run their code;
* no ``with`` or ``try`` contains a loop that ends with a condition, because signal handlers may run
  there. In Python 3.12 to 3.14, their exceptions then leave the block without ending it.
"""

from __future__ import annotations

import os
import sys
from functools import partial
from threading import RLock
from types import MethodType
from typing import TYPE_CHECKING, Any, Final, TypeAlias, final
from weakref import ref

from .changes import Change, record_change, recorders
from .connection import Connection, given_uid
from .identity import ANY_SENDER, key_of_sender
from .references import StrongLink, receiver_of, warn_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from contextlib import AbstractContextManager

    from .lost_receivers import Witness
    from .references import Link

    # Returns the object, or None if it was garbage-collected.
    Reference: TypeAlias = Callable[[], Any]


def _guard(lock: RLock) -> AbstractContextManager[object]:
    """
    Return a context manager that holds *lock*, even if a signal handler raises.

    On Python 3.14, a handler may run between ``__enter__`` and the block, unless ``__enter__`` is
    written in Python, as here. No handler runs between the unpacking, which acquires the lock, and
    the return.
    """

    class Guard:
        def __enter__(self) -> None:
            (_,) = map(acquire, once)

        # Not in Python, because a handler may run before the first line.
        __exit__ = lock.__exit__

    acquire, once = lock.acquire, (True,)
    return Guard()


def _for_with(lock: RLock) -> AbstractContextManager[object]:
    return _guard(lock) if sys.version_info[:2] == (3, 14) else lock


lock = RLock()
_guard_of_lock = _for_with(lock)


def exclusively() -> AbstractContextManager[object]:
    """
    Return a context manager that holds the lock.

    While the interpreter finalizes, no other threads run, and a stopped thread may still hold the
    lock.
    """
    return RLock() if sys.is_finalizing() else _guard_of_lock


def _renew_lock() -> None:
    # A thread that does not exist in the child process may hold it.
    global lock, _guard_of_lock  # noqa: PLW0603 - a lock of the process
    lock = RLock()
    _guard_of_lock = _for_with(lock)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)


# The links to follow for one sender, in the order in which they were connected: the sync, the async
# ones, and whether each of the sync ones leads to the receiver itself, as those to methods do not.
Route: TypeAlias = "tuple[tuple[Link, ...], tuple[Link, ...], bool]"

# The only link, the number of links, and all links; ASK if they are not known. They are in one
# tuple, so that no other thread can connect between two reads.
Counted: TypeAlias = "tuple[Link | None, int, tuple[Link, ...]]"
ASK: Final[Counted] = (None, 0, ())


def counted(links: Iterable[Any]) -> Counted:
    """
    Return all *links*, at least one, for generated code.
    """
    links = tuple(links)
    return links[0] if len(links) == 1 else None, len(links), links


@final
class _SenderReference(ref[Any]):
    """
    A reference to a sender that keeps its key after the sender died.
    """

    __slots__ = ("key",)
    key: int


@final
class _Group:
    """
    The connections to one sender.
    """

    __slots__ = ("links", "sender")

    def __init__(self, sender: Reference | None) -> None:
        self.sender = sender
        self.links: dict[Hashable, Link] = {}


@final
class Connections:
    """
    The live connections of one signal.

    Attributes:
        functions: the links to follow for every sender, if all are sync and lead to the receivers
            themselves; None if no receivers are connected; otherwise ASK.
        methods: the links, if all of them lead to methods. If both are ASK, use :meth:`live`.
        on_death: called with a link when its receiver dies.
    """

    __slots__ = (
        "_changes",
        "_dead",
        "_groups",
        "_routes",
        "functions",
        "methods",
        "on_death",
    )

    def __init__(self) -> None:
        self.functions: Counted | None = None
        self.methods: Counted = ASK
        self._changes = 0
        self._groups: dict[int, _Group] = {}
        self._routes: dict[int, Route] = {}
        # Links to collected receivers, and references to collected senders. To append to a list
        # is one step in C, so no other thread sees a dead link that is not in this list.
        self._dead: list[Any] = []
        self.on_death: Callable[[Any], None] = self._dead.append

    def add(self, link: Link, sender: object, signal: object) -> None:
        """
        Connect, unless a link with the same key is connected to *sender* already.

        Args:
            link: the link to the receiver.
            sender: the sender, or None.
            signal: the signal of these connections.
        """
        key = link.sender_key
        with exclusively():
            dropped = self._clear_dead()
            known = self.find(link.key, key)
            if known is not None and receiver_of(known) is None:
                # A method whose function died: another function has its id now.
                self._drop(link.key, key)
                dropped.append(known)
                known = None
            if known is None:
                group = self._groups.get(key) or _Group(self._refer_to_sender(sender, key))
                self._forget_routes(key)
                self._enlist(link, group)
                self._forget_routes(key)
                if recorders:
                    undo = partial(self._take_out, link)
                    read = partial(_to_read, link, group.sender)
                    record_change(Change(signal, id(link), is_connected=True, undo=undo, read=read))
        warn_of(dropped)

    def remove(self, key: Hashable, sender_key: int, signal: object) -> bool:
        """
        Disconnect from *signal*; return whether there was such a connection.
        """
        with exclusively():
            dropped = self._clear_dead()
            group = self._groups.get(sender_key)
            removed = self._drop(key, sender_key)
            if recorders and removed is not None and group is not None:
                undo = partial(self._put_back, removed, group.sender)
                read = partial(_to_read, removed, group.sender)
                record_change(Change(signal, id(removed), is_connected=False, undo=undo, read=read))
        warn_of(dropped)
        return removed is not None

    def _take_out(self, link: Link) -> bool:
        """
        Remove *link*; return whether its receiver was connected.
        """
        with exclusively():
            dropped = self._clear_dead()
            is_there = self.find(link.key, link.sender_key) is link
            if is_there:
                self._drop(link.key, link.sender_key)
        warn_of(dropped)
        return is_there and receiver_of(link) is not None

    def _put_back(self, link: Link, sender: Reference | None) -> bool:
        """
        Connect a *link* that was removed, in its old place; return whether this was possible.
        """
        key = link.sender_key
        # References, so that neither dies before the link is in the table.
        receiver, held = receiver_of(link), None if sender is None else sender()
        if receiver is None or (sender is not None and held is None):
            return False
        with exclusively():
            dropped = self._clear_dead()
            is_free = self.find(link.key, key) is None
            if is_free:
                group = self._groups.get(key) or _Group(sender)
                self._forget_routes(key)
                self._enlist(link, group)
                self._forget_routes(key)
        warn_of(dropped)
        return is_free

    def knows(self, key: Hashable, sender_key: int) -> bool:
        """
        Return whether there is a live connection with these keys.
        """
        if self._dead:
            self.clear()
        link = self.find(key, sender_key)
        return link is not None and receiver_of(link) is not None

    def find(self, key: Hashable, sender_key: int) -> Link | None:
        """
        Return the connection with these keys, if there is one, dead or alive.
        """
        group = self._groups.get(sender_key)
        return None if group is None else group.links.get(key)

    def live(self, sender: object) -> tuple[list[Any], list[Any]]:
        """
        Return the receivers to call for *sender*, the sync and the async ones.

        These are strong references: if receivers are connected, disconnected or collected while
        others run, this does not change this send.
        """
        if self._dead:
            self.clear()
        functions = self.functions
        if functions is None:
            return [], []
        _, count, links = functions
        if count:
            return [receiver for link in links if (receiver := link()) is not None], []
        key = ANY_SENDER if sender is None else id(sender)
        route = self._routes.get(key)
        if route is None:
            if key not in self._groups:
                route = self._routes.get(ANY_SENDER)
            if route is None:
                route = self._make_route(key)
        sync, asynchronous, is_direct = route
        if is_direct:
            receivers = [receiver for link in sync if (receiver := link()) is not None]
        else:
            receivers = self._follow(sync)
        return receivers, self._follow(asynchronous) if asynchronous else []

    def has(self, sender: object) -> bool:
        """
        Return whether a send from *sender* would call any receiver.
        """
        self.clear()
        with exclusively():
            candidates = self._connected_to(key_of_sender(sender))
        return any(receiver_of(link) is not None for link in candidates)

    def all(self) -> list[Connection]:
        """
        Return the live connections in order.
        """
        self.clear()
        with exclusively():
            groups = list(self._groups.values())
            found = [
                (link, group.sender) for group in groups for link in list(group.links.values())
            ]
        found.sort(key=lambda pair: pair[0].serial)
        return [_to_read(link, sender) for link, sender in found if receiver_of(link) is not None]

    def clear(self) -> None:
        """
        Remove the connections of receivers and senders that were garbage-collected.
        """
        if self._dead:
            with exclusively():
                dropped = self._clear_dead()
            warn_of(dropped)

    def _follow(self, links: Iterable[Link]) -> list[Any]:
        """
        Return the receivers that *links* lead to, methods among them.
        """
        receivers = []
        for link in links:
            receiver = link()
            reference = link.function
            if receiver is not None and reference is not None:
                function = reference()
                if function is None:
                    # Its function was removed from its class, without a call of on_death.
                    self._dead.append(link)
                    continue
                receiver = MethodType(function, receiver)
            if receiver is not None:
                receivers.append(receiver)
        return receivers

    def _refer_to_sender(self, sender: object, key: int) -> Reference | None:
        if sender is None:
            return None
        try:
            reference = _SenderReference(sender, self.on_death)
        except TypeError:
            # A strong reference, so that no other object can get its id while it is connected.
            return lambda: sender
        reference.key = key
        return reference

    def _connected_to(self, sender_key: int) -> list[Link]:
        """
        Return the connections that a send from that sender reaches. The caller holds the lock.
        """
        links: list[Link] = []
        for key in {ANY_SENDER, sender_key}:
            if (group := self._groups.get(key)) is not None:
                links.extend(group.links.values())
        return links

    def _make_route(self, sender_key: int) -> Route:
        suspects: list[Witness] = []
        with exclusively():
            dropped = self._clear_dead()
            route = self._new_route(sender_key, suspects)
        for suspect in suspects:
            suspect.reached()
        warn_of(dropped)
        return route

    def _new_route(self, sender_key: int, suspects: list[Witness]) -> Route:
        """
        Create a route. The caller holds the lock, and clears *suspects* after it released the lock.
        """
        while True:
            changes = self._changes
            key = sender_key if sender_key in self._groups else ANY_SENDER
            links = sorted(self._connected_to(key), key=_serial)
            for link in links:
                if (suspect := link.suspect) is not None:
                    suspects.append(suspect)
                    link.suspect = None
            sync = tuple([link for link in links if not link.is_async])
            asynchronous = tuple([link for link in links if link.is_async])
            is_direct = all(link.function is None for link in sync)
            route = (sync, asynchronous, is_direct)
            is_for_all = not asynchronous and self._groups.keys() <= {ANY_SENDER}
            if is_for_all and is_direct:
                self.functions = counted(sync) if sync else None
            else:
                self._routes[key] = route
                if is_for_all and all(link.function is not None for link in sync):
                    self.methods = counted(sync)
            # Unless a finalizer connected or disconnected just now:
            if changes == self._changes:
                return route

    def _forget_routes(self, sender_key: int) -> None:
        """
        Make the next send create its route.

        This is called before each change, so that the table always contains the connections that
        sends use, at whatever point this thread is stopped. It is also called after each change,
        because a finalizer may have sent in between and created a route.
        """
        self._changes += 1
        self.functions = self.methods = ASK
        if sender_key == ANY_SENDER:
            self._routes.clear()
        else:
            self._routes.pop(sender_key, None)

    def _enlist(self, link: Link, new_group: _Group) -> None:
        """
        Put *link* into its sender's group, *new_group* if there is none yet.
        """
        key = link.sender_key
        while True:
            group = self._groups.setdefault(key, new_group)
            group.links.setdefault(link.key, link)
            # Unless a finalizer just emptied the group, which removes it:
            if self._groups.get(key) is group:
                return

    def _drop(self, key: Hashable, sender_key: int) -> Link | None:
        """
        Remove a connection from its group. The caller holds the lock.
        """
        group = self._groups.get(sender_key)
        if group is None or (group.links and key not in group.links):
            return None
        self._forget_routes(sender_key)
        link = group.links.pop(key, None)
        if not group.links:  # removed just now, or before a signal handler raised
            emptied = self._groups.pop(sender_key, None)
            if emptied is not None:
                # A finalizer may have connected something in between.
                for newcomer in list(emptied.links.values()):
                    self._enlist(newcomer, emptied)
        self._forget_routes(sender_key)
        return link

    def _clear_dead(self) -> list[Link]:
        """
        Remove what the collector named. The caller holds the lock, and releases the returned
        links after it released the lock.
        """
        dropped: list[Link] = []
        while self._dead:
            dead: Any = None
            try:
                dead = self._dead.pop()
                dropped += self._drop_gone_with(dead)
            except BaseException as error:
                if dead is None and isinstance(error, IndexError):  # a finalizer was faster
                    break
                if dead is not None:
                    # A signal handler raised: the next call removes this one.
                    self._dead.append(dead)
                raise
        return dropped

    def _drop_gone_with(self, dead: Any) -> list[Link]:
        """
        Remove the links to or from what the collector named, and return them.
        """
        links = self._links_gone_with(dead)
        dropped = [link for link in links if self._drop(link.key, link.sender_key)]
        if not links:  # also a group that was not removed because a signal handler raised
            self._drop(None, dead.key if isinstance(dead, _SenderReference) else dead.sender_key)
        return dropped

    def _links_gone_with(self, dead: Any) -> list[Link]:
        """
        Return the links in the table to or from what the collector named.

        Another connection may have the same keys now, if it was connected before they were removed.
        """
        if not isinstance(dead, _SenderReference):
            link = self.find(dead.key, dead.sender_key)
            return [link] if link is not None and link is dead else []
        group = self._groups.get(dead.key)
        return list(group.links.values()) if group is not None and group.sender is dead else []


def _to_read(link: Link, sender: Reference | None) -> Connection:
    return Connection(
        partial(receiver_of, link),
        sender,
        given_uid(link.dispatch_uid, receiver_of(link)),
        weak=not isinstance(link, StrongLink),
        is_async=link.is_async,
        place=(link.code, link.at),
    )


def _serial(link: Link) -> int:
    return link.serial


# The connections of all signals that never had a receiver.
NOBODY: Final = Connections()
