"""
Who is told what is connected and disconnected, for ``typed_signals.testing.isolate``.

Usually nobody is, so each change only looks at an empty list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from typed_signals._shared.replaced_methods import ReplacedMethods

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from .connection import Connection


class Change(NamedTuple):
    """
    A connection that was made or removed.

    Attributes:
        signal: the signal.
        key: identifies the connection, as long as ``undo`` exists.
        is_connected: True if it was made, False if it was removed. None if ``key`` identifies a
            receiver, and ``undo`` restores all its connections.
        undo: restores the state before the change; returns whether it had to change anything. It
            does nothing if the receiver or the sender was garbage-collected.
        read: returns the connection, or None if the receiver was garbage-collected.
    """

    signal: Any
    key: Hashable
    is_connected: bool | None
    undo: Callable[[], bool]
    read: Callable[[], Connection | None]


# Called for each change, while the signal may be locked.
recorders: Final[list[Callable[[Change], object]]] = []

# Methods of classes of other packages that are replaced to record changes.
replaced: Final = ReplacedMethods()


def record_change(change: Change) -> None:
    for recorder in tuple(recorders):
        recorder(change)


def unhooked(function: Any) -> Any:
    """
    Return the method that *function* replaces to record changes; otherwise *function* itself.
    """
    return replaced.original_of(function) if replaced else function
