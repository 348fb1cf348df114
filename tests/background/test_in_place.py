"""
``Immediate`` and ``in_place``: tests run receivers in the background where the signal is sent.
"""

from __future__ import annotations

import asyncio
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypedDict
from uuid import UUID

import pytest

from tests.background.recording import Recording
from typed_signals import Signal
from typed_signals.background import Background, Delivery, Immediate, in_place
from typed_signals.exceptions import UndeliverableError
from typed_signals.testing import SignalSpyMixin, capture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typed_signals.testing import SignalSpy


class Order(TypedDict):
    number: UUID


order_placed = Signal[Any, Order]()
order_shipped = Signal[Any, Order]()
engine = Recording(can_await=True)
background = Background(engine)
language = ContextVar("language", default="en")
NUMBER = UUID(int=7)


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    engine.queue.clear()
    yield
    for signal in (order_placed, order_shipped):
        for connection in signal.connections:
            signal.disconnect(connection.receiver)
    assert engine.queue == []


def place(number: Any = NUMBER) -> list[Any]:
    return [response.result for _, response in order_placed.send(None, number=number)]


def ship(number: UUID, delivery: Delivery, **kwargs: Any) -> Any:
    assert delivery.attempt == 1
    [(_, inner)] = order_shipped.send(None, number=number)
    return inner.result


def mail(number: UUID, **kwargs: Any) -> tuple[str, int, str]:
    return threading.current_thread().name, number.int, language.get()


async def mail_async(number: UUID, **kwargs: Any) -> int:
    await asyncio.sleep(0)
    return number.int


def fail(**kwargs: Any) -> None:
    raise RuntimeError("out of paper")


def test_immediate_runs_through_the_whole_encoding() -> None:
    Background(Immediate()).receiver(order_placed)(ship)
    Background(Immediate()).receiver(order_shipped)(mail)
    token = language.set("it")
    try:
        assert place() == [(threading.current_thread().name, 7, "it")]
    finally:
        language.reset(token)
    with pytest.raises(UndeliverableError, match="'number'"):
        place("7")


def test_immediate_raises_what_a_receiver_raises() -> None:
    Background(Immediate()).receiver(order_placed)(fail)
    with pytest.raises(RuntimeError, match="out of paper") as raised:
        place()
    assert len(raised.value.__notes__) == 1
    [(_, response)] = order_placed.send_robust(None, number=NUMBER)
    assert isinstance(response, RuntimeError)


def test_in_place_replaces_each_engine() -> None:
    background.receiver(order_placed)(ship)
    background.receiver(order_shipped)(mail)
    with in_place():
        with pytest.raises(ZeroDivisionError), in_place():
            raise ZeroDivisionError
        assert place()[0][1] == 7
        # In all threads.
        with ThreadPoolExecutor(1) as pool:
            [(name, *_)] = pool.submit(place).result()
        assert name.startswith("ThreadPool")
    assert place() == [1]
    assert engine.run() == [1]
    assert engine.run()[0][1] == 7


@pytest.mark.parametrize("method", ["send", "send_robust", "asend", "asend_robust"])
def test_async_receivers_run_in_place(method: str) -> None:
    background.receiver(order_placed)(mail_async)
    background.receiver(order_placed)(mail)

    def send() -> Any:
        return getattr(order_placed, method)(None, number=NUMBER)

    async def responses() -> Any:
        language.set("it")
        return await send() if method.startswith("a") else send()

    with in_place():
        sent = asyncio.run(responses())
        first, (_, *others) = [response.result for _, response in sent]
        assert (first, others) == (7, [7, "it"])
        if not method.startswith("a"):
            assert send()[0][1].result == 7


def test_sends_of_receivers_are_captured_in_place() -> None:
    background.receiver(order_placed)(ship)
    background.receiver(order_shipped)(mail)
    with in_place(), capture(order_shipped) as sent:
        place()
    assert sent.one(order_shipped).payload == {"number": NUMBER}


def test_signal_spy_runs_receivers_in_place(signal_spy: SignalSpy) -> None:
    with order_shipped.connected(mail):
        background.receiver(order_placed)(mail)
        assert place()[0][1] == 7
        assert order_placed.disconnect(mail)


class SpyingTest(SignalSpyMixin, unittest.TestCase):
    def test_receivers_run_in_place(self) -> None:
        background.receiver(order_placed)(mail)
        self.assertEqual(place()[0][1], 7)  # noqa: PT009 - of unittest
        order_placed.disconnect(mail)


def test_nothing_is_in_place_after_a_spy() -> None:
    result = unittest.TestResult()
    SpyingTest("test_receivers_run_in_place").run(result)
    assert result.wasSuccessful()
    assert result.testsRun == 1
    background.receiver(order_placed)(mail)
    assert place() == [1]
    engine.queue.clear()
