"""
``instrument``: makes the spans and the histogram.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from importlib.metadata import version
from time import time_ns
from typing import TYPE_CHECKING, Any, Final, final
from weakref import WeakKeyDictionary, WeakSet

from opentelemetry import context, metrics, trace
from opentelemetry.trace import Status, StatusCode

from typed_signals._observe import observe
from typed_signals._shared.callables import receiver_name, receiver_place
from typed_signals._shared.durations import is_number_of_seconds, seconds_problem
from typed_signals._watch.kinds import signal_kind

from ._messaging import as_received, as_sent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager

    from opentelemetry.context import Context
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import Span, TracerProvider

    from typed_signals._observe import Observation
    from typed_signals._watch.scopes import Handle
    from typed_signals._watch.watcher import Call

_SCOPE: Final = "typed_signals"
# The version of the semantic conventions that defines the attributes without this prefix.
_SCHEMA: Final = "https://opentelemetry.io/schemas/1.37.0"
_FUNCTION: Final = "code.function.name"
_SIGNAL: Final = "typed_signals.signal"
_SENDER: Final = "typed_signals.sender"
_DURATION: Final = "typed_signals.receiver.duration"
# Those that the conventions recommend for durations of requests.
_BOUNDARIES: Final = (
    *(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75),
    *(1, 2.5, 5, 7.5, 10),
)
_NANOSECONDS: Final = 1_000_000_000

_RUNNING: Final = context.create_key("typed_signals_running")


def instrument(
    *signals: object,
    min_seconds: float = 0,
    tracer_provider: TracerProvider | None = None,
    meter_provider: MeterProvider | None = None,
) -> Observation:
    """
    Make a span of each call of a receiver, and record its duration in a histogram::

        instrument(min_seconds=0.01)

    A span has the name of the receiver, and the names of the signal and of the sender if that is a
    class. It has no values of the payload. The error that a receiver raises is recorded, also if
    ``send_robust`` returns it. The histogram is ``typed_signals.receiver.duration``, in seconds.

    A call that is instrumented more than once with the same providers has one span.

    The trace of a send goes on in the receivers that run in the background: while one of these
    observations lasts, it travels with each delivery, as the configured propagator says.

    Args:
        signals: the signals, or patterns of their names, as for ``observe``; by default all.
        min_seconds: only receivers that take at least as many seconds have a span. Such a span is
            made at the end, so spans that were made in the receiver are not its children. The
            histogram contains all receivers.
        tracer_provider: makes the spans; by default the global one.
        meter_provider: makes the histogram; by default the global one.

    Returns:
        What ends it: call ``stop()``, or use it in a ``with`` statement.

    Raises:
        TypeError: something is not a signal, or *min_seconds* is not a number.
        ValueError: *min_seconds* is negative or not a number (nan).
    """
    if not is_number_of_seconds(min_seconds):
        error = ValueError if type(min_seconds) in (int, float) else TypeError
        raise error(f"min_seconds {seconds_problem(min_seconds)}")
    spans = _Spans(tracer_provider, meter_provider, min_seconds)
    before = None if min_seconds > 0 else spans.start
    observation = observe(*(signals or ("*",)), before=before, after=spans.end)
    spans.handle = observation._handle
    return observation


@final
class _Running:
    """
    A receiver that runs.

    Attributes:
        span: its span.
        names: the attributes that the histogram has, too.
        payload: the payload, which is another object in each send.
        outer: the context in which its signal was sent.
        inner: the context in which it runs.
        has_ended: whether it has ended.
    """

    __slots__ = ("has_ended", "inner", "names", "outer", "payload", "span")

    def __init__(
        self, span: Span, names: dict[str, str], payload: Mapping[str, Any], outer: Context
    ) -> None:
        self.span = span
        self.names = names
        self.payload = payload
        self.outer = outer
        span_context = trace.set_span_in_context(span, outer)
        self.inner = context.set_value(_RUNNING, self, span_context)
        self.has_ended = False


@final
class _Spans:
    """
    The callbacks of an observer that make spans and record durations.

    Attributes:
        handle: that of the observer.
    """

    handle: Handle | None = None

    def __init__(
        self,
        tracer_provider: TracerProvider | None,
        meter_provider: MeterProvider | None,
        min_seconds: float,
    ) -> None:
        self._providers = tracer_provider, meter_provider
        self._min_seconds = min_seconds
        self._running: WeakKeyDictionary[Call, _Running] = WeakKeyDictionary()
        self._tracer: Any
        self._duration: Any
        # Which of those with the same providers makes the span of a call.
        self._owners: WeakKeyDictionary[Call, _Spans]
        same = next((each for each in _all_spans if each._providers == self._providers), None)
        _all_spans.add(self)
        if same is not None:
            self._tracer, self._duration, self._owners = same._tracer, same._duration, same._owners
            return
        self._owners = WeakKeyDictionary()
        of_scope = _SCOPE, version("typed-signals")
        self._tracer = trace.get_tracer(
            *of_scope, tracer_provider=tracer_provider, schema_url=_SCHEMA
        )
        meter = metrics.get_meter(*of_scope, meter_provider=meter_provider, schema_url=_SCHEMA)
        self._duration = meter.create_histogram(
            _DURATION,
            unit="s",
            description="Duration of the calls of receivers.",
            explicit_bucket_boundaries_advisory=_BOUNDARIES,
        )

    @property
    def is_stopped(self) -> bool:
        """
        Whether the observer has ended, or not started.
        """
        return self.handle is None or self.handle.is_stopped

    @property
    def makes_all(self) -> bool:
        """
        Whether each call has a span, not only the slow ones.
        """
        return self._min_seconds == 0

    def _owns(self, call: Call) -> bool:
        return self._owners.setdefault(call, self) is self

    def start(self, call: Call) -> None:
        """
        Start the span of *call*, and make it the current one.
        """
        if not self._owns(call):
            return
        outer = context.get_current()
        beside: Any = context.get_value(_RUNNING, outer)
        # Async receivers of one send run at the same time in one context.
        if beside is not None and beside.payload is call.payload:
            outer = beside.outer
        names = _names(call)
        span = self._span(call, names, context=outer)
        running = self._running[call] = _Running(span, names, call.payload, outer)
        context.attach(running.inner)

    def end(self, call: Call) -> None:
        """
        Record the duration of *call*, and end its span.
        """
        if not self._owns(call):
            return
        running = self._running.pop(call, None)
        names = _names(call) if running is None else running.names
        names |= _error_type(call.error)
        self._duration.record(call.seconds, names)
        if running is not None:
            running.has_ended = True
            _restore_context()
            _end_span(running.span, call.error, names)
        elif call.seconds >= self._min_seconds > 0:
            end = time_ns()
            span = self._span(call, names, start_time=end - round(call.seconds * _NANOSECONDS))
            _end_span(span, call.error, names, end)

    @contextmanager
    def sending(self, sender: Any, receiver: Any, delivery: Any) -> Iterator[None]:
        """
        Return a context manager that makes the span of a send to a receiver in the background.
        """
        message = as_sent(delivery, receiver_name(receiver))
        span = self._tracer.start_span(
            message.name, kind=message.kind, attributes={**message.attributes, **_facts_of(sender)}
        )
        error: BaseException | None = None
        token = context.attach(trace.set_span_in_context(span))
        try:
            yield
        except BaseException as raised:
            error = raised
            raise
        finally:
            context.detach(token)
            _end_span(span, error, _error_type(error))

    def _span(self, call: Call, names: dict[str, str], **options: Any) -> Span:
        attributes: dict[str, str | int] = {**names, **_facts_of(call.sender)}
        if place := receiver_place(call.receiver):
            file, _, line = place.rpartition(":")
            attributes |= {"code.file.path": file, "code.line.number": int(line)}
        name = names[_FUNCTION]
        if call.delivery is not None:
            here = options.get("context") or context.get_current()
            message = as_received(call.delivery, name, here)
            name, attributes = message.name, {**attributes, **message.attributes}
            options |= {"kind": message.kind, "links": message.links}
        span: Span = self._tracer.start_span(name, attributes=attributes, **options)
        return span


_all_spans: Final[WeakSet[_Spans]] = WeakSet()


def is_instrumented() -> bool:
    """
    Return whether receivers of any signal are instrumented.
    """
    return any(not spans.is_stopped for spans in tuple(_all_spans))


def start_send(
    signal: Any, sender: Any, receiver: Any, delivery: Any
) -> AbstractContextManager[None]:
    """
    Return a context manager that makes the span of a send, if receivers of *signal* have spans.
    """
    audience = signal_kind(signal).audience_of(signal)
    if audience is not None:
        for spans in tuple(_all_spans):
            if spans.makes_all and spans.handle in audience.watching:
                return spans.sending(sender, receiver, delivery)
    return nullcontext()


def _facts_of(sender: Any) -> dict[str, str]:
    # The type is asked, because a lazy object is loaded when its class is read.
    return {_SENDER: receiver_name(sender)} if issubclass(type(sender), type) else {}


def _error_type(error: BaseException | None) -> dict[str, str]:
    if not isinstance(error, Exception):
        return {}
    return {"error.type": receiver_name(type(error)).removeprefix("builtins.")}


def _names(call: Call) -> dict[str, str]:
    return {_FUNCTION: call.receiver_name, _SIGNAL: call.signal_name}


def _restore_context() -> None:
    """
    Leave the contexts of receivers that have ended.

    It does not detach: since its receiver started, another one that runs at the same time may have
    changed the context, or the receiver itself, such as one that opens a span for the next one to
    close.
    """
    while (running := _running_here()) is not None and running.has_ended:
        context.attach(running.outer)


def _running_here() -> _Running | None:
    """
    Return the receiver whose context is the present one.
    """
    current = context.get_current()
    running: Any = context.get_value(_RUNNING, current)
    return running if running is not None and running.inner is current else None


def _end_span(
    span: Span, error: BaseException | None, names: Mapping[str, str], end: int | None = None
) -> None:
    try:
        if "error.type" in names:
            span.set_attribute("error.type", names["error.type"])
            span.record_exception(error)
            span.set_status(Status(StatusCode.ERROR, str(error)))
    finally:
        span.end(end)
