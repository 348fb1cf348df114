"""
The loops that call receivers with any keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from .failures import failed, note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Receiver: TypeAlias = Callable[..., Any]
    Responses: TypeAlias = list[tuple[Receiver, Any]]


def call(method: str, receivers: Iterable[Receiver], arguments: Mapping[str, Any]) -> Responses:
    """
    Call each receiver and handle exceptions as defined by *method*.

    In ``send`` and ``asend``, the first exception is raised. In the robust methods, an
    ``Exception`` is logged and returned as the response.
    """
    signal, sender = arguments["signal"], arguments["sender"]
    responses: Responses = []
    for receiver in receivers:
        try:
            response = receiver(**arguments)
        except Exception as error:
            if not method.endswith("robust"):
                note(error, signal, receiver, method)
                raise
            response = failed(signal, sender, receiver, error, method)
        responses.append((receiver, response))
    return responses
