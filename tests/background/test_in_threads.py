"""
``Threads``: receivers that run in threads of the same process.
"""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from contextvars import ContextVar
from typing import Any, TypedDict

import pytest

from tests.support import not_on_windows, run_script, unchecked
from tests.test_forks import FORK_BESIDE_THREADS
from typed_signals import Signal
from typed_signals.background import Background, Delivery, Threads, _threads


class Order(TypedDict):
    number: int


order_placed = Signal[Any, Order]()
order_packed = Signal[Any, Order]()

# Tests wait for what happens, and fail after this many seconds.
LONG = 60


class Engine:
    """
    What the receivers of a test use.
    """

    def __init__(self) -> None:
        self.threads = Threads()
        self.go = threading.Event()
        self.most_pending = 0


here = Engine()
language = ContextVar("language", default="en")


@pytest.fixture
def receiver() -> Any:
    """
    Return a function that connects a receiver to run in some threads.
    """
    here.go.clear()

    def connect(function: Any, **options: int) -> None:
        here.threads = Threads(**options)
        Background(here.threads).receiver(order_placed)(function)

    yield connect
    here.go.set()
    assert here.threads.drain(LONG)
    for signal in (order_placed, order_packed):
        for connection in signal.connections:
            signal.disconnect(connection.receiver)


def send(number: int = 1) -> Delivery:
    [(_, delivery)] = order_placed.send(None, number=number)
    assert isinstance(delivery, Delivery)
    return delivery


def double(number: int, **kwargs: Any) -> tuple[str, int]:
    return threading.current_thread().name, 2 * number


def wait(number: int, **kwargs: Any) -> int:
    assert here.go.wait(LONG)
    pending = int(repr(here.threads).rpartition("=")[2].rstrip(">"))
    here.most_pending = max(here.most_pending, pending)
    return number


def fail(**kwargs: Any) -> None:
    raise RuntimeError("out of paper")


def leave(**kwargs: Any) -> None:
    raise SystemExit(3)


def speak(**kwargs: Any) -> str:
    before = language.get()
    language.set("it")
    return before


async def mail(number: int, **kwargs: Any) -> int:
    await asyncio.sleep(0)
    return number


def drain(number: int, **kwargs: Any) -> tuple[bool, bool]:
    if number:
        return here.threads.drain(0), Threads().drain()
    return here.threads.drain(), False


def send_in_another_thread(number: int, **kwargs: Any) -> int:
    sent: list[Any] = []
    other = threading.Thread(
        target=lambda: sent.extend(order_packed.send(None, number=number)), daemon=True
    )
    other.start()
    other.join(LONG)
    [(_, delivery)] = sent
    return int(delivery.result.result(0)[1])


def pack(number: int, **kwargs: Any) -> int:
    for _ in range(10):
        order_packed.send(None, number=number)
    return number


def count(number: int, **kwargs: Any) -> int:
    return number


def test_result_is_a_future(receiver: Any) -> None:
    receiver(double)
    result: Future[Any] = send(7).result
    assert isinstance(result, Future)
    name, doubled = result.result(LONG)
    assert name.startswith("typed-signals")
    assert doubled == 14
    assert here.threads.drain()
    assert repr(here.threads) == "<Threads max_workers=4 pending=0>"


@pytest.mark.parametrize(("function", "error"), [(fail, RuntimeError), (leave, SystemExit)])
def test_failure_is_logged_and_in_the_result(
    function: Any, error: type[BaseException], receiver: Any, caplog: pytest.LogCaptureFixture
) -> None:
    receiver(function, max_workers=1)
    delivery = send()
    raised = delivery.result.exception(LONG)
    assert isinstance(raised, error)
    [record] = caplog.records
    assert record.name == "typed_signals"
    assert record.levelno == logging.ERROR
    assert record.exc_info is not None
    assert record.exc_info[1] is raised
    assert unchecked(record).delivery.id == delivery.id
    assert record.message == (
        f"Error calling {__name__}.{function.__name__} in the background of "
        f"{__name__}.order_placed, delivery {delivery.id} ({raised})"
    )
    # The thread goes on.
    assert isinstance(send().result.exception(LONG), error)


def test_context_is_empty_and_does_not_leak(receiver: Any) -> None:
    receiver(speak, max_workers=1)
    token = language.set("fr")
    try:
        assert [send().result.result(LONG) for _ in range(3)] == ["en"] * 3
        assert language.get() == "fr"
    finally:
        language.reset(token)


def test_async_receivers_run(receiver: Any) -> None:
    receiver(mail)
    assert send(7).result.result(LONG) == 7

    async def asend() -> Any:
        [(_, delivery)] = await order_placed.asend(None, number=8)
        return await asyncio.wrap_future(delivery.result)

    assert asyncio.run(asend()) == 8


def test_drain_may_end_before(receiver: Any) -> None:
    receiver(wait)
    send()
    assert not here.threads.drain(0)
    here.go.set()
    assert here.threads.drain(LONG)


def test_sends_wait_for_room(receiver: Any) -> None:
    receiver(wait, max_workers=1, max_queued=2)
    here.most_pending = 0
    sent: list[Delivery] = []
    sender = threading.Thread(target=lambda: sent.extend(map(send, range(20))))
    sender.start()
    while len(here.threads._pending) < 3:
        time.sleep(0.001)
    here.go.set()
    sender.join(LONG)
    assert [delivery.result.result(LONG) for delivery in sent] == list(range(20))
    assert here.most_pending == 3


def test_sends_of_its_receivers_do_not_wait(receiver: Any) -> None:
    receiver(pack, max_workers=2, max_queued=1)
    Background(here.threads).receiver(order_packed)(count)
    for number in range(5):
        send(number)
    assert here.threads.drain(LONG)


def test_wrong_sizes_are_refused() -> None:
    for wrong in ("4", 1.5, True):
        with pytest.raises(TypeError, match=r"max_workers must be an int, not "):
            Threads(max_workers=unchecked(wrong))
    for size in (0, -1):
        with pytest.raises(ValueError, match=r"max_queued must be positive, not "):
            Threads(max_queued=size)


def test_at_exit_receivers_run_in_place(receiver: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    receiver(double)
    send(1)
    monkeypatch.setattr(_threads, "_is_exiting", False)
    monkeypatch.delitem(sys.modules, "django.db", raising=False)  # not all projects use it
    _threads._drain_all()
    assert "pending=0" in repr(here.threads)
    name, doubled = send(7).result.result(0)
    assert (name, doubled) == (threading.current_thread().name, 14)
    order_placed.disconnect(double)
    Background(here.threads).receiver(order_placed)(fail)
    assert isinstance(send().result.exception(0), RuntimeError)


def test_a_receiver_cannot_wait_for_itself(receiver: Any) -> None:
    receiver(drain)
    with pytest.raises(
        RuntimeError, match=r"drain\(\) .* would wait for itself: call it elsewhere"
    ):
        send(0).result.result(LONG)
    assert send(1).result.result(LONG) == (False, True)


def test_at_exit_other_threads_of_a_receiver_may_send(
    receiver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver(send_in_another_thread)
    Background(here.threads).receiver(order_packed)(double)
    monkeypatch.setattr(_threads, "_is_exiting", False)
    _threads._drain_all()
    assert send(7).result.result(0) == 14


class Mail:
    def __init__(self) -> None:
        self.__qualname__ = "parcel"

    async def __call__(self, number: int, **kwargs: Any) -> int:
        await asyncio.sleep(0)
        return number


parcel = Mail()


def test_objects_with_an_async_call_are_awaited(receiver: Any) -> None:
    receiver(parcel)
    assert send(7).result.result(LONG) == 7


def test_threads_begin_anew_after_a_fork(receiver: Any) -> None:
    receiver(wait)
    delivery = send()
    assert "pending=1" in repr(here.threads)
    before = here.threads._pool
    _threads._start_all()  # as in the child, where its threads do not exist
    assert "pending=0" in repr(here.threads)
    here.go.set()
    assert send().result.result(LONG) == 1
    # Here they do exist.
    assert delivery.result.result(LONG) == 1
    before.shutdown()


SHOP = """
import asyncio
import atexit
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypedDict
from typed_signals import Signal
from typed_signals.background import Background, Threads

class Order(TypedDict):
    number: int

order_placed = Signal[Any, Order]()
order_packed = Signal[Any, Order]()
threads = Threads(max_workers=1)
background = Background(threads)
go = threading.Event()

def say(*words):
    print(*words, flush=True)
"""

AT_EXIT = """
pool = ThreadPoolExecutor(1)
pool.submit(abs, 0).result()  # Python 3.12 starts no thread at exit

@background.receiver(order_placed)
def pack(number, **kwargs):
    go.wait()
    say("packed", pool.submit(abs, -number).result())
    order_packed.send(None, number=number)

@background.receiver(order_packed)
async def mail(number, **kwargs):
    await asyncio.sleep(0)
    say("mailed", number)
    if number == 3:
        raise RuntimeError("out of paper")

@atexit.register
def leave():
    [(_, delivery)] = order_packed.send(None, number=3)
    say(type(delivery.result.exception()).__name__)
    say("left", threads.drain())

for number in (1, 2):
    order_placed.send(None, number=number)
import logging
logging.disable()
threading.Timer(0.1, go.set).start()
"""


def test_what_is_enqueued_runs_before_the_interpreter_exits() -> None:
    printed = run_script(SHOP + AT_EXIT).splitlines()
    assert printed[-3:] == ["mailed 3", "RuntimeError", "left True"]
    assert sorted(printed[:-3]) == ["mailed 1", "mailed 2", "packed 1", "packed 2"]


FORK = """
@background.receiver(order_placed)
def pack(number, **kwargs):
    if number < 3:
        go.wait()
    say(os.getpid() == parent, number)

parent = os.getpid()
for number in (1, 2):
    order_placed.send(None, number=number)
child = os.fork()
if child:
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    go.set()
else:
    # Neither what waits nor what runs in the parent.
    assert repr(threads) == "<Threads max_workers=1 pending=0>", threads
    order_placed.send(None, number=3)
    assert threads.drain(60)
    order_placed.send(None, number=4)
"""


@not_on_windows
def test_forked_process_does_not_run_what_its_parent_has_enqueued() -> None:
    printed = run_script(SHOP + FORK, FORK_BESIDE_THREADS).splitlines()
    assert printed == ["False 3", "False 4", "True 1", "True 2"]


KILLED = """
import signal

@background.receiver(order_placed)
def pack(number, **kwargs):
    say("packing", number)
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)

for number in (1, 2):
    order_placed.send(None, number=number)
"""


@not_on_windows
def test_killed_process_loses_what_it_has_enqueued() -> None:
    command = [sys.executable, "-c", SHOP + KILLED]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (-9, "packing 1\n")
