"""
Spans and a histogram of the calls of receivers, for OpenTelemetry.

Install ``typed-signals[opentelemetry]``. The SDK of OpenTelemetry exports them.
"""

try:
    import opentelemetry.trace  # noqa: F401 - of the modules below
except ImportError as _error:
    raise ImportError(
        "OpenTelemetry is not installed: install typed-signals[opentelemetry]"
    ) from _error

from . import _deliveries  # noqa: F401 - where receivers in the background look for it
from ._spans import instrument

__all__ = ["instrument"]
