"""
Sends a signal while Sentry's integration and ours for OpenTelemetry make spans, and writes these as
JSON.

With the argument ``otel``, Sentry itself gets its spans from OpenTelemetry.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Any, Final

import django
import sentry_sdk
from django.conf import settings
from django.dispatch import Signal as DjangoSignal
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.opentelemetry import SentrySpanProcessor
from sentry_sdk.transport import Transport

import typed_signals
from typed_signals.django import Signal
from typed_signals.opentelemetry import instrument

if TYPE_CHECKING:
    from sentry_sdk.envelope import Envelope

plain = DjangoSignal()
caching = DjangoSignal(use_caching=True)
ours = Signal()
core = typed_signals.Signal()
SIGNALS: Final[dict[str, Any]] = {
    "plain": plain,
    "caching": caching,
    "ours": ours,
    "core": core,
}
IS_OTEL: Final = sys.argv[1:] == ["otel"]

transactions: list[Any] = []


class Collector(Transport):
    """
    Keeps what would go over the network.
    """

    def capture_envelope(self, envelope: Envelope) -> None:
        transactions.append(envelope.get_transaction_event())


class Store: ...


def bake(**kwargs: Any) -> None: ...


async def eat(**kwargs: Any) -> None: ...


def report(tracers: TracerProvider, exporter: InMemorySpanExporter, signal: Any) -> Any:
    """
    Return the receivers of which there are spans, for Sentry and for OpenTelemetry.
    """
    transactions.clear()
    exporter.clear()
    request = (
        tracers.get_tracer("own").start_as_current_span("request")
        if IS_OTEL
        else sentry_sdk.start_transaction(name="request")
    )
    with request:
        responses = asyncio.run(signal.asend(Store))
    [transaction] = transactions
    return {
        "responses": [getattr(each, "__name__", None) for each, _ in responses],
        "sentry": [span["description"] for span in transaction["spans"]],
        "opentelemetry": [
            span.name for span in exporter.get_finished_spans() if span.name != "request"
        ],
    }


def main() -> None:
    settings.configure()
    django.setup()
    sentry_sdk.init(
        dsn="http://key@localhost/1",
        transport=Collector,
        integrations=[DjangoIntegration(signals_spans=True)],
        default_integrations=False,
        traces_sample_rate=1.0,
        instrumenter="otel" if IS_OTEL else "sentry",
    )
    exporter = InMemorySpanExporter()
    tracers = TracerProvider(shutdown_on_exit=False)
    tracers.add_span_processor(SimpleSpanProcessor(exporter))
    if IS_OTEL:
        tracers.add_span_processor(SentrySpanProcessor())
    found = {}
    for name, signal in SIGNALS.items():
        for receiver in (bake, eat):
            signal.connect(receiver)
        with instrument("*", tracer_provider=tracers):
            found[name] = report(tracers, exporter, signal)
        found[f"{name} alone"] = report(tracers, exporter, signal)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
