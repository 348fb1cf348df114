"""
Public information about a connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, final

from typed_signals._shared.callables import receiver_name
from typed_signals._shared.caller import line_of
from typed_signals._shared.messages import shown

from .identity import receiver_key
from .references import receiver_reference

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from types import CodeType


class Deferral(NamedTuple):
    """
    How a receiver is called later than the send.
    """

    on_commit: bool
    """Whether it waits until the transaction is committed."""

    in_background: bool = False
    """Whether it runs in the background."""

    engine: str | None = None
    """The name of the engine that runs it there; None if that is not known yet."""

    queue: str | None = None
    """The queue; None for that of the engine."""

    priority: int | None = None
    """The priority; None for that of the engine."""

    def __str__(self) -> str:
        if not self.in_background:
            return "on commit"
        parts = [self.engine] if self.engine else []
        parts += [f"queue {self.queue}"] if self.queue else []
        parts += [f"priority {self.priority}"] if self.priority is not None else []
        parts += ["on commit"] if self.on_commit else []
        return f"in the background ({', '.join(parts)})" if parts else "in the background"


# Django and its tools use these to name a receiver.
NAMED_BY: Final = ("__module__", "__name__", "__qualname__", "__doc__")


class Deferring:
    """
    A receiver that calls another receiver later, for example on commit. It has the same name.

    Attributes:
        receiver: the other receiver; None if it was garbage-collected.
        weak: whether the reference to it is weak.
        deferral: how it is called.
    """

    if TYPE_CHECKING:

        @property
        def deferral(self) -> Deferral: ...

    def __init__(self, receiver: Any, on_death: Callable[[Any], object], *, weak: bool) -> None:
        """
        Args:
            receiver: the other receiver.
            on_death: is called when it dies, if the reference to it is weak.
            weak: whether it is.
        """
        self.weak = weak
        for name in NAMED_BY:
            setattr(self, name, getattr(receiver, name, getattr(type(receiver), name)))
        self._reference = receiver_reference(receiver, on_death, weak=weak)

    @property
    def receiver(self) -> Any:
        """
        The other receiver; None if it was garbage-collected.
        """
        return self._reference()


def is_deferring(connected: object) -> bool:
    """
    Return whether *connected* calls its receiver later.
    """
    # The type is asked, because objects may raise when they are asked for their class.
    return issubclass(type(connected), Deferring)


@final
class _UnknownSender:
    def __repr__(self) -> str:
        return "<unknown sender>"


# The sender of a connection to an unknown sender.
UNKNOWN_SENDER: Final = _UnknownSender()


def given_uid(key: Hashable, connected: Any) -> Hashable:
    """
    Return *key* if it is a ``dispatch_uid``; None if it is the key of the receiver.
    """
    is_ids = type(key) is tuple and all(type(part) is int for part in key)
    if type(key) is not int and not is_ids:
        return key
    receiver = connected.receiver if is_deferring(connected) else connected
    return None if key == receiver_key(receiver, None) else key


@final
class Connection:
    """
    A connection of a receiver to a signal. It is read-only.
    """

    __slots__ = ("_connected", "_dispatch_uid", "_is_async", "_place", "_sender", "_weak")

    def __init__(
        self,
        connected: Callable[[], Any],
        sender: Callable[[], Any] | None,
        dispatch_uid: Hashable,
        *,
        weak: bool,
        is_async: bool,
        place: tuple[CodeType, int] | None,
    ) -> None:
        """
        Args:
            connected: returns the connected object; None if it was garbage-collected.
            sender: returns the sender; None if it is connected to all senders.
            dispatch_uid: the ``dispatch_uid`` that was passed to ``connect``; None without one.
            weak: whether the reference to the connected object is weak.
            is_async: whether it is awaited.
            place: the code and the instruction that called ``connect``, if they are known.
        """
        self._connected = connected
        self._sender = sender
        self._dispatch_uid = dispatch_uid
        self._weak = weak
        self._is_async = is_async
        self._place = place

    @property
    def receiver(self) -> Callable[..., Any] | None:
        """
        The connected callable; None if it was garbage-collected in the meantime.
        """
        connected: Any = self._connected()
        receiver: Callable[..., Any] | None
        receiver = connected.receiver if is_deferring(connected) else connected
        return receiver

    @property
    def sender(self) -> Any:
        """
        The sender that the receiver is connected to; None for all senders, or if the sender was
        garbage-collected in the meantime.

        On Django's dispatcher, it is an object with the repr ``<unknown sender>`` if Django only
        stores the ``id`` of the sender, and no object with a name has this ``id``.
        """
        return None if self._sender is None else self._sender()

    @property
    def dispatch_uid(self) -> Hashable:
        """
        The ``dispatch_uid`` that was passed to ``connect``, or None.
        """
        return self._dispatch_uid

    @property
    def weak(self) -> bool:
        """
        Whether the connection has only a weak reference to the receiver.
        """
        connected: Any = self._connected()
        return connected.weak if is_deferring(connected) else self._weak

    @property
    def is_async(self) -> bool:
        """
        Whether the receiver is awaited, as determined by ``inspect.iscoroutinefunction``.
        """
        return self._is_async

    @property
    def is_deferred(self) -> bool:
        """
        Whether the receiver is called later than the send: on commit, or in the background.
        """
        return is_deferring(self._connected())

    @property
    def deferral(self) -> Deferral | None:
        """
        How the receiver is called later than the send; None if the send calls it.

        It is a named tuple: ``on_commit``, ``in_background``, ``engine``, ``queue``, ``priority``.
        As text, it is like ``in the background (celery, queue mail, on commit)``.
        """
        connected: Any = self._connected()
        return connected.deferral if is_deferring(connected) else None

    @property
    def connected_at(self) -> str | None:
        """
        Where ``connect`` was called, as ``file:line``; None for Django's own ``connect``.
        """
        if self._place is None:
            return None
        code, at = self._place
        return f"{code.co_filename}:{line_of(code, at)}"

    def __repr__(self) -> str:
        receiver = self.receiver
        parts = ["collected" if receiver is None else receiver_name(receiver)]
        if self._sender is not None:
            sender = self.sender
            parts.append(f"sender={'collected' if sender is None else shown(sender)}")
        if self.dispatch_uid is not None:
            parts.append(f"dispatch_uid={shown(self.dispatch_uid)}")
        facts = {"strong": not self.weak, "async": self.is_async}
        parts += [word for word, is_so in facts.items() if is_so]
        if (deferral := self.deferral) is not None:
            parts.append(str(deferral))
        if self._place is not None:
            parts.append(f"connected at {self.connected_at}")
        return f"<Connection {', '.join(parts)}>"
