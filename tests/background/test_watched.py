"""
What watches signals knows the receivers that run in the background.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypedDict
from uuid import UUID

import pytest
from django.dispatch import Signal as DjangosSignal

from typed_signals import Call, Signal, observe
from typed_signals.background import Background, Delivery, Immediate, run
from typed_signals.django import Signal as SignalOnDjango
from typed_signals.exceptions import (
    LeakedConnectionWarning,
    PayloadError,
    ReceiverTypeError,
)
from typed_signals.testing import capture, isolate, mute, validate
from typed_signals.testing._spy import SignalSpy

from .recording import Recording

if TYPE_CHECKING:
    from collections.abc import Iterator


class OrderPlaced(TypedDict):
    order_id: UUID
    note: str


class Store: ...


ORDER = UUID("00000000-0000-0000-0000-000000000007")

of_core = Signal[type[Store], OrderPlaced]()
on_django = SignalOnDjango[type[Store], OrderPlaced]()
SIGNALS: dict[str, Any] = {"core": of_core, "django": on_django}


QUEUE = Recording(can_await=True)
background = Background(QUEUE, queue="mail")
received: list[dict[str, Any]] = []


def ship(sender: type[Store], order_id: UUID, **kwargs: Any) -> str:
    received.append({"sender": sender, "order_id": order_id, **kwargs})
    return "shipped"


def count(note: str, delivery: Delivery, **kwargs: Any) -> int:
    return delivery.attempt


def fail(**kwargs: Any) -> None:
    raise LookupError("no stock")


async def mail(order_id: UUID, **kwargs: Any) -> str:
    await asyncio.sleep(0)
    return f"mailed {order_id.int}"


@pytest.fixture(params=SIGNALS)
def signal(request: pytest.FixtureRequest) -> Iterator[Any]:
    QUEUE.queue.clear()
    received.clear()
    with isolate():
        yield SIGNALS[request.param]


def name_of(function: Any) -> str:
    return f"{__name__}.{function.__name__}"


def send(signal: Any) -> Any:
    return signal.send(Store, order_id=ORDER, note="quick")


def test_muted_receivers_are_not_enqueued(signal: Any) -> None:
    background.receiver(signal)(ship)
    background.receiver(signal)(count)
    with mute(signal, receivers=[ship]):
        [(connected, delivery)] = send(signal)
    assert connected.receiver is count
    assert delivery.receiver == name_of(count)
    with mute(signal):
        assert send(signal) == []
    with mute(signal, sender=Store):
        assert send(signal) == []
    # It is known to be connected, although this sender does not call it.
    background.receiver(signal, sender=Signal)(fail)
    with mute(signal, receivers=[fail]):
        send(signal)
    assert len(QUEUE.texts) == 3
    # A delivery that was enqueued before runs.
    with mute(signal):
        assert run(QUEUE.texts[2]) == 1


def test_capture_has_the_deliveries(signal: Any) -> None:
    background.receiver(signal)(ship)
    with capture(signal) as sent:
        send(signal)
    record = sent.one(signal)
    assert record.payload == {"order_id": ORDER, "note": "quick"}
    assert record.responses is not None
    [(_, delivery)] = record.responses
    assert isinstance(delivery, Delivery)
    assert (delivery.receiver, delivery.result, delivery.attempt) == (name_of(ship), 1, 0)
    with capture(signal) as sent:
        run(QUEUE.texts[0])
    assert len(sent) == 0


@pytest.mark.parametrize("is_simple", [True, False])
def test_observers_are_told_when_it_runs(signal: Any, is_simple: bool) -> None:
    calls: list[Call] = []
    begun: list[Any] = []

    def note(call: Call) -> None:
        begun.append((call.receiver, call.seconds))

    for each in (ship, count, fail, mail):
        background.receiver(signal)(each)
    with observe(signal, before=note, after=calls.append), observe(signal, after=calls.append):
        if is_simple:
            send(signal)
        else:
            with capture(signal):
                send(signal)
        assert begun == calls == []
        responses: list[Any] = []
        for attempt, text in enumerate(QUEUE.texts, start=1):
            try:
                responses.append(run(text, attempt))
            except LookupError as error:
                responses.append(error)
    assert begun == [(each, 0.0) for each in (ship, count, fail, mail)]
    assert name_of(fail) in responses[2].__notes__[0]
    assert calls[::2] == calls[1::2]
    calls = calls[::2]
    assert [call.receiver for call in calls] == [ship, count, fail, mail]
    assert [call.response for call in calls] == ["shipped", 2, None, "mailed 7"]
    assert [call.error for call in calls] == [None, None, responses[2], None]
    assert received == [
        {"signal": signal, "sender": Store, "order_id": ORDER, "note": "quick"},
    ]
    for attempt, call in enumerate(calls, start=1):
        assert (call.signal, call.sender) == (signal, Store)
        assert call.signal_name == call.delivery.signal
        assert call.payload == {"order_id": ORDER, "note": "quick"}
        assert call.seconds > 0
        assert (call.delivery.attempt, call.delivery.receiver) == (attempt, call.receiver_name)


def test_observers_of_others_are_not_told(signal: Any) -> None:
    calls: list[Call] = []
    background.receiver(signal)(ship)
    send(signal)
    with observe("nobody.*", after=calls.append):
        assert run(QUEUE.texts[0]) == "shipped"
    with capture(signal):
        assert run(QUEUE.texts[0]) == "shipped"
    assert calls == []


def test_call_by_a_send_has_no_delivery(signal: Any) -> None:
    calls: list[Call] = []
    signal.connect(ship)
    with observe(signal, after=calls.append):
        send(signal)
    assert [call.delivery for call in calls] == [None]


def test_sender_that_does_not_travel_is_none() -> None:
    calls: list[Call] = []
    signal = Signal[Any, OrderPlaced]()
    globals()["unusual"] = signal
    background.receiver(signal)(count)
    with isolate(), observe(signal, after=calls.append):
        QUEUE.queue.clear()
        signal.send(object(), order_id=ORDER, note="")
        run(QUEUE.texts[0])
    assert [(call.sender, call.response) for call in calls] == [(None, 1)]
    del globals()["unusual"]


def test_connection_says_how_it_is_called(signal: Any) -> None:
    background.receiver(signal)(ship)
    Background(Immediate()).receiver(signal, priority=0, dispatch_uid="count")(count)
    first, second = signal.connections
    assert (first.receiver, first.is_deferred, first.weak) == (ship, True, True)
    assert first.deferral._asdict() == {
        "on_commit": False,
        "in_background": True,
        "engine": "recording",
        "queue": "mail",
        "priority": None,
    }
    assert ", in the background (recording, queue mail), connected at " in repr(first)
    assert str(second.deferral) == "in the background (immediate, priority 0)"
    signal.connect(mail)
    assert signal.connections[2].deferral is None


def test_connected_is_ended_by_its_block_only_if_it_connected(signal: Any) -> None:
    background.receiver(signal)(ship)
    with signal.connected(ship):
        [(connected, delivery)] = send(signal)
        assert (connected.receiver, type(delivery)) == (ship, Delivery)
    assert [each.receiver for each in signal.connections] == [ship]
    assert signal.disconnect(ship)
    assert send(signal) == []


def test_isolate_undoes_it_and_its_key_is_free(signal: Any) -> None:
    with isolate(signal):
        background.receiver(signal, dispatch_uid="key")(ship)
        with pytest.raises(ReceiverTypeError, match="has the same key 'key'"):
            background.receiver(signal, dispatch_uid="key")(count)
    assert signal.connections == []
    background.receiver(signal, dispatch_uid="key")(count)
    send(signal)
    assert run(QUEUE.texts[0]) == 1


def test_leak_names_the_receiver(signal: Any) -> None:
    spy = SignalSpy()
    background.receiver(signal)(ship)
    warning = spy._close("test_orders")
    assert isinstance(warning, LeakedConnectionWarning)
    assert f"{name_of(ship)} (" in str(warning)
    assert signal.connections == []


def test_validate_checks_the_send(signal: Any) -> None:
    background.receiver(signal)(ship)
    with validate(signal), pytest.raises(PayloadError, match="'order_id' is of type int"):
        signal.send(Store, order_id=7, note="")
    assert QUEUE.texts == []


def test_signals_of_django_itself(signal: Any) -> None:
    plain = DjangosSignal()
    calls: list[Call] = []
    globals()["plain"] = plain
    background.receiver(plain)(fail)
    with observe(plain, after=calls.append), mute(plain, receivers=[fail]):
        assert plain.send(Store) == []
    with observe(plain, after=calls.append):
        plain.send(Store)
        with pytest.raises(LookupError):
            run(QUEUE.texts[0])
    assert [(call.receiver, call.signal_name) for call in calls] == [(fail, f"{__name__}.plain")]
    del globals()["plain"]
