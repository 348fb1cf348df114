"""
The loops that call receivers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from ._describe import receiver_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Receiver: TypeAlias = Callable[..., Any]
    Responses: TypeAlias = list[tuple[Receiver, Any]]

LOGGER_NAME = "typed_signals"


def call(receivers: Iterable[Receiver], arguments: Mapping[str, Any]) -> Responses:
    """
    Call each receiver; the first exception ends the loop and goes to the caller.
    """
    return [(receiver, receiver(**arguments)) for receiver in receivers]


def call_robust(
    receivers: Iterable[Receiver], arguments: Mapping[str, Any], method: str
) -> Responses:
    """
    Call each receiver; an ``Exception`` is logged and stands in place of the response.
    """
    responses: Responses = []
    for receiver in receivers:
        try:
            response = receiver(**arguments)
        except Exception as error:  # noqa: BLE001 - that is what robust means
            log_failure(receiver, error, method)
            response = error
        responses.append((receiver, response))
    return responses


def log_failure(receiver: Receiver, error: Exception, method: str) -> None:
    """
    Log the failure of *receiver* in *method* (``send_robust`` or ``asend_robust``).
    """
    import logging  # not needed before something fails

    logging.getLogger(LOGGER_NAME).error(
        "Error calling %s in Signal.%s() (%s)",
        getattr(receiver, "__qualname__", None) or receiver_name(receiver),
        method,
        error,
        exc_info=error,
    )
