"""
Beside the instrumentation of Celery, which has spans of its own, each receiver has one.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, TypedDict

from celery import Celery
from celery.contrib.testing.worker import start_worker
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from typed_signals import Signal
from typed_signals.background import Background, CeleryTasks
from typed_signals.opentelemetry import instrument


class OrderPlaced(TypedDict):
    number: int


class Store: ...


app = Celery("shop", broker="memory://", backend="cache+memory://")
app.conf.broker_transport_options = {"polling_interval": 0.05}
background = Background(CeleryTasks(app, ignore_result=False))

order_placed = Signal[type[Store], OrderPlaced]()


@background.receiver(order_placed)
def ship(number: int, **kwargs: Any) -> int:
    return number + 1


def test_one_trace_with_a_span_of_each() -> None:
    exporter = InMemorySpanExporter()
    tracers = TracerProvider(shutdown_on_exit=False)
    tracers.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor: Any = CeleryInstrumentor()
    instrumentor.instrument(tracer_provider=tracers)
    try:
        with (
            instrument(order_placed, tracer_provider=tracers),
            start_worker(app, perform_ping_check=False, pool="solo"),
        ):
            [(_, delivery)] = order_placed.send(Store, number=7)
            assert delivery.result.get(timeout=60) is None
    finally:
        instrumentor.uninstrument()
    spans = {span.name: span for span in exporter.get_finished_spans()}
    names = [
        f"send {__name__}.ship",
        "apply_async/typed_signals.run_receiver",
        "run/typed_signals.run_receiver",
    ]
    chain = [*names, f"{__name__}.ship"]
    assert sorted(spans) == sorted(chain)
    for outer, inner in pairwise(chain):
        parent = spans[inner].parent
        assert parent is not None
        assert parent.span_id == spans[outer].context.span_id
        assert parent.trace_id == spans[outer].context.trace_id
    assert [spans[name].kind for name in chain] == [
        SpanKind.PRODUCER,
        SpanKind.PRODUCER,
        SpanKind.CONSUMER,
        SpanKind.INTERNAL,
    ]
