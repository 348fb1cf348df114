"""
Sends to receivers in the background: what travels, what the response is, what fails.
"""

from __future__ import annotations

import asyncio
import copy
import pickle
import re
import sys
import traceback
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, Unpack
from uuid import UUID

import pytest

from tests.background.recording import Recording
from tests.support import unchecked
from typed_signals import Signal
from typed_signals.background import Background, Delivery, Options, run
from typed_signals.exceptions import DeliveryError, UndeliverableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    class Elsewhere: ...


class Shop:
    pass


class Order(TypedDict):
    number: UUID
    total: Decimal
    request: object
    note: NotRequired[str]


order_placed = Signal[Any, Order]()
NUMBER = UUID(int=7)
ORDER: dict[str, Any] = {"number": NUMBER, "total": Decimal("9.90"), "request": object()}

engine = Recording(can_await=True)
background = Background(engine, queue="mail", priority=3)
called: list[Any] = []


@pytest.fixture(autouse=True)
def _nothing_queued() -> Iterator[None]:
    engine.queue.clear()
    called.clear()
    yield
    for signal in SIGNALS:
        for connection in signal.connections:
            signal.disconnect(connection.receiver, connection.sender)


def ship(sender: object, **kwargs: Any) -> str:
    called.append({"sender": sender, **kwargs})
    return "shipped"


def confirm(number: UUID, total: Decimal, delivery: Delivery, **kwargs: Any) -> Delivery:
    called.append((number, total))
    return delivery


def count(**kwargs: Any) -> int:
    called.append(kwargs)
    return len(kwargs)


async def mail(number: UUID, **kwargs: Any) -> str:
    await asyncio.sleep(0)
    return f"mailed {number.int}"


def fail(**kwargs: Any) -> None:
    raise RuntimeError("out of paper")


def in_place(**kwargs: Any) -> str:
    return "in place"


def test_response_is_the_delivery() -> None:
    background.receiver(order_placed)(ship)
    order_placed.connect(in_place)
    before = datetime.now(UTC)
    [(receiver, delivery), (_, other)] = order_placed.send(Shop, **ORDER)
    assert type(delivery) is Delivery
    assert other == "in place"
    # The receiver in responses is what is connected; connections show the real one.
    assert repr(receiver) == f"<{__name__}.ship in the background>"
    assert order_placed.connections[0].receiver is ship
    assert order_placed.connections[0].is_deferred
    assert delivery.signal == f"{__name__}.order_placed"
    assert delivery.receiver == f"{__name__}.ship"
    assert before <= delivery.sent_at <= datetime.now(UTC)
    assert (delivery.attempt, delivery.result) == (0, 1)
    assert delivery.options == Options("mail", 3)
    assert engine.queue[0][0] is delivery
    assert called == []
    assert engine.run() == ["shipped"]


def test_keys_that_cannot_travel_are_left_out() -> None:
    background.receiver(order_placed)(ship)
    order_placed.send(Shop, **ORDER)
    order_placed.send(Shop, **ORDER, note="urgent")
    engine.run()
    travelled = {"signal": order_placed, "sender": Shop, "number": NUMBER, "total": ORDER["total"]}
    assert called == [travelled, {**travelled, "note": "urgent"}]
    assert called[0]["total"].as_tuple() == ORDER["total"].as_tuple()


def test_receiver_may_name_the_delivery() -> None:
    background.receiver(order_placed)(confirm)
    [(_, sent)] = order_placed.send(Shop, **ORDER)
    text = engine.texts[0]
    for attempt in (1, 2):
        delivery = run(text, attempt)
        assert delivery.attempt == attempt
        assert delivery.result is None
        for name in ("id", "signal", "receiver", "sent_at"):
            assert getattr(delivery, name) == getattr(sent, name)
    assert called == [(NUMBER, ORDER["total"])] * 2


class Parcel(TypedDict):
    delivery: NotRequired[str]


parcel_sent = Signal[Any, Parcel]()


def track(delivery: str = "none", **kwargs: Any) -> str:
    return delivery


def test_a_key_may_be_named_delivery() -> None:
    background.receiver(parcel_sent)(track)
    parcel_sent.send(None, delivery="by bike")
    parcel_sent.send(None)
    assert engine.run() == ["by bike", "none"]


class Part(TypedDict):
    number: UUID
    note: NotRequired[str]


def pack(**kwargs: Unpack[Part]) -> object:
    return kwargs


def test_unpacked_keys_are_named() -> None:
    background.receiver(order_placed)(pack)
    order_placed.send(Shop, **ORDER, note="urgent")
    [received] = engine.run()
    assert {"number": NUMBER, "note": "urgent"}.items() <= received.items()
    with pytest.raises(UndeliverableError) as raised:
        order_placed.send(Shop, **ORDER, note=unchecked(7))
    assert raised.value.wrong == ("note",)


@Signal.declare
def order_paid(sender: object, number: UUID, *, total: Decimal = Decimal(0)) -> object: ...


def test_declared_by_a_function() -> None:
    background.receiver(order_paid)(count)
    order_paid.send(Shop, NUMBER)
    order_paid.send(Shop, number=NUMBER, total=Decimal("9.90"))
    engine.run()
    expected = {"signal": order_paid, "sender": Shop, "number": NUMBER}
    assert called == [expected, {**expected, "total": Decimal("9.90")}]


untyped = Signal()


def test_nothing_of_an_undeclared_payload_travels() -> None:
    background.receiver(untyped)(count)
    untyped.send(Shop, number=7)
    engine.run()
    assert called == [{"signal": untyped, "sender": Shop}]


@pytest.mark.parametrize("sender", [None, Shop, int, dict])
def test_senders_that_travel_without_a_declaration(sender: object) -> None:
    background.receiver(order_placed)(ship)
    order_placed.send(sender, **ORDER)
    engine.run()
    assert called[0]["sender"] is sender


@pytest.mark.parametrize("sender", [Shop(), "shop", 7])
def test_other_senders_are_left_out_unless_they_are_named(sender: object) -> None:
    background.receiver(order_placed)(count)
    order_placed.send(sender, **ORDER)
    engine.run()
    assert called[0].keys() == {"signal", "number", "total"}
    background.receiver(order_placed)(ship)
    with pytest.raises(UndeliverableError, match=r"cannot deliver 'sender' to .*ship") as raised:
        order_placed.send(sender, **ORDER)
    assert raised.value.wrong == ("sender",)


branch_opened = Signal[str, Part]()


def test_declared_senders_travel() -> None:
    background.receiver(branch_opened)(ship)
    branch_opened.send("Rome", number=NUMBER)
    assert engine.run() == ["shipped"]
    assert called[0]["sender"] == "Rome"


shop_closed = Signal[type["Elsewhere"], Part]()


def test_classes_travel_that_are_only_imported_for_type_checkers() -> None:
    background.receiver(shop_closed)(ship)
    unchecked(shop_closed).send(Shop, number=NUMBER)
    assert engine.run() == ["shipped"]
    assert called[0]["sender"] is Shop


SIGNALS: tuple[Any, ...] = (
    *(order_placed, parcel_sent, order_paid, untyped, branch_opened, shop_closed),
)


def test_a_value_that_cannot_travel_enqueues_nothing_for_its_receiver() -> None:
    order_placed.connect(in_place)
    background.receiver(order_placed)(confirm)
    background.receiver(order_placed)(ship)
    wrong = {**ORDER, "total": "9.90"}
    with pytest.raises(UndeliverableError) as raised:
        order_placed.send(Shop, **wrong)
    assert str(raised.value).startswith(
        f"{__name__}.order_placed cannot deliver 'total' to {__name__}.confirm, which runs in the "
        "background: "
    )
    assert engine.queue == []
    reason = str(raised.value).partition("background: ")[2]
    assert "".join(traceback.format_exception(raised.value)).count(reason) == 1
    responses = order_placed.send_robust(Shop, **wrong)
    assert responses[0][1] == "in place"
    assert isinstance(responses[1][1], UndeliverableError)
    assert isinstance(responses[2][1], Delivery)
    assert [delivery.receiver for delivery, _ in engine.queue] == [f"{__name__}.ship"]
    engine.run()
    assert called[0].keys() == {"signal", "sender", "number"}


@pytest.mark.parametrize("method", ["send", "send_robust", "asend", "asend_robust"])
def test_all_four_sends_enqueue(method: str) -> None:
    for receiver in (ship, mail, fail):
        background.receiver(order_placed)(receiver)

    def send() -> Any:
        return getattr(order_placed, method)(Shop, **ORDER)

    async def asend() -> Any:
        return await send()

    responses = asyncio.run(asend()) if method.startswith("a") else send()
    assert [response.result for _, response in responses] == [1, 2, 3]
    texts = engine.texts
    assert run(texts[0]) == "shipped"
    assert run(texts[1]) == "mailed 7"

    async def await_in_place() -> object:
        return run(texts[1])

    assert asyncio.run(await_in_place()) == "mailed 7"


def test_failure_has_a_note_about_the_delivery() -> None:
    background.receiver(order_placed)(fail)
    [(_, delivery)] = order_placed.send(Shop, **ORDER)
    [text] = engine.texts
    for attempt, told in ((1, ""), (2, ", attempt 2")):
        with pytest.raises(RuntimeError, match="out of paper") as raised:
            run(text, attempt)
        [note] = raised.value.__notes__
        line = fail.__code__.co_firstlineno
        assert note == (
            f"Raised in the receiver {__name__}.fail ({__file__}:{line}), called by "
            f"{__name__}.order_placed in the background (delivery {delivery.id}{told})"
        )


def test_receivers_run_where_nothing_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    background.receiver(order_placed)(ship)
    order_placed.send(Shop, **ORDER)
    monkeypatch.delitem(sys.modules, "typed_signals._watch", raising=False)
    assert engine.run() == ["shipped"]


def test_failure_of_the_engine_is_raised_by_the_send(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise ConnectionError("no broker")

    background.receiver(order_placed)(ship)
    monkeypatch.setattr(engine, "enqueue", refuse)
    with pytest.raises(ConnectionError, match="no broker") as raised:
        order_placed.send(Shop, **ORDER)
    [note] = raised.value.__notes__
    told = rf"{re.escape(__name__)}\.order_placed to {re.escape(__name__)}\.ship"
    told = rf"Raised when the engine 'recording' was passed the delivery [-\da-f]{{36}} of {told}"
    assert re.fullmatch(told, note)
    [(_, response)] = order_placed.send_robust(Shop, **ORDER)
    assert isinstance(response, ConnectionError)


def test_delivery_is_read_only_and_can_be_copied() -> None:
    background.receiver(order_placed)(confirm)
    [(_, delivery)] = order_placed.send(Shop, **ORDER)
    for name in ("id", "attempt", "result", "other"):
        with pytest.raises(AttributeError, match="immutable type: 'Delivery'"):
            setattr(delivery, name, 7)
    with pytest.raises(AttributeError, match="immutable type: 'Delivery'"):
        del delivery.id
    [received] = engine.run()
    for each in (delivery, received):
        pickled = pickle.loads(pickle.dumps(each))  # noqa: S301 - of this test
        copied = copy.copy(each)
        assert copied.result == each.result
        for other in (copied, copy.deepcopy([each])[0], pickled):
            assert other.result is None or other is copied
            for name in ("id", "signal", "receiver", "sent_at", "attempt", "options"):
                assert getattr(other, name) == getattr(each, name)
    named = f"{delivery.id} of {__name__}.order_placed to {__name__}.confirm"
    assert repr(delivery) == f"<Delivery {named}>"
    assert repr(received) == f"<Delivery {named}, attempt 1>"


def test_disconnected_receiver_gets_what_was_sent_before() -> None:
    for weak in (True, False):
        background.receiver(order_placed, weak=weak)(ship)
        assert order_placed.send(Shop, **ORDER)
        assert order_placed.disconnect(ship)
        assert order_placed.send(Shop, **ORDER) == []
        assert engine.run() == ["shipped"]


def test_delivery_error_is_not_a_payload_error() -> None:
    assert not issubclass(UndeliverableError, DeliveryError)
