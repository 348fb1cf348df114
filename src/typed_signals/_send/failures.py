"""
What a send reports about a receiver that fails: a record in the log, and a note on the error.

Notes (PEP 678) cost nothing until something fails: generated code finds the receiver afterwards.
"""

from __future__ import annotations

from operator import length_hint
from typing import TYPE_CHECKING, Any, Final

from typed_signals._connect.connection import is_deferring
from typed_signals._shared.callables import describe_receiver, receiver_name
from typed_signals._shared.logs import log

from .stand_in import behind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

# An exception object that is raised again and again does not grow without end.
MOST_NOTES: Final = 20


def add_note(error: BaseException, receiver: object, find_call: Callable[[], str]) -> None:
    """
    Add a note to *error* that names *receiver* and what called it.

    Args:
        error: what the receiver raised.
        receiver: the receiver.
        find_call: returns the call, like ``shop.pizza_done.send()``.
    """
    add_text(
        error,
        lambda: f"Raised in the receiver {describe_receiver(receiver)}, called by {find_call()}",
    )


def add_text(error: BaseException, find_text: Callable[[], str]) -> None:
    """
    Add the note that *find_text* returns to *error*.

    Never raises: *error* is raised next, and it may be an object that refuses notes.
    """
    try:
        if len(getattr(error, "__notes__", ())) < MOST_NOTES:
            error.add_note(find_text())
    except Exception:  # noqa: BLE001 - raised by user code
        return


def note(error: BaseException, signal: Any, receiver: object, method: str) -> None:
    """
    Add a note to *error*, which *receiver* raised when *method* of *signal* called it.
    """
    receiver = behind(receiver)
    # A deferring receiver has added a note before.
    if isinstance(error, Exception) and not is_deferring(receiver):
        add_note(error, receiver, lambda: f"{signal._declaration.name_of(signal)}.{method}()")


def note_by_line(error: Exception, signal: Any, receivers: Sequence[object], method: str) -> None:
    """
    Do the same for the receiver that generated code was calling: each of *receivers* is called in
    a line of its own, and the last one three lines above the call of this function.
    """
    at: Any = error.__traceback__  # of the generated function, which handles the error
    index = len(receivers) + 2 - (at.tb_frame.f_lineno - at.tb_lineno)
    note(error, signal, receivers[index], method)


def note_by_position(
    error: Exception,
    signal: Any,
    receivers: Sequence[object],
    position: Iterator[object],
    method: str,
) -> None:
    """
    Do the same for a loop over *receivers*, where *position* is the iterator of the loop.
    """
    note(error, signal, receivers[len(receivers) - length_hint(position) - 1], method)


def failed(signal: Any, sender: object, receiver: object, error: Exception, method: str) -> Any:
    """
    Log the failure of *receiver* in *method* and return the exception as the response.
    """
    note(error, signal, receiver, method)
    signal._log_failure(sender, behind(receiver), error, method)
    return error


def log_failure(
    signal: Any, sender: object, receiver: object, error: Exception, method: str
) -> None:
    """
    Log the failure of *receiver* in *method* of a signal of the core.
    """
    log(
        "error",
        "Error calling %s in %s.%s() (%s)",
        logged_name(receiver),
        signal._declaration.name_of(signal),
        method,
        error,
        error=error,
        signal=signal,
        sender=sender,
        receiver=receiver,
    )


def logged_name(receiver: object) -> str:
    """
    Return the name that Django logs for a receiver, if it has one.
    """
    try:
        return getattr(receiver, "__qualname__", None) or receiver_name(receiver)
    except Exception:  # noqa: BLE001 - raised by user code
        return receiver_name(receiver)
