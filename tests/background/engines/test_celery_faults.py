"""
What is promised with Celery on Redis and on RabbitMQ, with real workers, which are killed.
"""

from __future__ import annotations

import logging
import os
import random
import signal
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pytest
import redis
from celery import Celery

from tests.background.engines.servers import RabbitMQ
from tests.background.engines.shop.journal import END, START
from tests.background.engines.shops import ORDER_ID, Shop, Worker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.background.engines.servers import Redis, Server
    from tests.background.engines.shop.journal import Entry
    from tests.background.engines.shops import Sender

# make soak sets more.
KILLS: Final = int(os.environ.get("SOAK_KILLS", "100"))
# Celery retries a delivery three times, so it stays if its process is killed so often.
MAX_RETRIES: Final = 3
SIGNALS: Final = "tests.background.engines.shop.signals"
RECEIVERS: Final = "tests.background.engines.shop.receivers"

PROCESS: Final = "process"
WORKER: Final = "worker"

logger = logging.getLogger(__name__)


@pytest.fixture(params=["redis", "rabbitmq"])
def server(request: pytest.FixtureRequest, redis_url: Redis, rabbitmq_url: RabbitMQ) -> Server:
    return redis_url if request.param == "redis" else rabbitmq_url


def text_to(receiver: str) -> str:
    return (
        f'{{"id": "1", "signal": "{SIGNALS}.order_placed", "receiver": "{receiver}", '
        '"sent_at": "2026-01-01T00:00:00Z", "payload": {}}'
    )


def test_failures_and_broken_deliveries_end(server: Server, tmp_path: Path) -> None:
    with Shop(tmp_path, server.url, max_retries=1) as shop:
        client = Celery(broker=server.url, set_as_current=False)
        client.conf.task_default_queue = shop.queue
        sent: dict[str, list[Any]] = {
            "broken": ["garbage"],
            "not-text": [{"id": 1}],
            "nothing": [],
            "unknown": [text_to(f"{RECEIVERS}.gone")],
            "incomplete": [text_to(f"{RECEIVERS}.ship")],
        }
        for name, arguments in sent.items():
            client.send_task("typed_signals.run_receiver", arguments, task_id=name)
        repay, crash = shop.send("order_refunded", order_id=ORDER_ID, amount="1.50")
        shop.start_worker(concurrency=3)
        (ship,) = shop.send("order_placed", order_id=ORDER_ID, seconds=0)
        shop.wait_for_end_of([ship])
        for name, error in {
            "broken": "DeliveryError(",
            "not-text": "DeliveryError(",
            "nothing": "TypeError(",
            "incomplete": "DeliveryError(",
            repay.id: "OSError('the bank is closed')",
        }.items():
            shop.wait_for_log(f"[{name}] raised unexpected: {error}")
        # These two are retried, once here.
        for name, error in {"unknown": "UnknownReceiverError", crash.id: "WorkerLostError"}.items():
            shop.wait_for_log(f"[{name}] retry: Retry in 0s: {error}(")
        shop.wait_for_log("[unknown] raised unexpected: UnknownReceiverError(")
        shop.wait_for_log("Task handler raised error: WorkerLostError(")
        assert Counter(shop.journal.of(START)) == {repay.id: 1, crash.id: 2, ship.id: 1}
        # Logs have the name of the receiver in place of the one of the task.
        assert f"Task {RECEIVERS}.ship[{ship.id}] succeeded" in shop.log()


def test_workers_are_killed(server: Server, tmp_path: Path) -> None:
    """
    Most of those killed are processes that run a receiver; one in ten is the main process of a
    worker.

    On Redis, a worker removes a delivery from the list, and then stores that it has. If its main
    process is killed in between, this one is lost.
    """
    with Shop(tmp_path, server.url, visibility_timeout=4) as shop:
        sender = shop.start_sending("order_placed", 10**6, 0.03, order_id=ORDER_ID, seconds=0.2)
        killed = Counter(killing(shop))
        sender.stop()
        lost = lost_of(sender, shop, server)
        logger.info("killed %s", dict(killed))
        assert lost <= (0 if isinstance(server, RabbitMQ) else killed[WORKER])


def lost_of(sender: Sender, shop: Shop, server: Server) -> int:
    """
    Wait until all that was sent has run, and return how many were lost.
    """
    sent = sender.sent()  # without those for which `send` has raised
    if isinstance(server, RabbitMQ):
        shop.wait_for_end_of(sent)
    else:
        wait_until_idle(shop, server)
    check_repeated(shop)
    lost = len({delivery.id for delivery in sent}.difference(shop.journal.of(END)))
    twice = sum(times > 1 for times in Counter(shop.journal.of(START)).values())
    logger.info("sent %s, lost %s, twice %s", len(sent), lost, twice)
    return lost


def wait_until_idle(shop: Shop, server: Server) -> None:
    """
    Wait until Redis has had no delivery for some time, and no receiver runs.
    """
    busy_at, known = time.monotonic(), 0

    def is_idle() -> bool:
        nonlocal busy_at, known
        written = len(shop.journal.entries)
        if client.llen(shop.queue) or client.hlen("unacked") or written > known:
            busy_at, known = time.monotonic(), written
        return time.monotonic() - busy_at > 2

    with redis.Redis.from_url(server.url) as client:
        shop.wait_for(is_idle, "Redis is empty")


def killing(shop: Shop) -> Iterator[str]:
    """
    Kill a process again and again while it runs a receiver, and yield what it was.

    Between two of them, at least one receiver returns.
    """
    chosen = random.Random(KILLS)  # noqa: S311 - a run can be repeated
    workers: dict[int, Worker] = {}
    killed: set[int] = set()
    times_killed: Counter[str] = Counter()
    returned = 0

    def start_worker() -> None:
        worker = shop.start_worker(concurrency=20)
        workers[worker.process.pid] = worker

    def victims() -> list[Entry]:
        if len(list(shop.journal.of(END))) == returned:
            return []
        return [
            entry
            for process, entry in shop.journal.running().items()
            if entry.worker in workers
            and process not in killed
            and times_killed[entry.delivery] < MAX_RETRIES
        ]

    start_worker()
    start_worker()
    for number in range(KILLS):
        victim = chosen.choice(shop.wait_for(victims, "a receiver runs"))
        returned = len(list(shop.journal.of(END)))
        times_killed[victim.delivery] += 1
        if number % 10 == 9:
            workers.pop(victim.worker).kill()
            start_worker()
            yield WORKER
        else:
            os.kill(victim.process, signal.SIGKILL)
            killed.add(victim.process)
            yield PROCESS


def check_repeated(shop: Shop) -> None:
    """
    Check that what has run twice has the same id, and that this is told by its attempt.

    A worker starts a delivery again by itself if its process is killed before it has said that it
    has started. So two starts by one worker can be the first attempt.
    """
    starts = [entry for entry in shop.journal.entries if entry.event == START]
    started_by: dict[str, int] = {}
    for entry in starts:
        worker = started_by.setdefault(entry.delivery, entry.worker)
        assert entry.attempt > 1 or entry.worker == worker
    assert len({entry.details for entry in starts}) == len(started_by)


def test_broker_restarts(server: Server, tmp_path: Path) -> None:
    """
    On Redis, the delivery that the worker is just taking is lost, as if the worker was killed.

    There, the worker itself may end: kombu fails to close a channel without a connection.
    """
    with Shop(tmp_path, server.url, visibility_timeout=4) as shop:
        shop.start_supervised_worker()
        sender = shop.start_sending("order_placed", 150, 0.02, order_id=ORDER_ID, seconds=0.05)
        shop.wait_for(lambda: len(list(shop.journal.of(END))) > 20, "20 deliveries")
        server.restart()
        assert lost_of(sender, shop, server) <= (0 if isinstance(server, RabbitMQ) else 1)


def test_two_releases_run_at_once(redis_url: Redis, tmp_path: Path) -> None:
    # Not a second, after which a worker asks Redis again: it would always be the first to do so.
    with Shop(tmp_path, redis_url.url, default_retry_delay=0.3, max_retries=300) as shop:
        old = shop.start_worker(release="old")
        book, thank = shop.send("order_paid", order_id=ORDER_ID, method="card", release="new")
        shop.wait_for_end_of([book])
        shop.wait_for_log(f"[{thank.id}] retry: Retry in 0.3s: UnknownReceiverError(")
        shop.start_worker(release="new")
        shop.wait_for_end_of([thank])
        old.stop()

        late, *refused = shop.send("order_paid,order_refunded", order_id=ORDER_ID, release="old")
        shop.wait_for_end_of([late])
        for sent in refused:
            shop.wait_for_log(f"[{sent.id}] raised unexpected: DeliveryError(")
        assert "has no 'amount', which this release requires" in shop.log()
        assert not list(shop.journal.of(START))
        # The old release does not know this key, and it is optional in the new one.
        assert all("method" not in entry.details for entry in shop.journal.entries)


def test_processes_forked_by_a_sender_send(rabbitmq_url: RabbitMQ, tmp_path: Path) -> None:
    with Shop(tmp_path, rabbitmq_url.url) as shop:
        shop.start_worker()
        sent = shop.send("order_placed", 20, order_id=ORDER_ID, seconds=0, processes=3)
        assert len({delivery.id for delivery in sent}) == 81
        shop.wait_for_end_of(sent)
