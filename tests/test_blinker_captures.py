"""
``capture`` and ``mute`` for signals of blinker.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from blinker import ANY, NamedSignal, Namespace, Signal

from typed_signals.testing import capture, mute

signals = Namespace()


class Shop:
    pass


SHOP = Shop()


def receive(sender: Any, **payload: Any) -> str:
    return "received"


def tell(sender: Any, **payload: Any) -> str:
    return "told"


async def receive_async(sender: Any, **payload: Any) -> str:
    return "async"


@pytest.fixture(params=[Signal, lambda: NamedSignal("order-placed")])
def signal(request: pytest.FixtureRequest) -> Any:
    return request.param()


def place(signal: Any, sender: object = SHOP) -> list[str]:
    return sorted(response for _, response in signal.send(sender, order_id=7))


def test_send_is_captured(signal: Any) -> None:
    signal.connect(receive)
    with capture(signal) as sent:
        responses = signal.send(SHOP, order_id=7)
    one = sent.one(signal, sender=SHOP)
    assert (one.method, one.payload) == ("send", {"order_id": 7})
    assert one.responses == responses == [(receive, "received")]
    place(signal)
    assert len(sent) == 1


def test_method_that_was_patched_on_a_signal(signal: Any) -> None:
    signal.send = signal.send  # as pytest's monkeypatch restores it
    with capture(signal) as sent:
        signal.send("shop")
    assert len(sent) == 1


def test_async_send_is_captured_and_muted(signal: Any) -> None:
    signal.connect(receive_async)
    with capture(signal) as sent:
        assert asyncio.run(signal.send_async(SHOP)) == [(receive_async, "async")]
    assert sent.one(signal).method == "send_async"
    with mute(signal):
        assert asyncio.run(signal.send_async(SHOP)) == []


def test_receivers_are_muted(signal: Any) -> None:
    signal.connect(receive)
    signal.connect(tell, sender=SHOP)
    with mute(signal):
        assert place(signal) == []
    with mute(signal, receivers=[tell]):
        assert place(signal) == ["received"]
    with mute(signal, sender=Shop):
        assert place(signal) == ["received", "told"]
        assert place(signal, Shop) == []
    assert place(signal) == ["received", "told"]


def test_signal_has_receivers_while_it_is_captured(signal: Any) -> None:
    assert not signal.has_receivers_for(SHOP)
    with capture(signal, mute=True) as sent:
        assert signal.has_receivers_for(SHOP)
        assert signal.has_receivers_for(ANY)
        assert place(signal) == []
    assert len(sent) == 1
    assert not signal.has_receivers_for(SHOP)


def test_muted_block_of_blinker_keeps_its_meaning(signal: Any) -> None:
    signal.connect(receive)
    with capture(signal) as sent, signal.muted():
        assert place(signal) == []
    assert place(signal) == ["received"]
    assert [each.responses for each in sent] == [[]]


def test_failures_name_the_signal() -> None:
    with capture(signals.signal("order-lost"), signals.signal("order-placed")) as sent:
        signals.signal("order-lost").send(SHOP, reason="fire")
    with pytest.raises(AssertionError, match=r"order-placed was not sent\. Sent instead:"):
        sent.one(signals.signal("order-placed"))
    assert "order-lost.send(" in repr(sent)
    assert "reason='fire'" in repr(sent)
