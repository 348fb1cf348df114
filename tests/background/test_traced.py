"""
The trace of a send goes on in the receivers that run in the background.
"""

from __future__ import annotations

import json
import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING, Any, TypedDict

import pytest
from opentelemetry import baggage, context, propagate, trace
from opentelemetry.context import Context
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from typed_signals import Signal
from typed_signals.background import Background, Immediate, run
from typed_signals.exceptions import UndeliverableError
from typed_signals.opentelemetry import instrument
from typed_signals.testing import isolate

from .recording import Recording

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.any_python


class OrderPlaced(TypedDict):
    number: int


class Store: ...


order_placed = Signal[type[Store], OrderPlaced]()
order_shipped = Signal[type[Store], OrderPlaced]()
QUEUE = Recording(can_await=True)
background = Background(QUEUE, queue="mail")


def ship(number: int, **kwargs: Any) -> None:
    order_shipped.send(Store, number=number)


async def mail(number: int, **kwargs: Any) -> None: ...


def fail(number: int, **kwargs: Any) -> None:
    raise LookupError("no stock")


def customer(number: int, **kwargs: Any) -> object:
    return baggage.get_baggage("customer")


class Exported:
    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self.tracers = TracerProvider(shutdown_on_exit=False)
        self.tracers.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.own = self.tracers.get_tracer("own")

    def instrument(self, *signals: Any, **options: Any) -> Any:
        return instrument(*signals, tracer_provider=self.tracers, **options)

    @property
    def spans(self) -> dict[str, Any]:
        """
        The spans by name, without the name of this module.
        """
        spans = self._exporter.get_finished_spans()
        by_name = {each.name.replace(f"{__name__}.", ""): each for each in spans}
        assert len(by_name) == len(spans)
        return by_name


@pytest.fixture
def exported() -> Iterator[Exported]:
    made = Exported()
    before = context.get_current()
    QUEUE.queue.clear()
    with isolate():
        yield made
    made.tracers.shutdown()
    assert context.get_current() == before


def run_in_worker(*texts: str) -> list[Any]:
    """
    Run deliveries where no span is the current one.
    """
    token = context.attach(Context())
    try:
        return [run(text, attempt=2) for text in texts]
    finally:
        context.detach(token)


def is_child(span: Any, parent: Any) -> bool:
    return bool(span.parent.span_id == parent.context.span_id) and (
        span.context.trace_id == parent.context.trace_id
    )


def test_receivers_are_children_of_the_send(exported: Exported) -> None:
    for each in (ship, mail):
        background.receiver(order_placed)(each)
    order_shipped.connect(fail)
    with exported.instrument():
        with exported.own.start_as_current_span("request"):
            order_placed.send(Store, number=7)
        [first, second] = QUEUE.texts
        run_in_worker(second)
        with pytest.raises(LookupError):
            run_in_worker(first)
    spans = exported.spans
    assert list(spans) == [
        *("send ship", "send mail", "request", "process mail", "fail", "process ship"),
    ]
    assert is_child(spans["send ship"], spans["request"])
    assert is_child(spans["process ship"], spans["send ship"])
    assert is_child(spans["process mail"], spans["send mail"])
    assert is_child(spans["fail"], spans["process ship"])
    sent, received, inner = spans["send ship"], spans["process ship"], spans["fail"]
    of_both = {
        "messaging.system": "typed_signals",
        "messaging.message.id": json.loads(first)["id"],
        "typed_signals.signal": f"{__name__}.order_placed",
        "typed_signals.sender": f"{__name__}.Store",
    }
    assert sent.kind is SpanKind.PRODUCER
    assert sent.attributes == {
        **of_both,
        "messaging.operation.name": "send",
        "messaging.operation.type": "send",
        "messaging.destination.name": "mail",
    }
    assert received.kind is SpanKind.CONSUMER
    assert received.attributes == {
        **of_both,
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "typed_signals.attempt": 2,
        "code.function.name": f"{__name__}.ship",
        "code.file.path": __file__,
        "code.line.number": ship.__code__.co_firstlineno,
        "error.type": "LookupError",
    }
    assert [link.context.span_id for link in received.links] == [sent.context.span_id]
    assert received.status.status_code is StatusCode.ERROR
    # What it sends is not in the background.
    assert (inner.kind, inner.links) == (SpanKind.INTERNAL, ())
    assert "messaging.message.id" not in inner.attributes


def test_span_of_the_engine_remains_the_parent(exported: Exported) -> None:
    background.receiver(order_placed)(mail)
    with exported.instrument():
        order_placed.send(Store, number=7)
        with exported.own.start_as_current_span("run/typed_signals", Context()):
            run(QUEUE.texts[0])
    sent, received, engine = exported.spans.values()
    assert received.name == f"{__name__}.mail"
    assert received.kind is SpanKind.INTERNAL
    assert is_child(received, engine)
    assert [link.context.span_id for link in received.links] == [sent.context.span_id]
    assert received.attributes["messaging.message.id"] == sent.attributes["messaging.message.id"]
    assert received.attributes["typed_signals.attempt"] == 1
    assert "messaging.operation.name" not in received.attributes


def test_in_place_it_is_in_the_send(exported: Exported) -> None:
    Background(Immediate()).receiver(order_placed)(mail)
    with exported.instrument():
        order_placed.send(Store, number=7)
    assert is_child(exported.spans["mail"], exported.spans["send mail"])


def test_baggage_and_the_state_of_the_trace_travel(exported: Exported) -> None:
    background.receiver(order_placed)(customer)
    remote = trace.SpanContext(
        trace_id=5,
        span_id=7,
        is_remote=True,
        trace_flags=trace.TraceFlags(trace.TraceFlags.SAMPLED),
        trace_state=trace.TraceState([("vendor", "1")]),
    )
    here = trace.set_span_in_context(trace.NonRecordingSpan(remote))
    token = context.attach(baggage.set_baggage("customer", "Ada", here))
    with exported.instrument():
        order_placed.send(Store, number=7)
        context.detach(token)
        assert run_in_worker(*QUEUE.texts) == ["Ada"]
    headers = json.loads(QUEUE.texts[0])["trace"]
    assert headers.keys() == {"traceparent", "tracestate", "baggage"}
    received = exported.spans["process customer"]
    assert received.context.trace_id == 5
    assert received.context.trace_state.to_header() == "vendor=1"


def test_only_slow_receivers_have_a_span_in_the_trace(exported: Exported) -> None:
    background.receiver(order_placed)(mail)
    with exported.instrument(min_seconds=1e-9):
        with exported.own.start_as_current_span("request"):
            order_placed.send(Store, number=7)
        run_in_worker(*QUEUE.texts)
    assert list(exported.spans) == ["request", "process mail"]
    assert is_child(exported.spans["process mail"], exported.spans["request"])


def test_trace_of_a_signal_that_is_not_instrumented_travels(exported: Exported) -> None:
    background.receiver(order_placed)(ship)
    order_shipped.connect(customer)
    with exported.instrument(order_shipped):
        with exported.own.start_as_current_span("request"):
            order_placed.send(Store, number=7)
        run_in_worker(*QUEUE.texts)
    assert list(exported.spans) == ["request", "customer"]
    assert is_child(exported.spans["customer"], exported.spans["request"])


def test_delivery_of_a_process_that_is_not_instrumented(exported: Exported) -> None:
    background.receiver(order_placed)(mail)
    with exported.own.start_as_current_span("request"):
        order_placed.send(Store, number=7)
    assert "trace" not in json.loads(QUEUE.texts[0])
    with exported.instrument():
        run_in_worker(*QUEUE.texts)
    received = exported.spans["process mail"]
    assert (received.kind, received.parent, received.links) == (SpanKind.CONSUMER, None, ())


def test_delivery_to_a_process_that_is_not_instrumented(exported: Exported) -> None:
    background.receiver(order_placed)(customer)
    with exported.instrument(order_placed):
        order_placed.send(Store, number=7)
    assert run_in_worker(*QUEUE.texts) == [None]


def test_send_that_is_refused_is_an_error(exported: Exported) -> None:
    background.receiver(order_placed)(mail)
    with exported.instrument(), pytest.raises(UndeliverableError):
        order_placed.send(Store, number=object())  # type: ignore[signal-send]
    [span] = exported.spans.values()
    assert span.attributes["error.type"] == "typed_signals.exceptions.UndeliverableError"
    assert span.status.status_code is StatusCode.ERROR


def fail_to_trace(*_args: object) -> None:
    raise ZeroDivisionError


def test_failures_of_tracing_are_logged(
    exported: Exported, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    background.receiver(order_placed)(customer)
    for name in ("inject", "extract"):
        monkeypatch.setattr(propagate, name, fail_to_trace)
    with exported.instrument():
        order_placed.send(Store, number=7)
        assert run_in_worker(*QUEUE.texts) == [None]
    message = "Error in the trace of a delivery ()"
    assert [each.getMessage() for each in caplog.records] == [message, message]
    assert list(exported.spans) == ["send customer", "process customer"]


SHOP = """
    import sys
    from typing import Any, TypedDict

    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor

    from typed_signals import Call, Signal, observe
    from typed_signals.background import Background, run
    from typed_signals.opentelemetry import instrument


    class OrderPlaced(TypedDict):
        number: int


    class Shop: ...


    class Pipe:
        name = "pipe"
        in_process = False
        can_await = False

        def enqueue(self, delivery: Any, text: str) -> None:
            print(text, flush=True)


    order_placed = Signal[type[Shop], OrderPlaced]()


    @Background(Pipe()).receiver(order_placed)
    def ship(number: int, **kwargs: Any) -> int:
        return number + 1


    exporter = ConsoleSpanExporter(formatter=lambda span: span.to_json(indent=None) + "\\n")
    trace.set_tracer_provider(TracerProvider())
    trace.get_tracer_provider().add_span_processor(SimpleSpanProcessor(exporter))
    instrument()


    def tell(call: Call) -> None:
        seen = [call.signal_name, call.receiver_name, call.sender.__name__, call.payload]
        print(json.dumps([*seen, call.seconds > 0, call.error, call.response]))
"""


def test_another_process(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text("import json\n" + dedent(SHOP), "utf-8")
    send = "import shop; shop.order_placed.send(shop.Shop, number=7)"
    worker = "import shop, sys; shop.observe('shop.*', after=shop.tell); shop.run(sys.argv[1], 3)"
    text, sent = lines_of(tmp_path, send)
    seen, received = lines_of(tmp_path, worker, json.dumps(text))
    assert seen == ["shop.order_placed", "shop.ship", "Shop", {"number": 7}, True, None, 8]
    assert (sent["name"], received["name"]) == ("send shop.ship", "process shop.ship")
    assert (sent["kind"], received["kind"]) == ("SpanKind.PRODUCER", "SpanKind.CONSUMER")
    assert received["context"]["trace_id"] == sent["context"]["trace_id"]
    assert received["parent_id"] == sent["context"]["span_id"]
    assert received["attributes"]["typed_signals.attempt"] == 3


def lines_of(folder: Path, *arguments: str) -> list[Any]:
    command = [sys.executable, "-W", "error", "-c", *arguments]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]
