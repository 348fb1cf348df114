"""
``capture``: the sends of signals of the core, in tests.
"""

from __future__ import annotations

import asyncio
import copy
import re
import threading
from typing import TYPE_CHECKING, Any, TypedDict

import pytest

from tests.support import unchecked
from typed_signals import Signal
from typed_signals.exceptions import PayloadError
from typed_signals.testing import Captured, capture, isolate, mute, validate

if TYPE_CHECKING:
    from collections.abc import Iterator

SENDS = ("send", "send_robust", "asend", "asend_robust")


class Shop:
    pass


class OrderPlaced(TypedDict):
    order_id: int


order_placed = Signal[type[Shop], OrderPlaced]()
email_queued = Signal[type[Shop], OrderPlaced]()
order_lost = Signal()


def place(order_id: int, sender: Any = Shop) -> None:
    order_placed.send(sender, order_id=order_id)


def fail(**kwargs: Any) -> None:
    raise ValueError("failed")


@pytest.fixture
def received() -> Iterator[list[int]]:
    """
    The order ids that a receiver of ``order_placed`` got.
    """
    order_ids: list[int] = []

    def receive(order_id: int, **kwargs: Any) -> int:
        order_ids.append(order_id)
        return order_id

    with order_placed.connected(receive):
        yield order_ids


@pytest.mark.parametrize("method", SENDS)
def test_each_send_is_captured_with_its_responses(method: str, received: list[int]) -> None:
    with capture(order_placed) as sent:
        send = getattr(order_placed, method)(Shop, order_id=7)
        responses = asyncio.run(send) if method.startswith("a") else send
    [one] = sent
    assert one.signal is order_placed
    assert (one.method, one.sender, one.payload) == (method, Shop, {"order_id": 7})
    assert one.responses == responses
    assert [response for _, response in responses] == received == [7]
    assert one.error is None


@pytest.mark.parametrize(
    ("block", "written"),
    [
        (capture(order_placed), "with capture(...) as sent"),
        (mute(order_placed), "with mute(...)"),
        (isolate(order_placed), "with isolate(...)"),
        (validate(order_placed), "with validate(...)"),
    ],
)
def test_what_is_not_entered_says_how(block: Any, written: str) -> None:
    message = f"{type(block).__name__!r} object has no attribute 'one': use it as a context manager"
    with pytest.raises(AttributeError, match=re.escape(f"{message}: {written}")):
        block.one(order_placed)
    assert not hasattr(block, "stop")
    assert copy.copy(block) is not block


def test_nothing_is_captured_before_or_after(received: list[int]) -> None:
    place(1)
    with capture(order_placed) as sent:
        assert sent == []
        place(2)
    place(3)
    assert [each.payload["order_id"] for each in sent] == [2]
    assert received == [1, 2, 3]


def test_error_of_a_receiver_is_captured() -> None:
    with capture(order_placed) as sent, order_placed.connected(fail):
        with pytest.raises(ValueError, match="failed") as raised:
            place(1)
        [(_, response)] = order_placed.send_robust(Shop, order_id=2)
    first, second = sent
    assert first.error is raised.value
    assert first.responses is None
    assert second.error is None
    assert second.responses == [(fail, response)]


def test_payload_is_checked_and_a_refused_send_is_not_captured() -> None:
    refused = pytest.raises(PayloadError, match="missing 'order_id'")
    with capture(order_placed, mute=True) as sent, refused:
        unchecked(order_placed).send(Shop)
    assert sent == []


def test_muted_capture_calls_no_receivers(received: list[int]) -> None:
    with capture(order_placed, mute=True) as sent:
        place(1)
    assert received == []
    assert sent.one(order_placed).responses == []


def test_signal_has_listeners_while_it_is_captured() -> None:
    with capture(order_placed):
        assert order_placed.has_listeners(Shop)
        assert order_placed.has_listeners()
        assert not email_queued.has_listeners()
    assert not order_placed.has_listeners(Shop)


def test_sends_are_in_the_order_in_which_they_started() -> None:
    def queue(order_id: int, **kwargs: Any) -> None:
        assert sent[-1].signal is order_placed
        assert sent[-1].responses is None
        email_queued.send(Shop, order_id=order_id)

    with capture(order_placed, email_queued) as sent, order_placed.connected(queue):
        place(1)
        place(2)
    signals = [order_placed, email_queued, order_placed, email_queued]
    assert [each.signal for each in sent] == signals
    assert [each.payload["order_id"] for each in sent] == [1, 1, 2, 2]


class TestSequence:
    """
    ``Captured``.
    """

    def test_is_a_sequence(self) -> None:
        with capture(order_placed) as sent:
            place(1)
            place(2)
        assert isinstance(sent, Captured)
        assert len(sent) == 2
        assert [sent[0], sent[-1]] == list(sent) == sent[:]
        assert sent == list(sent)
        assert sent != [sent[0]]
        assert sent != "other"
        with pytest.raises(TypeError, match="unhashable"):
            hash(sent)

    def test_each_block_has_its_own(self) -> None:
        capturing = capture(order_placed)
        with capturing as outer:
            place(1)
            with capturing as inner:
                place(2)
            place(3)
        assert [each.payload["order_id"] for each in outer] == [1, 2, 3]
        assert [each.payload["order_id"] for each in inner] == [2]

    def test_of_returns_the_sends_of_a_signal(self) -> None:
        with capture(order_placed, email_queued) as sent:
            place(1)
            email_queued.send(Shop, order_id=2)
            place(3)
        assert [each.payload["order_id"] for each in sent.of(order_placed)] == [1, 3]
        assert sent.of(email_queued) == [sent[1]]

    def test_of_one_and_last_can_be_asked_for_a_sender(self) -> None:
        class Other(Shop):
            pass

        with capture(order_placed) as sent:
            place(1)
            place(2, Other)
            place(3)
        assert sent.of(order_placed, sender=Other) == [sent[1]]
        assert sent.one(order_placed, sender=Other) is sent[1]
        assert sent.last(order_placed) is sent.last(order_placed, sender=Shop) is sent[2]
        with pytest.raises(AssertionError) as raised:
            sent.one(order_placed, sender=list)
        assert str(raised.value).startswith(
            "tests.test_capture.order_placed was not sent from list. Sent instead:"
        )

    def test_clear_forgets(self) -> None:
        with capture(order_placed) as sent:
            place(1)
            sent.clear()
            place(2)
        assert sent.one(order_placed).payload == {"order_id": 2}

    def test_repr_is_that_of_the_sends(self) -> None:
        with capture(order_placed, order_lost) as sent:
            place(1)
            order_lost.send_robust(None, reason="fire", note="x" * 1000)
        first, second = map(repr, sent)
        assert first == "<tests.test_capture.order_placed.send(Shop, order_id=1)>"
        assert second.startswith(
            "<tests.test_capture.order_lost.send_robust(None, reason='fire', note='xxx"
        )
        assert len(second) < 300
        assert repr(sent) == f"[{first}, {second}]"


class TestFailures:
    """
    What ``one`` and ``last`` say.
    """

    @pytest.mark.parametrize("ask", [Captured.one, Captured.last])
    def test_show_what_was_sent_instead(self, ask: Any) -> None:
        with capture(order_placed, order_lost) as sent:
            order_lost.send(Shop, reason="fire")
            order_lost.send(None)
        with pytest.raises(AssertionError) as raised:
            ask(sent, order_placed)
        assert str(raised.value) == (
            "tests.test_capture.order_placed was not sent. Sent instead:\n"
            "  <tests.test_capture.order_lost.send(Shop, reason='fire')>\n"
            "  <tests.test_capture.order_lost.send(None)>"
        )

    def test_say_if_nothing_was_sent(self) -> None:
        with capture(order_placed, order_lost) as sent:
            pass
        with pytest.raises(AssertionError) as raised:
            sent.one(order_placed)
        assert (
            str(raised.value)
            == "tests.test_capture.order_placed was not sent: nothing was captured"
        )

    def test_one_lists_several(self) -> None:
        with capture(order_placed, order_lost) as sent:
            place(1)
            order_lost.send(None)
            place(2)
        with pytest.raises(AssertionError) as raised:
            sent.one(order_placed)
        assert str(raised.value) == (
            "tests.test_capture.order_placed was sent 2 times, not once:\n"
            "  <tests.test_capture.order_placed.send(Shop, order_id=1)>\n"
            "  <tests.test_capture.order_placed.send(Shop, order_id=2)>"
        )

    def test_are_not_endless(self) -> None:
        with capture(order_placed) as sent:
            for order_id in range(1000):
                place(order_id)
        with pytest.raises(AssertionError, match="sent 1000 times, not once:") as raised:
            sent.one(order_placed)
        lines = str(raised.value).splitlines()
        assert len(lines) == 22
        assert lines[-1] == "  and 980 more"

    def test_signal_must_be_captured(self) -> None:
        with capture(order_placed) as sent:
            order_lost.send(None)
        for ask in (sent.one, sent.last, sent.of):
            with pytest.raises(ValueError, match=r"^tests.test_capture.order_lost is not capt"):
                ask(order_lost)

    def test_hide_the_frames_of_this_package_from_pytest(self) -> None:
        with capture(order_placed) as sent:
            pass
        with pytest.raises(AssertionError) as raised:
            sent.one(order_placed)
        shown = raised.traceback.filter(raised)
        assert [entry.frame.code.name for entry in shown] == [
            "test_hide_the_frames_of_this_package_from_pytest"
        ]


class TestArguments:
    """
    What ``capture`` refuses.
    """

    def test_no_signals(self) -> None:
        with pytest.raises(TypeError, match=r"^capture\(\) needs at least one signal$"):
            unchecked(capture)()

    @pytest.mark.parametrize("other", ["order_placed", Signal, Shop, None])
    def test_not_a_signal(self, other: Any) -> None:
        with pytest.raises(TypeError, match=r"^capture\(\) takes signals: .* is not a signal"):
            capture(order_placed, other)
        assert not order_placed.has_listeners()

    def test_signal_of_another_library(self) -> None:
        other: Any = type("Signal", (), {})()
        with pytest.raises(
            TypeError, match=r"is not a signal of typed_signals, Django or blinker$"
        ):
            capture(other)


class TestScope:
    """
    Which sends a capture sees.
    """

    def test_other_thread_is_not_captured(self) -> None:
        with capture(order_placed) as sent:
            thread = threading.Thread(target=place, args=(1,))
            thread.start()
            thread.join()
        assert sent == []

    def test_other_thread_is_captured_everywhere(self) -> None:
        with capture(order_placed, everywhere=True) as sent:
            thread = threading.Thread(target=place, args=(1,))
            thread.start()
            thread.join()
        assert len(sent) == 1

    def test_task_inherits_until_the_end_of_the_block(self) -> None:
        async def place_later(event: asyncio.Event) -> None:
            place(1)
            await event.wait()
            place(2)

        async def main() -> Captured[Any, Any]:
            event = asyncio.Event()
            with capture(order_placed) as sent:
                task = asyncio.create_task(place_later(event))
                await asyncio.sleep(0)
            event.set()
            await task
            return sent

        assert [each.payload["order_id"] for each in asyncio.run(main())] == [1]

    def test_sibling_tasks_do_not_see_each_other(self) -> None:
        async def one(order_id: int) -> list[int]:
            with capture(order_placed) as sent:
                await asyncio.sleep(0)
                place(order_id)
                await asyncio.sleep(0)
            return [each.payload["order_id"] for each in sent]

        async def main() -> list[list[int]]:
            return await asyncio.gather(*map(one, range(10)))

        assert asyncio.run(main()) == [[each] for each in range(10)]
