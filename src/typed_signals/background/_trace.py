"""
The trace of a delivery: it travels in the text, as the headers of W3C Trace Context.
"""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager


def sending(
    signal: Any, sender: Any, receiver: Any, delivery: Any
) -> AbstractContextManager[Mapping[str, str]] | None:
    """
    Return a context manager in which to send *delivery*, which returns the headers of its trace;
    None if receivers are not traced.
    """
    tracing = _tracing()
    return None if tracing is None else tracing.sending(signal, sender, receiver, delivery)


def continued(headers: Mapping[str, str]) -> AbstractContextManager[object]:
    """
    Return a context manager in which the trace with these *headers* goes on.
    """
    tracing = _tracing()
    context: AbstractContextManager[object]
    context = nullcontext() if tracing is None else tracing.continued(headers)
    return context


def _tracing() -> Any:
    # Otherwise, nothing is instrumented.
    tracing: Any = sys.modules.get("typed_signals.opentelemetry._deliveries")
    return tracing if tracing is not None and tracing.is_instrumented() else None
