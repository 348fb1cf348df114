"""
The receivers in the background that this process knows: those that it has connected.

A worker imports the same modules as the sender, and so connects the same receivers. A delivery
names its receiver, which is looked up here; nothing is ever imported because a delivery names it.
"""

from __future__ import annotations

import sys
import weakref
from typing import TYPE_CHECKING, Any, Final, final

from typed_signals._connect.identity import receiver_key
from typed_signals._connect.references import receiver_reference
from typed_signals._shared.callables import (
    describe_receiver,
    is_method,
    receiver_module,
    receiver_place,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@final
class Registered:
    """
    A receiver in the background of one signal.

    There are only weak references to both: a receiver that is disconnected still gets the
    deliveries that were sent before, as long as it exists.

    Attributes:
        signal_name: the dotted name of the signal.
        key: the key of the receiver among those of the signal.
        named: the keys and other arguments that the receiver names, and whether they are only known
            from ``__wrapped__``.
    """

    __slots__ = (
        "_identity",
        "_place",
        "_receiver",
        "_signal",
        "_spec",
        "key",
        "named",
        "signal_name",
    )

    def __init__(
        self, signal: Any, signal_name: str, receiver: Any, key: str, named: Mapping[str, bool]
    ) -> None:
        self.signal_name = signal_name
        self.key = key
        self.named = named
        self._identity = receiver_key(receiver, None)
        self._place = receiver_place(receiver) or ""
        self._spec = getattr(sys.modules.get(receiver_module(receiver)), "__spec__", None)
        self._signal = weakref.ref(signal)
        self._receiver: Callable[[], Any]
        try:
            self._receiver = receiver_reference(receiver, None, weak=True)
        except TypeError:
            self._receiver = receiver_reference(receiver, None, weak=False)

    @property
    def signal(self) -> Any:
        """
        The signal; None if it was garbage-collected.
        """
        return self._signal()

    @property
    def receiver(self) -> Any:
        """
        The receiver; None if it or the signal was garbage-collected.
        """
        return None if self._signal() is None else self._receiver()

    @property
    def _is_connected(self) -> bool:
        from typed_signals._watch.kinds import signal_kind  # only where it is used

        receivers = signal_kind(self.signal).receivers_of(self.signal)
        return any(receiver_key(each, None) == self._identity for each in receivers)

    def is_replaced_by(self, other: Registered) -> bool:
        """
        Return whether *other* is the same receiver, or is defined by executing its module again, or
        this one is not connected any more.
        """
        known, new = self.receiver, other.receiver
        if known is None or self._identity == other._identity or not self._is_connected:
            return True
        if self._place and self._place == other._place:
            return True
        if named_place(known) != named_place(new):
            return False
        # A module has another spec each time that it is executed. A notebook has none, and executes
        # each cell as a file of its own.
        file, other_file = (each._place.rpartition(":")[0] for each in (self, other))
        return self._spec is not other._spec or file != other_file


# Also those that are not connected any more: the next one with the same names replaces it.
_registered: Final[dict[tuple[str, str], Registered]] = {}


def conflict_of(registered: Registered) -> str | None:
    """
    Return why *registered* cannot be registered; None if it can.
    """
    known = _registered.get((registered.signal_name, registered.key))
    if known is None or known.is_replaced_by(registered):
        return None
    return (
        f"{describe_receiver(known.receiver)} has the same key {registered.key!r}: pass another "
        "dispatch_uid to one of the two"
    )


def register(registered: Registered) -> None:
    """
    Let deliveries find *registered*.
    """
    _registered[registered.signal_name, registered.key] = registered


def find(signal_name: str, key: str) -> Registered | None:
    """
    Return the receiver with this *key* of the signal with this name; None if there is none.
    """
    return _registered.get((signal_name, key))


def keys_of_receivers(signal_name: str) -> list[str]:
    """
    Return the keys of the receivers of the signal with this name.
    """
    known = list(_registered.values())
    return [
        each.key for each in known if each.signal_name == signal_name and each.receiver is not None
    ]


def named_place(receiver: Any) -> str:
    """
    Return ``module.qualname`` of *receiver*, which has a name.
    """
    if is_method(receiver):
        owner = receiver.__self__
        return f"{owner.__module__}.{owner.__qualname__}.{receiver.__name__}"
    return f"{receiver.__module__}.{receiver.__qualname__}"
