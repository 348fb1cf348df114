"""
The loops that call receivers with any keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from typed_signals._shared.callables import receiver_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Receiver: TypeAlias = Callable[..., Any]
    Responses: TypeAlias = list[tuple[Receiver, Any]]

LOGGER_NAME = "typed_signals"


def call(method: str, receivers: Iterable[Receiver], arguments: Mapping[str, Any]) -> Responses:
    """
    Call each receiver and handle exceptions as defined by *method*.

    In ``send`` and ``asend``, the first exception is raised. In the robust methods, an
    ``Exception`` is logged and returned as the response.
    """
    if not method.endswith("robust"):
        return [(receiver, receiver(**arguments)) for receiver in receivers]
    responses: Responses = []
    for receiver in receivers:
        try:
            response = receiver(**arguments)
        except Exception as error:  # noqa: BLE001 - that is what robust means
            response = failed(receiver, error, method)
        responses.append((receiver, response))
    return responses


def failed(receiver: Receiver, error: Exception, method: str) -> Exception:
    """
    Log the failure of *receiver* in *method* and return the exception as the response.
    """
    try:
        import logging  # not needed before something fails
    except ImportError:  # the interpreter finalizes, and has deleted its modules
        return error
    logging.getLogger(LOGGER_NAME).error(
        "Error calling %s in Signal.%s() (%s)",
        _logged_name(receiver),
        method,
        error,
        exc_info=error,
    )
    return error


def _logged_name(receiver: Receiver) -> str:
    """
    Return the name that Django logs for a receiver, if it has one.
    """
    try:
        return getattr(receiver, "__qualname__", None) or receiver_name(receiver)
    except Exception:  # noqa: BLE001 - raised by user code
        return receiver_name(receiver)
