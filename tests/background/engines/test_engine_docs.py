"""
The engines on the page about receivers in the background work as shown.
"""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING, Any, TypedDict
from uuid import UUID

import pytest
from dramatiq import Worker
from dramatiq.brokers.stub import StubBroker

from tests.markdown import errors_of_mypy, read_blocks
from typed_signals import Signal
from typed_signals.background import Background, Delivery
from typed_signals.exceptions import ReceiverTypeError
from typed_signals.testing import isolate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = "docs/howto/engine.md"
DRAMATIQ, USE = (block.text for block in read_blocks(PAGE))
CELERY = [
    block.text
    for block in read_blocks("docs/reference/background.md")
    if "CeleryTasks(app" in block.text
]


class OrderPlaced(TypedDict):
    order_id: UUID


class Store: ...


order_placed = Signal[type[Store], OrderPlaced]()
seen: list[Any] = []


def ship(sender: type[Store], order_id: UUID, delivery: Delivery, **kwargs: Any) -> None:
    seen.append((sender, order_id, delivery.attempt, delivery.id))
    if delivery.attempt < 2:
        raise ConnectionError("no network")


async def mail(order_id: UUID, **kwargs: Any) -> None:
    await asyncio.sleep(0)
    seen.append(order_id)


@pytest.fixture
def broker() -> Iterator[StubBroker]:
    made = StubBroker()
    worker = Worker(made, worker_timeout=20)
    worker.start()
    with isolate():
        yield made
    worker.stop()
    made.close()


def test_dramatiq(broker: StubBroker, caplog: pytest.LogCaptureFixture) -> None:
    page: dict[str, Any] = {"__name__": "shop.engine"}
    exec(DRAMATIQ, page)
    engine = page["DramatiqTasks"](broker, min_backoff=1, max_retries=3)
    background = Background(engine)
    background.receiver(order_placed)(ship)
    background.receiver(order_placed, queue="mail")(mail)
    seen.clear()
    order_id = UUID(int=7)
    responses = order_placed.send(Store, order_id=order_id)
    for queue in ("default", "mail"):
        broker.join(queue, timeout=30_000)
    (_, first), (_, second) = responses
    assert (first.result.queue_name, second.result.queue_name) == ("default", "mail")
    assert len(seen) == 3
    assert [each for each in seen if each != order_id] == [
        (Store, order_id, 1, first.id),
        (Store, order_id, 2, first.id),
    ]
    # The log of dramatiq has the note about the receiver.
    assert f"Raised in the receiver {__name__}.ship" in caplog.text
    assert "(delivery " in caplog.text


def test_dramatiq_with_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    page: dict[str, Any] = {"__name__": "shop.engine"}
    exec(DRAMATIQ, page)
    monkeypatch.setattr(page["dramatiq"], "set_broker", lambda broker: None)
    exec(USE, page)
    assert page["background"].engine.name == "dramatiq"
    assert page["broker"].get_actor("typed_signals.run_receiver").options == {"max_retries": 5}


@pytest.mark.parametrize("block", CELERY)
def test_celery(block: str) -> None:
    page: dict[str, Any] = {"Background": Background}
    exec(block, page)
    background = page.get("background") or Background(page["engine"])
    assert background.engine.name == "celery"
    with isolate(), pytest.raises(ReceiverTypeError, match="'celery' does not await async"):
        background.receiver(order_placed)(mail)
    gc.collect()


def test_mypy_accepts_the_engine(tmp_path: Path) -> None:
    (tmp_path / "mypy.ini").write_text(
        "[mypy]\nstrict = true\ndisallow_untyped_calls = false\n", "utf-8"
    )
    (tmp_path / "engine.py").write_text(f"{DRAMATIQ}\n{USE}", "utf-8")
    assert errors_of_mypy(tmp_path) == []
