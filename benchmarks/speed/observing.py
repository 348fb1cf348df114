"""
The cases of signals that are watched, compared with code that measures receivers by hand.
"""

from __future__ import annotations

import weakref
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

from typed_signals import Call, observe

from . import contenders as by
from . import project
from .case import Case, Contender, at_most
from .interleave import timed
from .shop import functions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .contenders import Receivers

MEASURING = "measuring by hand"
CHECKED = "... the payload is checked, too"
WEAK = "... references are weak, too"
FOUND = "... found in Django's list, too"
IN_DJANGO = "measuring in Django's send"
STARTED = "... of a signal that exists"
NOTICED = "... what tools replace is noticed"
MISSING = object()


def _forget(_call: object) -> None: ...


class Measuring:
    """
    A loop that reads the clock twice and creates a ``Call`` for each receiver.
    """

    def __init__(self, receivers: Receivers) -> None:
        self.receivers = receivers
        self.references = [weakref.ref(receiver) for receiver in receivers]

    def send(self, sender: Any, *, toppings: Any, size: Any) -> list[Any]:
        """
        Call the receivers.
        """
        payload = {"toppings": toppings, "size": size}
        responses = []
        for receiver in self.receivers:
            call = Call(self, sender, receiver, payload)
            start = perf_counter()
            response = receiver(signal=self, sender=sender, toppings=toppings, size=size)
            call.seconds = perf_counter() - start
            call.response = response
            _forget(call)
            responses.append((receiver, response))
        return responses

    def send_checked(
        self, sender: Any, *args: Any, toppings: Any = MISSING, size: Any = MISSING, **rest: Any
    ) -> list[Any]:
        """
        Refuse unexpected and missing arguments.
        """
        if args or rest or toppings is MISSING or size is MISSING:
            raise TypeError("a signal would say here what is wrong")
        payload = {"toppings": toppings, "size": size}
        responses = []
        for receiver in self.receivers:
            call = Call(self, sender, receiver, payload)
            start = perf_counter()
            response = receiver(signal=self, sender=sender, toppings=toppings, size=size)
            call.seconds = perf_counter() - start
            call.response = response
            _forget(call)
            responses.append((receiver, response))
        return responses

    def send_weak(
        self, sender: Any, *args: Any, toppings: Any = MISSING, size: Any = MISSING, **rest: Any
    ) -> list[Any]:
        """
        Follow weak references before the first call, too.
        """
        if args or rest or toppings is MISSING or size is MISSING:
            raise TypeError("a signal would say here what is wrong")
        payload = {"toppings": toppings, "size": size}
        responses = []
        for receiver in [reference() for reference in self.references]:
            if receiver is None:
                continue
            call = Call(self, sender, receiver, payload)
            start = perf_counter()
            response = receiver(signal=self, sender=sender, toppings=toppings, size=size)
            call.seconds = perf_counter() - start
            call.response = response
            _forget(call)
            responses.append((receiver, response))
        return responses


def _measuring(receivers: Receivers) -> list[Contender]:
    signal = Measuring(receivers)
    return [
        _by_hand(MEASURING, signal, receivers),
        _by_hand(CHECKED, signal, receivers, "send_checked"),
        _by_hand(WEAK, signal, receivers, "send_weak"),
    ]


def _by_hand(name: str, signal: object, receivers: Receivers, method: str = "send") -> Contender:
    statement = by.SEND.replace(".send", f".{method}")
    return Contender(name, statement, {**by.NAMES, "signal": signal}, by.calls_of(receivers))


class Entries(list[Any]):
    """
    The receivers of a signal, which other code may change or replace.

    Attributes:
        found: the weak references for all senders, or None; and those by the id of the sender.
    """

    __slots__ = ("found",)

    found: Any


def _measuring_entries(receivers: Receivers) -> Contender:
    """
    The loop by hand, with what a signal on Django's dispatcher has to do, too.
    """
    from django.dispatch import Signal

    djangos_send, djangos_search = Signal.send, Signal._live_receivers

    class MeasuringEntries:
        _live_receivers = djangos_search

        def __init__(self) -> None:
            self.receivers = Entries()
            self.receivers.found = ([weakref.ref(receiver) for receiver in receivers], {})

        def send(
            self, sender: Any, *args: Any, toppings: Any = MISSING, size: Any = MISSING, **rest: Any
        ) -> list[Any]:
            if args or rest or toppings is MISSING or size is MISSING:
                raise TypeError("a signal would say here what is wrong")
            payload = {"toppings": toppings, "size": size}
            # Another list does not have this attribute.
            references, by_sender = self.receivers.found
            if references is None:
                references = by_sender[id(sender)]
            is_replaced = type(self)._live_receivers is not djangos_search
            if is_replaced or Signal.send is not djangos_send:
                raise NotImplementedError
            responses = []
            for receiver in [reference() for reference in references]:
                if receiver is None:
                    continue
                call = Call(self, sender, receiver, payload)
                start = perf_counter()
                response = receiver(signal=self, sender=sender, toppings=toppings, size=size)
                call.seconds = perf_counter() - start
                call.response = response
                _forget(call)
                responses.append((receiver, response))
            return responses

    return _by_hand(FOUND, MeasuringEntries(), receivers)


def _measuring_class() -> Any:
    """
    Return a class with Django's ``send``, two readings of the clock and a ``Call``.
    """
    from django.dispatch import Signal
    from django.dispatch.dispatcher import NO_RECEIVERS

    class MeasuringSignal(Signal):
        def send(self, sender: Any, **named: Any) -> list[Any]:
            if not self.receivers or self.sender_receivers_cache.get(sender) is NO_RECEIVERS:
                return []
            responses = []
            sync, _ = self._live_receivers(sender)
            for receiver in sync:
                call = Call(self, sender, receiver, named)
                start = perf_counter()
                response = receiver(signal=self, sender=sender, **named)
                call.seconds = perf_counter() - start
                call.response = response
                _forget(call)
                responses.append((receiver, response))
            return responses

    return MeasuringSignal


def _noticing_class() -> Any:
    """
    Return such a class, which also notices async receivers, and what tools replace.
    """
    from django.dispatch import Signal

    djangos_send, djangos_search = Signal.send, Signal._live_receivers

    class NoticingSignal(Signal):
        observer: Any

        def send(self, sender: Any, **named: Any) -> list[Any]:
            is_replaced = (
                Signal.send is not djangos_send
                or Signal._live_receivers is not djangos_search
                or "_live_receivers" in self.__dict__
            )
            sync, asynchronous = djangos_search(self, sender)
            if is_replaced or asynchronous:
                raise NotImplementedError
            observer = self.observer
            responses = []
            for receiver in sync:
                call = Call(self, sender, receiver, named)
                start = perf_counter()
                response = receiver(signal=self, sender=sender, **named)
                call.seconds = perf_counter() - start
                call.response = response
                observer(call)
                responses.append((receiver, response))
            return responses

    return NoticingSignal


def _measuring_in_django(receivers: Receivers, *, use_caching: bool) -> list[Contender]:
    from django.dispatch import Signal

    started, noticing = (by.connected(Signal(use_caching), receivers) for _ in range(2))
    started.__class__ = _measuring_class()
    noticing.__class__ = _noticing_class()
    noticing.observer = _forget
    signal = by.connected(_measuring_class()(use_caching), receivers)
    return [
        _by_hand(IN_DJANGO, signal, receivers),
        _by_hand(STARTED, started, receivers),
        _by_hand(NOTICED, noticing, receivers),
    ]


def _observed(contender: Contender) -> Contender:
    observe(contender.names["signal"], after=_forget)
    return contender._replace(name="observed")


def _captured(contender: Contender) -> Contender:
    from typed_signals.testing import capture

    block = capture(contender.names["signal"], everywhere=True)
    sent = block.__enter__()
    # Otherwise, the records of all sends stay in memory.
    return contender._replace(
        name="captured",
        statement=f"{contender.statement}; sent.clear()",
        names={**contender.names, "sent": sent, "block": block},
    )


def _muted(contender: Contender) -> Contender:
    from typed_signals.testing import mute

    block = mute(contender.names["signal"], everywhere=True)
    block.__enter__()
    names = {**contender.names, "block": block}
    return contender._replace(name="muted", names=names, calls=())


def _watched(make: Callable[[], Contender], others: Sequence[Contender] = ()) -> list[Contender]:
    return [
        _observed(make()),
        *others,
        make()._replace(name="not watched"),
        _captured(make()),
        _muted(make()),
    ]


def send_on_core(number: int) -> list[Contender]:
    """
    Send to *number* functions.
    """
    receivers = functions(number)
    return _watched(partial(by.ours, receivers), _measuring(receivers))


def send_on_django(number: int) -> list[Contender]:
    """
    Send to *number* functions on Django's dispatcher.
    """
    project.set_up(project.OUR_APP)
    receivers = functions(number)
    others = [
        *_measuring(receivers),
        _measuring_entries(receivers),
        *_measuring_in_django(receivers, use_caching=False)[:1],
    ]
    return _watched(partial(by.ours_on_django, receivers), others)


def send_djangos(number: int, *, use_caching: bool) -> list[Contender]:
    """
    Send a signal of Django's own to *number* functions.
    """
    project.set_up(project.OUR_APP)
    receivers = functions(number)
    others = [*_measuring_in_django(receivers, use_caching=use_caching), *_measuring(receivers)]
    return _watched(partial(by.django, receivers, use_caching=use_caching), others)


def send_traced(number: int) -> list[Contender]:
    """
    Send to *number* functions, with a span and a measurement for each call.
    """
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader
    from opentelemetry.sdk.trace import TracerProvider

    from typed_signals.opentelemetry import instrument

    tracers = TracerProvider(shutdown_on_exit=False)
    meters = MeterProvider([InMemoryMetricReader()], shutdown_on_exit=False)
    tracer = tracers.get_tracer("by hand")
    duration = meters.get_meter("by hand").create_histogram("duration", unit="s")
    receivers = functions(number)

    class Tracing:
        def send(self, sender: Any, *, toppings: Any, size: Any) -> list[Any]:
            responses = []
            for receiver in receivers:
                name = f"{receiver.__module__}.{receiver.__qualname__}"
                names = {"code.function.name": name, "signal": "shop.pizza_done"}
                attributes = {
                    **names,
                    "sender": f"{sender.__module__}.{sender.__qualname__}",
                    "code.file.path": receiver.__code__.co_filename,
                    "code.line.number": receiver.__code__.co_firstlineno,
                }
                with tracer.start_as_current_span(name, attributes=attributes):
                    start = perf_counter()
                    response = receiver(signal=self, sender=sender, toppings=toppings, size=size)
                    duration.record(perf_counter() - start, names)
                responses.append((receiver, response))
            return responses

    ours = by.ours(receivers)
    signal = ours.names["signal"]
    handle = instrument(signal, tracer_provider=tracers, meter_provider=meters)
    by_hand = {**by.NAMES, "signal": Tracing()}
    return [
        ours._replace(name="instrument()", names={**ours.names, "handle": handle}),
        Contender("tracing by hand", by.SEND, by_hand, by.calls_of(receivers)),
        by.ours(receivers)._replace(name="not watched"),
    ]


def _receivers(number: int) -> str:
    return f"{number} receiver{'' if number == 1 else 's'}"


NUMBERS = (1, 5, 50)
AS_BY_HAND = {MEASURING: at_most(1.15)}
AS_IN_DJANGO = {IN_DJANGO: at_most(1.15)}

CASES: list[Case] = [
    *(
        timed(
            "observe",
            f"observed send, {_receivers(number)}",
            partial(send_on_core, number),
            limits=AS_BY_HAND,
        )
        for number in NUMBERS
    ),
    *(
        timed(
            "django-observe",
            f"on Django: observed send, {_receivers(number)}",
            partial(send_on_django, number),
            limits=AS_BY_HAND,
        )
        for number in NUMBERS
    ),
    *(
        timed(
            "django-observe",
            f"Django's own: observed send, {_receivers(number)}{caching}",
            partial(send_djangos, number, use_caching=bool(caching)),
            limits=AS_IN_DJANGO,
        )
        for caching in ("", ", use_caching")
        for number in NUMBERS
    ),
    *(
        timed("trace", f"traced send, {_receivers(number)}", partial(send_traced, number))
        for number in NUMBERS
    ),
]
