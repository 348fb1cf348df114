"""
Tell observers, whatever they raise; and what a send does if a receiver raises.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typed_signals._send.failures import failed, note
from typed_signals._shared.callables import receiver_name
from typed_signals._shared.logs import log

if TYPE_CHECKING:
    from collections.abc import Callable

    from .watcher import Call


def tell(observer: Callable[[Call], object] | None, call: Call) -> None:
    """
    Call *observer*, if there is one, and log what it raises.
    """
    if observer is not None:
        try:
            observer(call)
        except Exception as error:  # noqa: BLE001 - an observer never breaks a send
            note_observer(observer, call, error)


def note_observer(observer: object, call: Call, error: Exception) -> None:
    """
    Log the *error* of an observer.
    """
    log(
        "error",
        "Error in the observer %s of %s (%s)",
        receiver_name(observer),
        call.signal_name,
        error,
        error=error,
        signal=call.signal,
        sender=call.sender,
        receiver=call.receiver,
    )


def tell_failure(
    method: str, observer: Callable[[Call], object] | None, call: Call, error: BaseException
) -> Any:
    """
    Tell *observer* of a *call* that raised *error*, and do what *method* of our signals does then.

    Returns:
        The response of the receiver; None if *error* has to be raised.
    """
    call.error = error
    tell(observer, call)
    if not isinstance(error, Exception):
        return None
    if method.endswith("robust"):
        return failed(call.signal, call.sender, call.receiver, error, method)
    note(error, call.signal, call.receiver, method)
    return None
