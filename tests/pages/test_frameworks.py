"""
What the pages about Flask and FastAPI say, beside what their code shows.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, TypedDict

import pytest
from fastapi import BackgroundTasks, FastAPI
from fastapi.testclient import TestClient
from flask import Flask, current_app

from typed_signals import Signal
from typed_signals.background import Background, Threads
from typed_signals.exceptions import RunningLoopError
from typed_signals.testing import isolate

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.pages


class OrderPlaced(TypedDict):
    number: int


order_placed = Signal[Any, OrderPlaced]()
threads: list[int] = []

api = FastAPI()


def count(**kwargs: Any) -> None:
    threads.append(threading.get_ident())


def count_too(**kwargs: Any) -> None:
    threads.append(threading.get_ident())


async def mail(**kwargs: Any) -> None:
    threads.append(threading.get_ident())


def fail(**kwargs: Any) -> None:
    raise OSError("no network")


@api.post("/asend")
async def place_order() -> int:
    await order_placed.asend(None, number=7)
    return threading.get_ident()


@api.post("/robust")
async def place_order_robust() -> int:
    return len(await order_placed.asend_robust(None, number=7))


@api.post("/send")
async def place_order_sync() -> None:
    order_placed.send(None, number=7)


@api.post("/later")
async def place_order_later(tasks: BackgroundTasks) -> int:
    tasks.add_task(order_placed.asend, None, number=7)
    return 7


@pytest.fixture
def client() -> Iterator[TestClient]:
    threads.clear()
    with TestClient(api, raise_server_exceptions=False) as opened:
        yield opened


def test_sync_receivers_of_all_requests_share_a_thread(client: TestClient) -> None:
    with order_placed.connected(count), order_placed.connected(count_too):
        loops = {client.post("/asend").json() for _ in range(2)}
    assert len(threads) == 4
    [shared] = set(threads)
    assert shared not in loops


def test_async_receivers_run_in_the_event_loop(client: TestClient) -> None:
    with order_placed.connected(mail):
        assert [client.post("/asend").json()] == threads


def test_send_does_not_wait_in_an_event_loop() -> None:
    client = TestClient(api)
    with order_placed.connected(mail), pytest.raises(RunningLoopError):
        client.post("/send")


def test_failing_receivers(client: TestClient) -> None:
    with order_placed.connected(fail):
        assert client.post("/asend").status_code == 500
        assert client.post("/robust").json() == 1
        assert client.post("/later").json() == 7


def test_receivers_of_an_application_are_not_called_for_its_proxy() -> None:
    app = Flask(__name__)
    with app.app_context(), order_placed.connected(count, sender=app):
        threads.clear()
        proxy: Any = current_app
        order_placed.send(proxy, number=7)
        assert threads == []
        order_placed.send(proxy._get_current_object(), number=7)
        assert len(threads) == 1


def read_name(**kwargs: Any) -> str:
    return current_app.name


def test_receiver_in_a_thread_has_no_application_context() -> None:
    engine = Threads()
    with isolate(order_placed), Flask(__name__).app_context():
        Background(engine).receiver(order_placed)(read_name)
        [(_, delivery)] = order_placed.send(None, number=7)
        engine.drain(timeout=60)
    assert isinstance(delivery.result.exception(), RuntimeError)
