"""
Who listens, and to which sender.

Receivers and senders are recognised by identity, as Django's dispatcher does, and held weakly.
Nothing here scans: connecting takes a dictionary look-up, and each sender that somebody asked
for by name has a *route*, the references to call for it, made at the first send after a change.

Threads and the garbage collector may come in between any two steps. So

* ``_groups`` is the truth, and one dictionary operation connects or disconnects;
* a callback from the collector only appends to ``_dead``, because it may run while this very
  thread holds the lock. The next call that holds the lock clears away what is named there;
* the lock is re-entrant, because the collector may run a finalizer that disconnects;
* objects are let go only after the lock is, because that runs code of theirs.
"""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING, Any, NamedTuple, final

from ._connection import ANY_SENDER, Connection, connection_key, key_of_sender, warn_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from types import FrameType

    from ._connection import Key, Reference


class Route(NamedTuple):
    """
    The references to call for one sender, in the order of their connection.
    """

    sync: tuple[Reference, ...]
    asynchronous: tuple[Reference, ...]


@final
class _Group:
    """
    The connections to one sender.
    """

    __slots__ = ("connections", "sender")

    def __init__(self, sender: Reference | None) -> None:
        self.sender = sender
        self.connections: dict[Key, Connection] = {}

    def is_dead(self) -> bool:
        return self.sender is not None and self.sender() is None


@final
class Connections:
    """
    The live connections of one signal.
    """

    __slots__ = ("_changes", "_dead", "_groups", "_lock", "_routes")

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._changes = 0
        self._groups: dict[int, _Group] = {}
        self._routes: dict[int, Route] = {}
        # Keys of collected receivers, and ids of collected senders.
        self._dead: list[Key | int] = []

    def add(
        self,
        receiver: Any,
        sender: object,
        *,
        weak: bool,
        dispatch_uid: Hashable,
        is_async: bool,
        frame: FrameType,
        suspect: str | None,
    ) -> None:
        """
        Connect, unless the same receiver (or ``dispatch_uid``) and sender are connected already.

        Raises:
            TypeError: *dispatch_uid* is unhashable.
        """
        key = connection_key(receiver, sender, dispatch_uid)
        connection = Connection(
            receiver,
            key,
            weak=weak,
            dispatch_uid=dispatch_uid or None,
            is_async=is_async,
            frame=frame,
            suspect=suspect,
            on_death=self._on_death(key),
        )
        group = _Group(self._refer_to_sender(sender, key[1]))
        with self._lock:
            dropped = self._clear_dead()
            if self._find(key) is None:
                self._enlist(connection, group)
                self._forget_routes(key[1])
        warn_of(dropped)

    def remove(self, receiver: object, sender: object, dispatch_uid: Hashable) -> bool:
        """
        Disconnect; return whether there was such a connection.
        """
        key = connection_key(receiver, sender, dispatch_uid)
        with self._lock:
            dropped = self._clear_dead()
            removed = self._drop(key)
        warn_of(dropped)
        return removed is not None

    def knows(self, receiver: object, sender: object, dispatch_uid: Hashable) -> bool:
        """
        Tell whether there is such a connection already.
        """
        self._clear()
        return self._find(connection_key(receiver, sender, dispatch_uid)) is not None

    def live(self, sender: object) -> tuple[list[Any], list[Any]]:
        """
        Return the receivers to call for *sender*, the sync and the async ones.

        They are held strongly from here on: what is connected, disconnected or collected while
        they run makes no difference to this send.
        """
        self._clear()
        key = key_of_sender(sender)
        route = self._routes.get(key)
        if route is None and key not in self._groups:
            route = self._routes.get(ANY_SENDER)
        if route is None:
            route = self._make_route(key)
        return (
            [receiver for reference in route.sync if (receiver := reference()) is not None],
            [receiver for reference in route.asynchronous if (receiver := reference()) is not None],
        )

    def has(self, sender: object) -> bool:
        """
        Tell whether a send from *sender* would reach anybody.
        """
        self._clear()
        with self._lock:
            candidates = self._connected_to(key_of_sender(sender))
        return any(connection.receiver is not None for connection in candidates)

    def all(self) -> list[Connection]:
        """
        Return the live connections in order.
        """
        self._clear()
        with self._lock:
            groups = list(self._groups.values())
            connections = [each for group in groups for each in list(group.connections.values())]
        connections.sort(key=_serial)
        return [connection for connection in connections if connection.receiver is not None]

    def _on_death(self, key: Key | int) -> Callable[[object], None]:
        dead = self._dead
        return lambda _reference: dead.append(key)

    def _refer_to_sender(self, sender: object, key: int) -> Reference | None:
        if sender is None:
            return None
        try:
            return weakref.ref(sender, self._on_death(key))
        except TypeError:
            # Held, so that its id is not given to another object while it is connected.
            return lambda: sender

    def _find(self, key: Key) -> Connection | None:
        group = self._groups.get(key[1])
        return None if group is None else group.connections.get(key)

    def _connected_to(self, sender_key: int) -> list[Connection]:
        """
        Return the connections that a send from that sender reaches. The caller holds the lock.
        """
        connections: list[Connection] = []
        for key in {ANY_SENDER, sender_key}:
            if (group := self._groups.get(key)) is not None:
                connections.extend(group.connections.values())
        return connections

    def _make_route(self, sender_key: int) -> Route:
        with self._lock:
            dropped = self._clear_dead()
            while True:
                changes = self._changes
                key = sender_key if sender_key in self._groups else ANY_SENDER
                connections = sorted(self._connected_to(key), key=_serial)
                for connection in connections:
                    connection._reached = True
                route = Route(
                    tuple(c._reference for c in connections if not c._is_async),
                    tuple(c._reference for c in connections if c._is_async),
                )
                self._routes[key] = route
                # Unless a finalizer connected or disconnected just now:
                if changes == self._changes:
                    break
        warn_of(dropped)
        return route

    def _forget_routes(self, sender_key: int) -> None:
        self._changes += 1
        if sender_key == ANY_SENDER:
            self._routes.clear()
        else:
            self._routes.pop(sender_key, None)

    def _enlist(self, connection: Connection, new_group: _Group) -> None:
        """
        Put *connection* into its sender's group, *new_group* if there is none yet.
        """
        key = connection._key
        while True:
            group = self._groups.setdefault(key[1], new_group)
            connection._sender = group.sender
            group.connections.setdefault(key, connection)
            # Unless a finalizer emptied the group, and thereby removed it, just before:
            if self._groups.get(key[1]) is group:
                return

    def _drop(self, key: Key) -> Connection | None:
        """
        Take a connection out of its group. The caller holds the lock.
        """
        sender_key = key[1]
        group = self._groups.get(sender_key)
        connection = None if group is None else group.connections.pop(key, None)
        if group is None or connection is None:
            return None
        if not group.connections:
            emptied = self._groups.pop(sender_key, None)
            if emptied is not None:
                # A finalizer may have connected something in between.
                for newcomer in list(emptied.connections.values()):
                    self._enlist(newcomer, emptied)
        # Last, because a finalizer may have sent in between, and so made a route again.
        self._forget_routes(sender_key)
        return connection

    def _clear(self) -> None:
        if self._dead:
            with self._lock:
                dropped = self._clear_dead()
            warn_of(dropped)

    def _clear_dead(self) -> list[Connection]:
        """
        Take out what the collector named. The caller holds the lock, and lets go of what is
        returned when it no longer does.
        """
        dropped: list[Connection] = []
        while self._dead:
            try:
                dead = self._dead.pop()
            except IndexError:  # a finalizer came here first
                break
            keys: list[Key] = []
            if not isinstance(dead, int):
                connection = self._find(dead)
                # The key may be another receiver's by now, connected before this was cleared.
                if connection is not None and connection.receiver is None:
                    keys = [dead]
            elif (group := self._groups.get(dead)) is not None and group.is_dead():
                keys = list(group.connections)
            dropped += [gone for key in keys if (gone := self._drop(key)) is not None]
        return dropped


def _serial(connection: Connection) -> int:
    return connection._serial
