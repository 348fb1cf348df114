"""
The spans and the histogram that ``typed_signals.opentelemetry`` makes, with the real SDK.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import sys
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, TypedDict
from weakref import ref

import blinker
import pytest
from opentelemetry import context, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from typed_signals import Signal
from typed_signals.opentelemetry import instrument

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.any_python

METHODS = ("send", "send_robust", "asend", "asend_robust")


class PizzaDone(TypedDict):
    size: int


class Store: ...


pizza_done = Signal[Any, PizzaDone]()
pizza_eaten = Signal[Any, PizzaDone]()


class Exported:
    """
    What an application exports.
    """

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self._reader = InMemoryMetricReader()
        self.tracers = TracerProvider(shutdown_on_exit=False)
        self.tracers.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.meters = MeterProvider([self._reader], shutdown_on_exit=False)

    def instrument(self, *signals: Any, **options: Any) -> Any:
        return instrument(
            *signals, tracer_provider=self.tracers, meter_provider=self.meters, **options
        )

    @property
    def spans(self) -> list[Any]:
        return list(self._exporter.get_finished_spans())

    @property
    def tree(self) -> list[tuple[str, str | None]]:
        """
        The last parts of the names of the spans and of their parents.
        """
        names = {each.context.span_id: each.name.rpartition(".")[2] for each in self.spans}
        return [
            (names[each.context.span_id], names[each.parent.span_id] if each.parent else None)
            for each in self.spans
        ]

    @property
    def points(self) -> dict[str, Any]:
        """
        What the histogram contains, by receiver.
        """
        data = self._reader.get_metrics_data()
        if data is None:
            return {}
        [resource] = data.resource_metrics
        [scope] = resource.scope_metrics
        [metric] = scope.metrics
        assert (scope.scope.name, scope.scope.version, metric.name) == (
            "typed_signals",
            version("typed-signals"),
            "typed_signals.receiver.duration",
        )
        assert metric.unit == "s"
        return {
            point.attributes["code.function.name"].rpartition(".")[2]: point
            for point in metric.data.data_points
        }


@pytest.fixture
def exported() -> Iterator[Exported]:
    made = Exported()
    yield made
    made.tracers.shutdown()
    made.meters.shutdown()


@pytest.fixture(autouse=True)
def context_is_restored() -> Iterator[None]:
    before = context.get_current()
    yield
    assert context.get_current() == before


def dispatch(signal: Any, method: str, **payload: Any) -> Any:
    sent: Any = getattr(signal, method)(Store, **payload)
    return asyncio.run(sent) if method.startswith("a") else sent


def bake(**kwargs: Any) -> str:
    return "baked"


def eat(**kwargs: Any) -> str:
    return "eaten"


def burn(**kwargs: Any) -> None:
    raise LookupError("no oven")


async def deliver(**kwargs: Any) -> str:
    await asyncio.sleep(0)
    return "delivered"


def name_of(function: Any) -> str:
    return f"{__name__}.{function.__qualname__}"


@pytest.mark.parametrize("method", METHODS)
def test_each_receiver_has_a_span_and_is_in_the_histogram(method: str, exported: Exported) -> None:
    with (
        pizza_done.connected(bake),
        pizza_done.connected(deliver),
        exported.instrument(pizza_done),
    ):
        responses = dispatch(pizza_done, method, size=30)
        dispatch(pizza_eaten, method, size=30)
    assert responses == [(bake, "baked"), (deliver, "delivered")]
    assert [span.name for span in exported.spans] == [name_of(bake), name_of(deliver)]
    for span, function in zip(exported.spans, (bake, deliver), strict=True):
        assert span.attributes == {
            "code.function.name": name_of(function),
            "code.file.path": __file__,
            "code.line.number": function.__code__.co_firstlineno,
            "typed_signals.signal": f"{__name__}.pizza_done",
            "typed_signals.sender": f"{__name__}.Store",
        }
        assert span.kind is trace.SpanKind.INTERNAL
        assert span.status.status_code is StatusCode.UNSET
        assert span.parent is None
        assert span.instrumentation_scope.name == "typed_signals"
        assert span.instrumentation_scope.version == version("typed-signals")
        assert span.end_time >= span.start_time
    assert exported.points.keys() == {"bake", "deliver"}
    for name, point in exported.points.items():
        assert point.count == 1
        assert point.attributes == {
            "code.function.name": f"{__name__}.{name}",
            "typed_signals.signal": f"{__name__}.pizza_done",
        }
        assert point.explicit_bounds[:2] == (0.005, 0.01)


def test_nothing_without_receivers_and_after_stop(exported: Exported) -> None:
    handle = exported.instrument("*.pizza_done")
    dispatch(pizza_done, "send", size=30)
    handle.stop()
    with pizza_done.connected(bake):
        dispatch(pizza_done, "send", size=30)
    assert exported.spans == []
    assert exported.points == {}


def test_signal_that_gets_its_name_late(
    exported: Exported, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = Signal()
    with later.connected(bake), exported.instrument(later):
        later.send(Store)
        monkeypatch.setattr(sys.modules[__name__], "later", later, raising=False)
        later.send(Store)
    first, second = (span.attributes["typed_signals.signal"] for span in exported.spans)
    assert first.startswith("<unnamed signal")
    assert second == f"{__name__}.later"


def test_all_signals_by_default(exported: Exported) -> None:
    with (
        pizza_done.connected(bake),
        pizza_eaten.connected(eat),
        exported.instrument(),
    ):
        later = Signal[Any, PizzaDone]()
        with later.connected(deliver):
            for signal in (pizza_done, pizza_eaten, later):
                dispatch(signal, "asend", size=30)
    assert exported.tree == [("bake", None), ("eat", None), ("deliver", None)]


@pytest.mark.parametrize("method", METHODS)
def test_errors_are_recorded(method: str, exported: Exported) -> None:
    async def burn_async(**kwargs: Any) -> None:
        raise LookupError("no oven")

    for function in (burn, burn_async):
        with pizza_done.connected(function), exported.instrument(pizza_done):
            try:
                [(_, response)] = dispatch(pizza_done, method, size=30)
            except LookupError as error:
                response = error
                assert not method.endswith("robust")
            assert type(response) is LookupError
    assert len(exported.spans) == 2
    for span in exported.spans:
        assert span.status.status_code is StatusCode.ERROR
        assert span.status.description == "no oven"
        assert span.attributes["error.type"] == "LookupError"
        [event] = span.events
        assert event.name == "exception"
        assert event.attributes["exception.type"] == "LookupError"
        assert "burn" in event.attributes["exception.stacktrace"]
    assert [point.attributes["error.type"] for point in exported.points.values()] == [
        *("LookupError", "LookupError"),
    ]


class OvenError(Exception):
    def __str__(self) -> str:
        raise LookupError


def test_span_of_an_error_without_a_text_is_ended(exported: Exported) -> None:
    def burn_silently(**kwargs: Any) -> None:
        raise OvenError

    with (
        pizza_done.connected(burn_silently),
        exported.instrument(pizza_done),
        pytest.raises(OvenError),
    ):
        dispatch(pizza_done, "send", size=30)
    [span] = exported.spans
    assert span.attributes["error.type"] == f"{__name__}.OvenError"


def test_interruption_is_not_an_error(exported: Exported) -> None:
    def interrupt(**kwargs: Any) -> None:
        raise KeyboardInterrupt

    with (
        pizza_done.connected(interrupt),
        exported.instrument(pizza_done),
        pytest.raises(KeyboardInterrupt),
    ):
        dispatch(pizza_done, "send_robust", size=30)
    [span] = exported.spans
    assert span.status.status_code is StatusCode.UNSET
    assert "error.type" not in span.attributes


@pytest.mark.parametrize("inner", METHODS)
@pytest.mark.parametrize("outer", METHODS)
def test_receivers_of_nested_sends_have_the_outer_one_as_parent(
    outer: str, inner: str, exported: Exported
) -> None:
    def forward(size: int, **kwargs: Any) -> None:
        with exported.tracers.get_tracer("own").start_as_current_span("own"):
            dispatch(pizza_eaten, inner, size=size)

    async def aforward(size: int, **kwargs: Any) -> None:
        sent: Any = getattr(pizza_eaten, inner)(Store, size=size)
        if inner.startswith("a"):
            await sent

    function = aforward if outer.startswith("a") else forward
    with (
        pizza_done.connected(function),
        pizza_done.connected(bake),
        pizza_eaten.connected(eat),
        exported.instrument("tests.*"),
        exported.tracers.get_tracer("own").start_as_current_span("request"),
    ):
        dispatch(pizza_done, outer, size=30)
        dispatch(pizza_eaten, outer, size=30)
    tree = [(name, parent) for name, parent in exported.tree if parent != "own"]
    own = [(name, parent) for name, parent in exported.tree if parent == "own"]
    assert own == ([("eat", "own")] if function is forward else [])
    nested = ("own", "forward") if function is forward else ("eat", "aforward")
    assert sorted(tree, key=str) == sorted(
        [
            nested,
            (function.__name__, "request"),
            ("bake", "request"),
            ("eat", "request"),
            ("request", None),
        ],
        key=str,
    )


@pytest.mark.parametrize("method", METHODS)
def test_async_receivers_at_the_same_time_are_siblings(method: str, exported: Exported) -> None:
    async def receive(own: list[int], turns: list[asyncio.Event], **kwargs: Any) -> None:
        for turn in own:
            if turn:
                await turns[turn].wait()
            if turn < 3:
                turns[turn + 1].set()

    def turns() -> list[asyncio.Event]:
        return [asyncio.Event() for _ in range(4)]

    signal = Signal[Any, Any]()
    for orders in ([[0, 3], [1, 2]], [[0, 2], [1, 3]], [[0, 1], [2, 3]]):
        receivers = [partial(receive, own) for own in orders]
        for each in receivers:
            signal.connect(each, weak=False)
        with (
            exported.instrument(signal),
            exported.tracers.get_tracer("own").start_as_current_span("request"),
        ):
            dispatch(signal, method, turns=turns())
            with signal.connected(bake):
                dispatch(signal, method, turns=turns())
        for each in receivers:
            assert signal.disconnect(each)
    named = [(name.rstrip(")"), parent) for name, parent in exported.tree]
    assert {parent for name, parent in named if name != "request"} == {"request"}
    assert len(named) == 3 * (2 + 3 + 1)


def test_cancelled_receiver_ends_its_span(exported: Exported) -> None:
    started = asyncio.Event()

    async def wait(**kwargs: Any) -> None:
        started.set()
        await asyncio.sleep(1000)

    async def main() -> None:
        sending = asyncio.ensure_future(pizza_done.asend(Store, size=30))
        await started.wait()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending

    with pizza_done.connected(wait), exported.instrument(pizza_done):
        asyncio.run(main())
    [span] = exported.spans
    assert span.status.status_code is StatusCode.UNSET


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_receiver_that_never_ends_keeps_nothing_alive(exported: Exported) -> None:
    async def wait(**kwargs: Any) -> None:
        await asyncio.Future()

    async def main() -> None:
        # It would log the abandoned task.
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        oven = Store()
        found.append(ref(oven))
        task = asyncio.ensure_future(signal.asend(Store, oven=oven))
        for _ in range(5):
            await asyncio.sleep(0)
        assert not task.done()

    found: list[Any] = []
    signal = Signal()
    loop = asyncio.new_event_loop()
    with signal.connected(wait), exported.instrument(signal):
        loop.run_until_complete(main())
        loop.close()
        del loop
        for _ in range(2):  # first the call, then its context, which contains itself
            gc.collect()
        assert found[0]() is None


@pytest.mark.parametrize("method", METHODS)
def test_only_slow_receivers_have_a_span(method: str, exported: Exported, set_clock: Any) -> None:
    clock = iter(range(0, 1000, 1))
    set_clock(lambda: next(clock))

    def nap(**kwargs: Any) -> None:
        for _ in range(4):
            next(clock)
        with exported.tracers.get_tracer("own").start_as_current_span("own"):
            pass

    with (
        pizza_done.connected(bake),
        pizza_done.connected(nap),
        exported.instrument(pizza_done, min_seconds=3),
        exported.tracers.get_tracer("own").start_as_current_span("request"),
    ):
        dispatch(pizza_done, method, size=30)
    assert exported.tree == [("own", "request"), ("nap", "request"), ("request", None)]
    [_, nap_span, _] = exported.spans
    assert nap_span.end_time - nap_span.start_time == 5 * 10**9
    assert nap_span.attributes["code.function.name"].endswith("nap")
    assert {name: point.sum for name, point in exported.points.items()} == {"bake": 1, "nap": 5}


def test_slow_receiver_that_fails_has_its_error(exported: Exported) -> None:
    with pizza_done.connected(burn), exported.instrument(pizza_done, min_seconds=1e-9):
        dispatch(pizza_done, "send_robust", size=30)
    [span] = exported.spans
    assert span.attributes["error.type"] == "LookupError"
    assert span.events


def test_names_of_objects_and_senders(exported: Exported) -> None:
    class Kitchen:
        def receive(self, **kwargs: Any) -> None: ...

        def __call__(self, **kwargs: Any) -> None: ...

    kitchen = Kitchen()
    signal = Signal()
    for each in (kitchen.receive, kitchen, partial(bake), dict):
        signal.connect(each, weak=False)
    with exported.instrument(signal):
        for sender in (Store(), None, Store):
            signal.send(sender)
    spans = exported.spans
    here = f"{__name__}.test_names_of_objects_and_senders.<locals>.Kitchen"
    names = [f"{here}.receive", f"{here} object", f"functools.partial({name_of(bake)})"]
    assert [span.name for span in spans] == [*names, "builtins.dict"] * 3
    assert [span.attributes.get("typed_signals.sender") for span in spans] == [
        *[None] * 8,
        *[name_of(Store)] * 4,
    ]
    assert "code.file.path" not in spans[3].attributes


def test_receivers_may_open_a_span_for_the_next_one_to_close(exported: Exported) -> None:
    opened: list[Any] = []
    own = exported.tracers.get_tracer("own")

    def begin(**kwargs: Any) -> None:
        span = own.start_span("request")
        opened.append((span, context.attach(trace.set_span_in_context(span))))

    def finish(**kwargs: Any) -> None:
        [(span, token)] = opened
        span.end()
        context.detach(token)

    outer = context.get_current()
    with (
        pizza_done.connected(begin),
        pizza_eaten.connected(bake),
        exported.instrument("tests.*"),
    ):
        dispatch(pizza_done, "send", size=30)
        request = trace.get_current_span()
        dispatch(pizza_eaten, "send", size=30)
        assert trace.get_current_span() is request
        with pizza_done.connected(finish):
            assert pizza_done.disconnect(begin)
            dispatch(pizza_done, "send", size=30)
        assert context.get_current() == outer
    assert exported.tree[:2] == [("begin", None), ("bake", "request")]


def test_signals_of_blinker(exported: Exported) -> None:
    signal = blinker.Signal()
    signal.connect(receive_of_blinker)
    with exported.instrument(signal):
        for _ in range(2):
            assert signal.send(Store, size=30) == [(receive_of_blinker, 30)]
    assert [span.name for span in exported.spans] == [name_of(receive_of_blinker)] * 2


def receive_of_blinker(sender: Any, size: int) -> int:
    return size


def test_arguments_are_checked() -> None:
    problem = "min_seconds must be a positive number of seconds such as 0.1, not"
    wrong: Any
    for wrong in ("0.1", True, None):
        with pytest.raises(TypeError, match=f"{problem} {wrong!r}"):
            instrument(min_seconds=wrong)
    for number in (-1, float("nan")):
        with pytest.raises(ValueError, match=f"{problem} {number}"):
            instrument(min_seconds=number)
    with pytest.raises(TypeError, match="is not a signal"):
        instrument(5)


LONG: dict[str, Any] = {"min_seconds": 1e-9}


@pytest.mark.parametrize("options", [({}, {}), ({}, LONG), (LONG, LONG)])
def test_call_that_is_instrumented_twice_has_one_span(
    exported: Exported, options: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def send() -> None:
        with exported.instrument(pizza_done, **options[1]):
            asyncio.run(pizza_done.asend(Store, size=30))
        first.stop()

    with pizza_done.connected(bake), pizza_done.connected(deliver):
        first = exported.instrument("*", **options[0])
        send()
        send()
    names = [name_of(bake), name_of(deliver)]
    assert sorted(span.name for span in exported.spans) == sorted(names * 2)
    assert [point.count for point in exported.points.values()] == [2, 2]
    assert caplog.records == []


def test_other_providers_get_their_own_spans(exported: Exported) -> None:
    other = Exported()
    with pizza_done.connected(bake), exported.instrument(pizza_done), other.instrument(pizza_done):
        dispatch(pizza_done, "send", size=30)
    assert len(exported.spans) == len(other.spans) == 1
    other.tracers.shutdown()
    other.meters.shutdown()


def test_global_providers_are_used_by_default() -> None:
    with pizza_done.connected(bake), instrument(pizza_done):
        assert dispatch(pizza_done, "send", size=30) == [(bake, "baked")]


def test_the_extra_is_named_if_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("typed_signals.opentelemetry")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "opentelemetry.trace", None)
    with pytest.raises(ImportError, match=r"install typed-signals\[opentelemetry\]$"):
        importlib.import_module("typed_signals.opentelemetry")
