"""
The identity of a connection: the receiver, or its ``dispatch_uid``, and the sender.

Receivers and senders are compared by identity, as in Django's dispatcher.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from typed_signals._shared.callables import is_method
from typed_signals._shared.messages import shown
from typed_signals._shared.raising import refuse

if TYPE_CHECKING:
    from collections.abc import Hashable

    # The keys of the receiver and of the sender, and the ``dispatch_uid`` if it is the first key.
    Identity: TypeAlias = tuple[Hashable, int, Hashable]

# The key of connections to all senders; no object has this id().
ANY_SENDER: Final = -1


def receiver_key(receiver: Any, dispatch_uid: Hashable) -> Hashable:
    """
    Return the key that identifies a receiver; None if *dispatch_uid* is refused.

    Raises:
        TypeError: *dispatch_uid* is unhashable, or cannot be compared.
    """
    if dispatch_uid is not None and (given := is_given(dispatch_uid)) is not False:
        return dispatch_uid if given and _is_hashable(dispatch_uid) else None
    if is_method(receiver):
        # Every access to a method creates a new object.
        return (id(receiver.__self__), id(receiver.__func__))
    return id(receiver)


def _is_hashable(dispatch_uid: Hashable) -> bool:
    try:
        hash(dispatch_uid)
    except Exception as error:  # noqa: BLE001 - raised by user code
        problem = f"dispatch_uid must be hashable, but {shown(dispatch_uid)} is not: use a string"
        return refuse(TypeError(problem), error)
    return True


def is_given(dispatch_uid: Hashable) -> bool | None:
    """
    Return whether *dispatch_uid* identifies the receiver; None if it is refused.

    A falsy one is ignored.

    Raises:
        TypeError: it cannot be compared with others, or has no truth value.
    """
    try:
        bool(dispatch_uid == ())  # it will be compared with the keys of other receivers
        return bool(dispatch_uid)
    except Exception as error:  # noqa: BLE001 - raised by user code
        problem = f"dispatch_uid must be comparable, but {shown(dispatch_uid)} is not: use a string"
        refuse(TypeError(problem), error)
        return None


def key_of_sender(sender: object) -> int:
    return ANY_SENDER if sender is None else id(sender)
