"""
Find out which receiver raised an error in a send of Django's dispatcher.

The traceback of the error has the frames of Django's send methods, and so their local variables.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from typed_signals._send.failures import note

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import FrameType

_DISPATCHER: Final = "django.dispatch.dispatcher"


def note_failing(error: BaseException, signal: Any, method: str) -> None:
    """
    Add a note to *error* that names the receiver that raised it, unless no receiver did.

    If several receivers failed, the note is added to each error in the group.

    Args:
        error: what the send raised.
        signal: the signal that was sent.
        method: the send method.
    """
    asynchronous: list[Any] = []
    try:
        is_found = _note_one(error, signal, method, asynchronous)
        if not is_found and isinstance(error, BaseExceptionGroup):
            for each in error.exceptions:
                _note_one(each, signal, method, asynchronous)
    except Exception:  # noqa: BLE001 - raised by user code; another error is raised next
        return


def send_of(error: Exception) -> tuple[object, str]:
    """
    Return the sender and the method of the robust send that is handling *error*.
    """
    frame = next(_frames_of(error), None)
    if frame is None or frame.f_globals.get("__name__") != _DISPATCHER:
        return None, "send_robust"  # a test or a tool logs an error of its own
    # It is the method, or a function in it.
    _, method, *_ = frame.f_code.co_qualname.split(".")
    return frame.f_locals.get("sender"), method


def _note_one(error: BaseException, signal: Any, method: str, asynchronous: list[Any]) -> bool:
    """
    Add a note to *error* and return True if the receiver is found.

    Args:
        error: what was raised.
        signal: the signal that was sent.
        method: the send method.
        asynchronous: the async receivers of this send; those in the traceback are added.
    """
    receiver = None
    for frame in _frames_of(error):
        if frame.f_globals.get("__name__") == _DISPATCHER:
            names = frame.f_locals
            if names.get("self", signal) is not signal:
                break  # a receiver sends another signal
            receiver = _called_in(names)
            asynchronous += names.get("async_receivers", ())
            continue
        if receiver is None:
            code = frame.f_code
            receiver = next((each for each in asynchronous if _code_of(each) is code), None)
        if receiver is not None:
            break
    if receiver is None:
        return False
    note(error, signal, receiver, method)
    return True


def _called_in(names: Mapping[str, Any]) -> Any:
    """
    Return the receiver that a function with these local variables is calling, if any.
    """
    receivers, responses = names.get("sync_receivers"), names.get("responses")
    if receivers is None:
        return names.get("receiver")  # in the expression that creates the coroutines
    # Later, the variable is still that of the last iteration.
    is_calling = responses is not None and len(responses) < len(receivers)
    return names.get("receiver") if is_calling else None


def _code_of(receiver: Any) -> Any:
    while isinstance(receiver, partial):
        receiver = receiver.func
    code = getattr(receiver, "__code__", None)
    return code or getattr(getattr(type(receiver), "__call__", None), "__code__", None)


def _frames_of(error: BaseException) -> Iterator[FrameType]:
    traceback = error.__traceback__
    while traceback is not None:
        yield traceback.tb_frame
        traceback = traceback.tb_next
