"""
The connected receivers of a signal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from typed_signals._connect.connection import UNKNOWN_SENDER
from typed_signals._receiver import is_declared
from typed_signals._shared.callables import receiver_module, receiver_name
from typed_signals._shared.messages import shown
from typed_signals._watch.kinds import kinds

from ._find import is_djangos

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typed_signals._connect.connection import Connection

    from ._find import Found


class Receiver(NamedTuple):
    """
    A connected receiver.

    Attributes:
        name: its full name.
        module: the name of its module.
        details: what else is shown.
    """

    name: str
    module: str
    details: list[str]


def receivers_of(found: Found) -> list[Receiver]:
    """
    Return the connected receivers of a signal, in the order in which they are called.
    """
    signal = found.signal
    if (connections := _connections(signal)) is not None:
        return [_connected(each) for each in connections if each.receiver is not None]
    return [
        Receiver(receiver_name(receiver), receiver_module(receiver), [])
        for kind in kinds()
        if kind.is_one(signal)
        for receiver in kind.receivers_of(signal)
        if receiver is not None
    ]


def _connections(signal: Any) -> Iterable[Connection] | None:
    """
    Return the connections of a signal of ours or of Django; None for others.
    """
    if is_djangos(signal):
        from typed_signals.django._live_connections import connections_of  # Django is installed

        return [each.connection for *_, live in connections_of([("", signal)]) for each in live]
    return signal.connections if is_declared(signal) else None


def _connected(connection: Connection) -> Receiver:
    receiver, sender = connection.receiver, connection.sender
    details = []
    if sender is UNKNOWN_SENDER:
        details.append("sender unknown")
    elif sender is not None:
        is_class = issubclass(type(sender), type)
        details.append(f"sender {receiver_name(sender) if is_class else shown(sender)}")
    if connection.deferral is not None:
        details.append(str(connection.deferral))
    return Receiver(receiver_name(receiver), receiver_module(receiver), details)
