"""
The trace of a send goes on where the receiver in the background runs.

``typed_signals.background`` calls these functions if this module is loaded.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from opentelemetry import context, propagate, trace
from opentelemetry.context import Context

from typed_signals._shared.logs import log

from ._messaging import with_creation
from ._spans import is_instrumented, start_send

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["continued", "is_instrumented", "sending"]


@contextmanager
def sending(signal: Any, sender: Any, receiver: Any, delivery: Any) -> Iterator[dict[str, str]]:
    """
    Return a context manager that makes the span of a send, if the signal is instrumented, and
    returns the headers that travel with the delivery. A failure to do so is logged.

    Args:
        signal: the signal.
        sender: who sends.
        receiver: the receiver in the background.
        delivery: its delivery.
    """
    headers: dict[str, str] = {}
    with ExitStack() as span:
        try:
            span.enter_context(start_send(signal, sender, receiver, delivery))
            propagate.inject(headers)
        except Exception as error:  # noqa: BLE001 - tracing never breaks a send
            _log(error)
        yield headers


@contextmanager
def continued(headers: Mapping[str, str]) -> Iterator[None]:
    """
    Return a context manager for the call of the receiver of a delivery with these *headers*.

    If the engine has made a span for its task, this remains the current one. Otherwise, the trace
    of the send goes on. A failure to do so is logged.
    """
    here = context.get_current()
    try:
        here = _in_trace(headers, here)
    except Exception as error:  # noqa: BLE001 - tracing never breaks a receiver
        _log(error)
    token = context.attach(here)
    try:
        yield
    finally:
        context.detach(token)


def _in_trace(headers: Mapping[str, str], here: Context) -> Context:
    creation = trace.get_current_span(propagate.extract(headers, Context())).get_span_context()
    if not trace.get_current_span(here).get_span_context().is_valid:
        here = propagate.extract(headers, here)
    return with_creation(creation, here)


def _log(error: Exception) -> None:
    log("error", "Error in the trace of a delivery (%s)", error, error=error)
