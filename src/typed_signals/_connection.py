"""
One connection: which receiver, held how, recognised by what.
"""

from __future__ import annotations

import warnings
import weakref
from itertools import count
from typing import TYPE_CHECKING, Any, Final, TypeAlias, final

from ._describe import receiver_name
from .exceptions import ReceiverCollectedWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from types import FrameType

    # Returns the object, or None once it was collected.
    Reference: TypeAlias = Callable[[], Any]
    Key: TypeAlias = tuple[Hashable, int]

# The key of the connections that listen to any sender; no object has this id().
ANY_SENDER: Final = -1

# Connections are called in this order.
_serials = count()


def _is_method(receiver: object) -> bool:
    return hasattr(receiver, "__self__") and hasattr(receiver, "__func__")


def can_be_weak(receiver: Any) -> bool:
    """
    Tell whether a weak reference can hold *receiver*.
    """
    try:
        weakref.ref(receiver.__self__ if _is_method(receiver) else receiver)
    except TypeError:
        return False
    return True


def connection_key(receiver: Any, sender: object, dispatch_uid: Hashable) -> Key:
    """
    Return what makes two connections the same; every access to a method makes a new object.
    """
    if dispatch_uid:
        try:
            hash(dispatch_uid)
        except TypeError:
            raise TypeError(
                f"dispatch_uid must be hashable, which {dispatch_uid!r} is not: use a string"
            ) from None
        return (dispatch_uid, key_of_sender(sender))
    if _is_method(receiver):
        return ((id(receiver.__self__), id(receiver.__func__)), key_of_sender(sender))
    return (id(receiver), key_of_sender(sender))


def key_of_sender(sender: object) -> int:
    return ANY_SENDER if sender is None else id(sender)


@final
class Connection:
    """
    One receiver's connection to a signal, for people and tools to read.
    """

    __slots__ = (
        "_code",
        "_dispatch_uid",
        "_is_async",
        "_key",
        "_line",
        "_reached",
        "_reference",
        "_sender",
        "_serial",
        "_suspect",
        "_weak",
    )

    def __init__(
        self,
        receiver: Any,
        key: Key,
        *,
        weak: bool,
        dispatch_uid: Hashable,
        is_async: bool,
        frame: FrameType,
        suspect: str | None,
        on_death: Callable[[object], None],
    ) -> None:
        self._key = key
        self._serial = next(_serials)
        self._sender: Reference | None = None
        self._weak = weak
        self._dispatch_uid = dispatch_uid
        self._is_async = is_async
        self._code = frame.f_code
        self._line = frame.f_lineno
        # Its description, if it looks like an object that nothing else holds.
        self._suspect = suspect
        # Whether a send could have called it.
        self._reached = False
        self._reference: Reference
        if not weak:
            self._reference = lambda: receiver
        elif _is_method(receiver):
            self._reference = weakref.WeakMethod(receiver, on_death)
        else:
            self._reference = weakref.ref(receiver, on_death)

    @property
    def receiver(self) -> Callable[..., Any] | None:
        """
        The connected callable; None if it was collected after this object was read.
        """
        receiver: Callable[..., Any] | None = self._reference()
        return receiver

    @property
    def sender(self) -> Any:
        """
        The sender that the receiver listens to; None if it listens to all of them.
        """
        return None if self._sender is None else self._sender()

    @property
    def dispatch_uid(self) -> Hashable:
        """
        The ``dispatch_uid`` that ``connect`` was given, or None.
        """
        return self._dispatch_uid

    @property
    def weak(self) -> bool:
        """
        Whether the receiver is held by a weak reference.
        """
        return self._weak

    @property
    def is_async(self) -> bool:
        """
        Whether the receiver is awaited, decided by ``inspect.iscoroutinefunction``.
        """
        return self._is_async

    @property
    def connected_at(self) -> str:
        """
        Where ``connect`` was called, as ``file:line``.
        """
        return f"{self._code.co_filename}:{self._line}"

    def __repr__(self) -> str:
        receiver = self.receiver
        parts = ["collected" if receiver is None else receiver_name(receiver)]
        if self._sender is not None:
            parts.append(f"sender={self.sender!r}")
        if self._dispatch_uid is not None:
            parts.append(f"dispatch_uid={self._dispatch_uid!r}")
        parts += [
            word for word, said in (("strong", not self._weak), ("async", self._is_async)) if said
        ]
        return f"<Connection {', '.join(parts)}, connected at {self.connected_at}>"


def warn_of(dropped: Iterable[Connection]) -> None:
    """
    Warn of receivers that nothing but their weak connection ever knew.
    """
    for connection in dropped:
        if (
            connection._suspect is not None
            and not connection._reached
            and connection.receiver is None
        ):
            warnings.warn_explicit(
                f"receiver {connection._suspect} was garbage-collected before any send could reach "
                "it: connect() holds receivers weakly, and nothing else held this one. Connect a "
                "module-level function, keep a reference to the receiver, or pass weak=False",
                ReceiverCollectedWarning,
                connection._code.co_filename,
                connection._line,
            )
