"""
The text of a delivery: what it contains, and what happens to texts that are broken or hostile.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import Any, NotRequired, TypedDict
from uuid import UUID

import pytest

from tests.background.recording import Recording
from typed_signals import Signal
from typed_signals.background import Background, run
from typed_signals.exceptions import DeliveryError, UnknownReceiverError


class Parcel(TypedDict):
    number: UUID
    weight: int
    note: NotRequired[str]


class Depot:
    pass


parcel_sent = Signal[type[Depot], Parcel]()
engine = Recording()
background = Background(engine)
called: list[dict[str, Any]] = []
NUMBER = UUID(int=7)


@background.receiver(parcel_sent)
def label(sender: type[Depot], number: UUID, **kwargs: Any) -> str:
    called.append({"sender": sender, "number": number, **kwargs})
    return "labelled"


@pytest.fixture(autouse=True)
def _nothing_queued() -> None:
    engine.queue.clear()
    called.clear()


def sent(**changes: Any) -> str:
    """
    Return the text of a delivery with *changes*; what is changed to ``...`` is left out.
    """
    parcel_sent.send(Depot, number=NUMBER, weight=3)
    content = json.loads(engine.texts[0]) | changes
    return json.dumps({key: value for key, value in content.items() if value is not ...})


def test_text_is_json_with_the_encoded_payload() -> None:
    [(_, delivery)] = parcel_sent.send(Depot, number=NUMBER, weight=3)
    content = json.loads(engine.texts[0])
    assert datetime.fromisoformat(content.pop("sent_at")) == delivery.sent_at
    assert content == {
        "id": delivery.id,
        "signal": f"{__name__}.parcel_sent",
        "receiver": f"{__name__}.label",
        "sender": {"class": f"{__name__}.Depot"},
        "payload": {"number": str(NUMBER), "weight": 3},
    }
    assert UUID(delivery.id).version == 4
    assert delivery.sent_at.tzinfo is UTC


def test_receiver_is_called_as_by_the_send() -> None:
    assert run(sent()) == "labelled"
    assert run(sent(extra="of a later release")) == "labelled"
    assert called[0] == called[1]
    assert called[0] == {"signal": parcel_sent, "sender": Depot, "number": NUMBER, "weight": 3}


BROKEN: dict[str, Any] = {
    "nothing": "",
    "not JSON": "{",
    "two": "{} {}",
    "not an object": "[]",
    "a number": "7",
    "not a text": 7,
    "nothing in it": "{}",
    "deep": "[" * 100_000,
    "deep in the payload": sent(payload="DEEP").replace('"DEEP"', '{"number":' * 5000),
    "not UTF-8": b'{"id": "\xff"}',
    "half of a character": '{"id": "\udc80"}',
    **{f"no {key}": sent(**{key: ...}) for key in ("id", "signal", "receiver", "payload")},
    "a payload that is a list": sent(payload=[]),
    "a time without a zone": sent(sent_at="2026-01-01T00:00:00"),
    "no time": sent(sent_at="now"),
    "a number as the receiver": sent(receiver=7),
    "a trace that is a text": sent(trace="00-1"),
}
engine.queue.clear()


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_broken_text_is_refused(text: Any) -> None:
    with pytest.raises(DeliveryError, match=r"^this is not the text of a delivery: .*other code"):
        run(text)
    assert called == []


def test_huge_text_is_only_read() -> None:
    assert run(sent(extra="x" * 10_000_000)) == "labelled"
    with pytest.raises(UnknownReceiverError) as unknown:
        run(sent(receiver="x" * 1_000_000, id="y" * 1_000_000))
    assert len(str(unknown.value)) < 1000


# Modules of Python that no test needs.
@pytest.mark.parametrize("module", ["antigravity", "this", "turtledemo", "idlelib.run"])
def test_nothing_in_a_text_is_imported(module: str) -> None:
    assert module not in sys.modules
    before = set(sys.modules)
    for hostile in (
        sent(signal=f"{module}.signal"),
        sent(receiver=f"{module}.main"),
        sent(signal="os", receiver="os.system"),
        sent(sender={"class": f"{module}.Sender"}),
        sent(sender={"class": "os.system"}),
        sent(sender={"class": module}),
        sent(payload={"number": {"class": f"{module}.UUID"}, "weight": 3}),
        sent(payload={"number": f"{module}.UUID", "weight": 3}),
    ):
        with pytest.raises(DeliveryError):
            run(hostile)
    assert set(sys.modules) == before
    assert called == []


def test_keys_that_are_not_declared_are_dropped() -> None:
    payload = {"number": str(NUMBER), "weight": 3}
    hostile = {"signal": "x", "sender": "x", "self": "x", "delivery": "x", "kwargs": {}, "": 1}
    run(sent(payload=payload | hostile))
    assert called == [{"signal": parcel_sent, "sender": Depot, "number": NUMBER, "weight": 3}]
