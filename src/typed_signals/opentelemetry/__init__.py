"""
Spans and a histogram of the calls of receivers, for OpenTelemetry.

Install ``typed-signals[opentelemetry]``. The SDK of OpenTelemetry exports them.
"""

from . import _deliveries  # noqa: F401 - where receivers in the background look for it
from ._spans import instrument

__all__ = ["instrument"]
