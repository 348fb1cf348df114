"""
Starts workers and senders of the project in ``shop/``, which are processes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, TypeVar
from uuid import uuid4

from tests.background.engines.servers import killer_of
from tests.background.engines.shop.journal import END, Journal

if TYPE_CHECKING:
    from collections.abc import Callable

ValueT = TypeVar("ValueT")

ROOT: Final = Path(__file__).parents[3]
PROJECT: Final = "tests.background.engines.shop"
ORDER_ID: Final = "12345678-1234-5678-1234-567812345678"

# Longer than anything takes.
_TIMEOUT: Final = 90

# So that what is killed is noticed soon.
_CONFIGURATION: Final = {"worker_prefetch_multiplier": 1}
_ON_REDIS: Final = {
    "unacked_restore_interval": 0.5,
    "unacked_restore_throttle": 1,
    "unacked_mutex_expire": 1,
}
_ON_RABBITMQ: Final = {"confirm_publish": True}


class Sent(NamedTuple):
    """
    What a send responded: the id of the delivery, and the key of the receiver.
    """

    id: str
    receiver: str


class Sender:
    """
    A process that sends.
    """

    def __init__(self, process: subprocess.Popen[bytes], output: Path) -> None:
        self._process = process
        self._output = output

    def stop(self) -> None:
        """
        Let it end after this send.
        """
        self._process.terminate()

    def kill(self) -> None:
        """
        End it at once, if a test failed before it has ended.
        """
        self._process.kill()
        self._process.wait()

    def sent(self) -> list[Sent]:
        """
        Wait until it has ended, and return what it has sent.
        """
        assert self._process.wait(_TIMEOUT) == 0
        return [Sent(*line.split()) for line in self._output.read_text("utf-8").splitlines()]


class Worker:
    """
    A worker of Celery: its main process, with processes that run the receivers.
    """

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self.log = log
        self._killer = killer_of(process)

    def kill(self) -> None:
        """
        Kill its main process only.
        """
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """
        Stop it in order, and what has remained of one that was killed.
        """
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(_TIMEOUT)
        if self._killer.poll() is None:
            self._killer.communicate(b"\n")
        self.process.wait()


class Shop:
    """
    A project with its own queue.
    """

    def __init__(
        self,
        folder: Path,
        broker: str,
        *,
        visibility_timeout: int = 60,
        **task_options: Any,
    ) -> None:
        """
        Args:
            folder: an empty folder.
            broker: the address of the broker.
            visibility_timeout: that of Redis, in seconds.
            task_options: those of the task. Retries are at once, unless they state a delay.
        """
        self.folder = folder
        self.queue = f"shop-{uuid4()}"
        self.journal = Journal(folder / "journal")
        self.workers: list[Worker] = []
        self._supervised: list[Worker] = []
        self._senders: list[Sender] = []
        on_redis = {**_ON_REDIS, "visibility_timeout": visibility_timeout}
        configuration = {
            **_CONFIGURATION,
            "task_default_queue": self.queue,
            "broker_transport_options": on_redis if broker.startswith("redis:") else _ON_RABBITMQ,
        }
        self._environment = {
            **os.environ,
            "SHOP_BROKER": broker,
            "SHOP_CONFIGURATION": json.dumps(configuration),
            "SHOP_JOURNAL": str(folder / "journal"),
            "SHOP_TASK_OPTIONS": json.dumps({"default_retry_delay": 0, **task_options}),
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for sender in self._senders:
            sender.kill()
        for worker in self.workers:
            worker.stop()

    def start_supervised_worker(self) -> None:
        """
        Start a worker that is started again if it ends while a test waits.
        """
        self._supervised = [self.start_worker(concurrency=4)]

    def start_worker(self, concurrency: int = 2, release: str = "new") -> Worker:
        """
        Start a worker, without waiting until it is ready.
        """
        number = len(self.workers)
        log = self.folder / f"worker{number}.log"
        command = ["celery", f"--app={PROJECT}.app", "worker", f"--concurrency={concurrency}"]
        options = [
            "--without-gossip",
            "--without-mingle",
            "--loglevel=INFO",
            f"--hostname={number}",
        ]
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", *command, *options],
                cwd=ROOT,
                env={**self._environment, "SHOP_RELEASE": release},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        worker = Worker(process, log)
        self.workers.append(worker)
        return worker

    def start_sending(
        self,
        names: str,
        count: int = 1,
        pause: float = 0,
        *,
        release: str = "new",
        processes: int = 1,
        **payload: Any,
    ) -> Sender:
        """
        Start a process that sends signals *count* times, or until it is stopped.
        """
        arguments = [str(count), str(pause), str(processes), json.dumps(payload)]
        output = self.folder / f"sent-{uuid4()}"
        with output.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", f"{PROJECT}.send", names, *arguments],
                cwd=ROOT,
                env={**self._environment, "SHOP_RELEASE": release},
                stdin=subprocess.DEVNULL,
                stdout=file,
            )
        self._senders.append(Sender(process, output))
        return self._senders[-1]

    def send(self, names: str, count: int = 1, **options: Any) -> list[Sent]:
        """
        Send signals *count* times, and return the deliveries.
        """
        return self.start_sending(names, count, **options).sent()

    def log(self) -> str:
        """
        What the workers have written.
        """
        return "\n".join(worker.log.read_text("utf-8") for worker in self.workers)

    def wait_for(self, condition: Callable[[], ValueT], what: str) -> ValueT:
        """
        Wait until *condition* returns something true, and return it.
        """
        deadline = time.monotonic() + _TIMEOUT
        while not (value := condition()):
            if time.monotonic() > deadline:
                raise AssertionError(f"not in {_TIMEOUT} s: {what}\n{self.log()[-8000:]}")
            if any(worker.process.poll() is not None for worker in self._supervised):
                self.start_supervised_worker()
            time.sleep(0.02)
        return value

    def wait_for_log(self, text: str) -> None:
        """
        Wait until the workers have written *text*.
        """
        self.wait_for(lambda: text in self.log(), text)

    def wait_for_end_of(self, deliveries: list[Sent]) -> None:
        """
        Wait until the receivers of *deliveries* have returned.
        """
        wanted = {sent.id for sent in deliveries}
        self.wait_for(lambda: wanted <= set(self.journal.of(END)), "all deliveries have run")
