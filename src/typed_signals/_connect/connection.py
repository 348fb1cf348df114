"""
One connection, for people and tools to read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

from typed_signals._shared.callables import receiver_name
from typed_signals._shared.frames import line_of
from typed_signals._shared.messages import shown

from .references import StrongLink, receiver_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from .references import Link


@final
class Connection:
    """
    One receiver's connection to a signal, for people and tools to read.
    """

    __slots__ = ("_link", "_sender")

    def __init__(self, link: Link, sender: Callable[[], Any] | None) -> None:
        self._link = link
        self._sender = sender

    @property
    def receiver(self) -> Callable[..., Any] | None:
        """
        The connected callable; None if it was collected after this object was read.
        """
        receiver: Callable[..., Any] | None = receiver_of(self._link)
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
        return self._link.dispatch_uid

    @property
    def weak(self) -> bool:
        """
        Whether the receiver is held by a weak reference.
        """
        return not isinstance(self._link, StrongLink)

    @property
    def is_async(self) -> bool:
        """
        Whether the receiver is awaited, decided by ``inspect.iscoroutinefunction``.
        """
        return self._link.is_async

    @property
    def connected_at(self) -> str:
        """
        Where ``connect`` was called, as ``file:line``.
        """
        return f"{self._link.code.co_filename}:{line_of(self._link.code, self._link.at)}"

    def __repr__(self) -> str:
        receiver = self.receiver
        parts = ["collected" if receiver is None else receiver_name(receiver)]
        if self._sender is not None:
            parts.append(f"sender={shown(self.sender)}")
        if self.dispatch_uid is not None:
            parts.append(f"dispatch_uid={shown(self.dispatch_uid)}")
        parts += [
            word for word, said in (("strong", not self.weak), ("async", self.is_async)) if said
        ]
        return f"<Connection {', '.join(parts)}, connected at {self.connected_at}>"
