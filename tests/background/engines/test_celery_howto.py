"""
The how-to pages with Celery can be followed, and their workers do what they say.
"""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Final

import pytest

from tests.background.engines.shops import Worker
from tests.pages.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.background.engines.servers import Redis

WITH_TASKS: Final = "docs/howto/celery.md"
WITH_BACKGROUND: Final = "docs/howto/background.md"

# What the first page says about the processes of the pool.
LATE: Final = """
from celery.signals import worker_ready
from shop.signals import pizza_done

def never(**kwargs): print("never called")
def connect(**kwargs): pizza_done.connect(never); print("connected")

worker_ready.connect(connect)
"""

# What it says about errors.
WRONG: Final = """
from celery.signals import task_failure
from shop.signals import pizza_done

def report(sender, error, **kwargs): ...
task_failure.connect(report)

def fail(**kwargs): raise OSError("no network")
pizza_done.connect(fail)
"""

SEND: Final = """
from decimal import Decimal
from uuid import UUID
import shop.receivers
from shop.signals import order_placed

order_placed.send(None, order_id=UUID(int=7), total=Decimal("9.90"), language="en")
"""

NUMBERS: Final = count(10)


class Followed:
    """
    A project that a page makes, with a broker.
    """

    def __init__(self, folder: Path, broker: str) -> None:
        self.reader = Reader(folder)
        # Celery prefers it to the broker on the page.
        self.reader.environment["CELERY_BROKER_URL"] = broker
        self.log = folder / "worker.log"

    @contextmanager
    def worker(self, app: str, *modules: str) -> Iterator[None]:
        """
        Run a worker that also imports *modules*.
        """
        command = ["celery", "--app", app, "worker", "--loglevel=INFO", "--concurrency=1"]
        options = ["--without-gossip", "--without-mingle"]
        if modules:
            options.append(f"--include={','.join(modules)}")
        with self.log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", *command, *options],
                cwd=self.reader.folder,
                env=self.reader.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.started = Worker(process, self.log)
        try:
            yield
        finally:
            self.started.stop()

    def wait_for(self, *texts: str) -> str:
        """
        Wait until the worker has written *texts*, and return all that it has written.
        """
        deadline = time.monotonic() + 90
        while not all(text in (log := self.log.read_text("utf-8")) for text in texts):
            assert time.monotonic() < deadline, log
            assert self.started.process.poll() is None, log
            time.sleep(0.05)
        return log

    def run(self, program: str) -> None:
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=self.reader.folder,
            env=self.reader.environment,
            check=True,
        )


@pytest.fixture
def broker(redis_url: Redis) -> str:
    """
    A database of Redis that no other test uses: these workers have Celery's default queue.
    """
    return f"{redis_url.url.removesuffix('0')}{next(NUMBERS)}"


def test_tasks_send_a_signal(tmp_path: Path, broker: str) -> None:
    followed = Followed(tmp_path, broker)
    followed.reader.follow(WITH_TASKS)
    followed.reader.write("shop/late.py", "", LATE)
    followed.reader.write("shop/wrong.py", "", WRONG)
    with followed.worker("shop.app", "shop.late", "shop.wrong"):
        followed.wait_for("connected")
        followed.run("import shop.app, shop.tasks; shop.tasks.bake.delay(size=32)")
        log = followed.wait_for(
            "a process of the pool has started",
            "32 cm are done",
            "shop.tasks.bake failed: OSError('no network')",
            "TypeError(\"report() missing 1 required positional argument: 'error'\")",
        )
    [called] = [line for line in log.splitlines() if "32 cm are done" in line]
    assert "/ForkPoolWorker-1]" in called
    assert "never called" not in log


def test_receiver_runs_in_the_worker(tmp_path: Path, broker: str) -> None:
    followed = Followed(tmp_path, broker)
    followed.reader.follow(WITH_BACKGROUND)
    with followed.worker("shop.background"):
        followed.run(SEND)
        followed.wait_for("Task shop.receivers.mail[", "succeeded")
