"""
What makes two connections the same: the receiver, or its ``dispatch_uid``, and the sender.

Receivers and senders are recognised by identity, as Django's dispatcher does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from typed_signals._shared.callables import is_method
from typed_signals._shared.messages import shown
from typed_signals._shared.raising import refuse

if TYPE_CHECKING:
    from collections.abc import Hashable

    # The keys of the receiver and of the sender, and the ``dispatch_uid`` if the first one is it.
    Identity: TypeAlias = tuple[Hashable, int, Hashable]

# The key of the connections that listen to any sender; no object has this id().
ANY_SENDER: Final = -1


def receiver_key(receiver: Any, dispatch_uid: Hashable) -> Hashable:
    """
    Return what makes two connections to one sender the same; None if *dispatch_uid* is refused.

    Raises:
        TypeError: *dispatch_uid* is unhashable, or cannot be compared.
    """
    if dispatch_uid is not None and (given := is_given(dispatch_uid)) is not False:
        return dispatch_uid if given and _is_hashable(dispatch_uid) else None
    if is_method(receiver):
        # Every access to a method makes a new object.
        return (id(receiver.__self__), id(receiver.__func__))
    return id(receiver)


def _is_hashable(dispatch_uid: Hashable) -> bool:
    try:
        hash(dispatch_uid)
    except Exception as error:  # noqa: BLE001 - its own code's
        problem = f"dispatch_uid must be hashable, which {shown(dispatch_uid)} is not: use a string"
        return refuse(TypeError(problem), error)
    return True


def is_given(dispatch_uid: Hashable) -> bool | None:
    """
    Return whether to recognise a receiver by *dispatch_uid*; None if it is refused.

    A falsy one is ignored.

    Raises:
        TypeError: it cannot be compared with others, or is neither true nor false.
    """
    try:
        bool(dispatch_uid == ())  # as it is going to be with the keys of other receivers
        return bool(dispatch_uid)
    except Exception as error:  # noqa: BLE001 - its own code's
        problem = (
            f"dispatch_uid must be comparable, which {shown(dispatch_uid)} is not: use a string"
        )
        refuse(TypeError(problem), error)
        return None


def key_of_sender(sender: object) -> int:
    return ANY_SENDER if sender is None else id(sender)
