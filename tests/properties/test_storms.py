"""
Stress tests: many threads run random operations on a signal at the same time.

Every send has a list, to which each called receiver adds itself, and the start time of the send.
Time is a number that grows with each read, so that each thread knows which receivers its send must
have called, may have called, and must not have called.
"""

from __future__ import annotations

import asyncio
import faulthandler
import functools
import gc
import itertools
import random
import sys
import threading
import time
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import typed_signals
from tests.support import PizzaDone
from typed_signals import Signal
from typed_signals._connect.connection import Connection
from typed_signals._connect.references import StrongLink, WeakLink, WeakMethodLink
from typed_signals._connect.table import Connections, _Group

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

    Log: TypeAlias = list[Any]

# Longer than a test takes on the busiest machine: then there is a deadlock.
DEADLOCK = 60

THREADS = 8

# One in the short profile, a hundred in the long one.
STORMS = settings().max_examples // 100

OURS = str(Path(str(typed_signals.__file__)).parent)
SCATTERED = tuple(
    f"{OURS}/{name}.py" for name in ("_connect/table", "_signal", "_send/choice", "_send/plain")
)


class Shape(NamedTuple):
    """
    The participants of a stress test; sends find each kind in another way.
    """

    kinds: tuple[str, ...]
    senders: int
    """The number of senders with their own receivers."""

    operations: int = 60
    """How many operations each thread does."""


SHAPES: Final = {
    "functions": Shape(("function", "strong function"), 0),
    "methods": Shape(("method",), 0),
    "both": Shape(("function", "method", "strong method"), 0),
    "senders": Shape(("function", "method", "strong method"), 3),
    "async": Shape(("function", "method", "async function", "async method"), 2, operations=25),
}


class Sender:
    pass


class Listener:
    """
    A receiver that records its calls.
    """

    def __init__(self) -> None:
        self.cycle = self  # so that it dies when the collector finds it

        def function(toppings: Log, size: int, **kwargs: object) -> None:
            self.note(toppings, size)

        async def async_function(toppings: Log, size: int, **kwargs: object) -> None:
            self.note(toppings, size)

        self.function, self.async_function = function, async_function

    def note(self, log: Log, begun: int) -> None:
        log.append(self)

    def method(self, toppings: Log, size: int, **kwargs: object) -> None:
        self.note(toppings, size)

    async def async_method(self, toppings: Log, size: int, **kwargs: object) -> None:
        self.note(toppings, size)


class Stay(NamedTuple):
    """
    The time in which a visitor is connected, as seen from outside.
    """

    sender: object
    connected: float
    """When its connect had returned."""

    leaving: float
    """When its disconnect had not begun yet."""


NEVER: Final = float("inf")
NOWHERE: Final = Stay(None, NEVER, NEVER)


class Visitor(Listener):
    """
    A listener that one thread connects and disconnects.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stay = NOWHERE
        self.gone = NEVER
        """When its disconnect had returned."""

        self.late: list[tuple[float, float]] = []

    def note(self, log: Log, begun: int) -> None:
        super().note(log, begun)
        gone = self.gone
        if begun > gone:
            self.late.append((begun, gone))


class Storm:
    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.signal: Any = Signal[object, PizzaDone]()
        # This reads the declaration with ast.parse, which sometimes fails on Python 3.11
        # when the collector runs code during it and another thread parses.
        self.signal.send(None, toppings=[], size=0)
        self.time = functools.partial(next, itertools.count())
        self.senders: list[Any] = [None, *(Sender() for _ in range(max(shape.senders, 1)))]
        listened_to = self.senders[1 : shape.senders + 1]
        self.steady = [
            (Listener(), kind, sender)
            for kind, sender in itertools.product(shape.kinds, [None, *listened_to])
        ]
        self.visitors: list[Visitor] = []
        self.failures: list[BaseException] = []
        """Errors in finalizers, which Python only prints."""

    def blow(self, seed: int, *, is_scattered: bool = True) -> None:
        """
        Run the operations of all threads, and check the result.

        Args:
            seed: the seed of the random generator.
            is_scattered: whether threads also switch at random lines.
        """
        run = functools.partial(run_at_once, seed=seed if is_scattered else None)
        first = [functools.partial(self.connect, *connection) for connection in self.steady]
        run(first)
        chances = [random.Random(f"{seed} {number}") for number in range(THREADS)]  # noqa: S311 - no secrets
        guests = [Guest(self, chance) for chance in chances]
        run([guest.run for guest in guests])
        assert self.failures == []
        assert [visitor.late for visitor in self.visitors if visitor.late] == []
        for listener, kind, sender in self.steady:
            assert self.disconnect(listener, kind, sender)
        assert comes_true(lambda: not self.signal.receivers), self.signal.receivers
        table = self.signal._connections
        assert not table._groups
        assert not table._dead
        assert not any(any(route[:2]) for route in table._routes.values())

    def connect(self, listener: Listener, kind: str, sender: object, uid: object = None) -> None:
        *strength, form = kind.rsplit(maxsplit=1)
        is_async = strength == ["async"]
        receiver = getattr(listener, f"async_{form}" if is_async else form)
        self.signal.connect(receiver, sender, weak=strength != ["strong"], dispatch_uid=uid)

    def disconnect(self, listener: Listener, kind: str, sender: object, uid: object = None) -> bool:
        *strength, form = kind.rsplit(maxsplit=1)
        receiver = getattr(listener, f"async_{form}" if strength == ["async"] else form)
        gone: bool = self.signal.disconnect(receiver, sender, dispatch_uid=uid)
        return gone

    def check(self, sender: object, begun: int, log: Log) -> None:
        """
        Assert that a send from *sender* called the right receivers, and none twice.
        """
        ended = self.time()
        called = {id(listener): listener for listener in log}
        assert len(called) == len(log), "somebody was called twice"
        for listener, _, listens_to in self.steady:
            assert (id(listener) in called) == (listens_to in (None, sender))
        for visitor in list(self.visitors):
            stay = visitor.stay
            if stay.sender not in (None, sender):
                continue
            if stay.connected < begun and ended < stay.leaving:
                assert id(visitor) in called, "a visitor was missed"


class Guest:
    """
    The operations of one thread.
    """

    def __init__(self, storm: Storm, chance: random.Random) -> None:
        self.storm = storm
        self.chance = chance
        self.visitors = [Visitor() for _ in range(2)]
        self.connected: dict[Visitor, tuple[str, object, object]] = {}
        storm.visitors += self.visitors

    def run(self) -> None:
        operations: dict[Callable[[], None], int] = {
            self.come_or_go: 10,
            self.send: 8,
            self.lose_receiver: 3,
            self.lose_finalized: 1,
            self.look: 2,
            self.collect: 1,
        }
        with asyncio.Runner() as runner:
            operations[functools.partial(self.send_async, runner)] = 3 if self.is_async else 1
            chosen = self.chance.choices(
                list(operations), list(operations.values()), k=self.storm.shape.operations
            )
            for operation in chosen:
                operation()
        for visitor in list(self.connected):
            self.go(visitor)

    @property
    def is_async(self) -> bool:
        return any("async" in kind for kind in self.storm.shape.kinds)

    def any_sender(self) -> Any:
        return self.chance.choice(self.storm.senders)

    def any_kind(self) -> str:
        return self.chance.choice(self.storm.shape.kinds)

    def come_or_go(self) -> None:
        visitor = self.chance.choice(self.visitors)
        if visitor in self.connected:
            self.go(visitor)
        else:
            self.come(visitor)

    def come(self, visitor: Visitor) -> None:
        sender = self.any_sender() if self.storm.shape.senders else None
        uid = self.chance.choice([None, ("uid", id(visitor))])
        connection = self.any_kind(), sender, uid
        visitor.gone = NEVER
        self.storm.connect(visitor, *connection)
        visitor.stay = Stay(sender, self.storm.time(), NEVER)
        self.connected[visitor] = connection

    def go(self, visitor: Visitor) -> None:
        visitor.stay = visitor.stay._replace(leaving=self.storm.time())
        assert self.storm.disconnect(visitor, *self.connected.pop(visitor))
        visitor.gone = self.storm.time()

    def send(self) -> None:
        sender, begun = self.any_sender(), self.storm.time()
        log: Log = []
        method = self.chance.choice(["send", "send_robust"])
        getattr(self.storm.signal, method)(sender, toppings=log, size=begun)
        self.storm.check(sender, begun, log)

    def send_async(self, runner: asyncio.Runner) -> None:
        sender, begun = self.any_sender(), self.storm.time()
        log: Log = []
        method = self.chance.choice(["asend", "asend_robust"])
        runner.run(getattr(self.storm.signal, method)(sender, toppings=log, size=begun))
        self.storm.check(sender, begun, log)

    def lose_receiver(self) -> None:
        """
        Connect a receiver, which the collector disconnects.
        """
        kind, lost = self.any_kind(), Listener()
        if kind.startswith("strong"):
            # It dies with its sender.
            self.storm.connect(lost, kind, Sender())
        else:
            self.storm.connect(lost, kind, None)
            self.send()

    def lose_finalized(self) -> None:
        """
        Make the collector use the signal wherever it runs, also with the lock.
        """
        Finalized(self)

    def look(self) -> None:
        connected = [connection.receiver for connection in self.storm.signal.receivers]
        for listener, kind, sender in self.storm.steady:
            form = kind.replace("strong ", "").replace(" ", "_")
            assert connected.count(getattr(listener, form)) == 1
            assert self.storm.signal.has_listeners(sender)

    def collect(self) -> None:
        gc.collect()


class Finalized(Listener):
    """
    Connects and disconnects when it dies.
    """

    def __init__(self, guest: Guest) -> None:
        super().__init__()
        self.storm = guest.storm
        self.kind = guest.storm.shape.kinds[0]

    def __del__(self) -> None:
        try:
            self.storm.connect(self, self.kind, None, "finalized")
            self.storm.disconnect(self, self.kind, None, "finalized")
            assert self.storm.signal.has_listeners()
        except BaseException as failure:  # noqa: BLE001 - reported later
            self.storm.failures.append(failure)


def scatter(chance: random.Random) -> Callable[[FrameType, str, object], Any]:
    """
    Return a trace function that lets other threads run between any two lines of ours.

    By default, Python switches threads too rarely to cover each pair of lines.
    """

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        if not frame.f_code.co_filename.startswith(SCATTERED):
            return None
        if event == "line" and chance.random() < 0.05:
            time.sleep(1e-6)
        return trace

    return trace


def run_at_once(jobs: Sequence[Callable[[], None]], seed: int | None) -> None:
    """
    Run each of *jobs* in its own thread; fail if one fails or never ends.
    """
    start = threading.Barrier(len(jobs))
    failures: list[BaseException] = []

    def run(job: Callable[[], None]) -> None:
        try:
            start.wait(DEADLOCK)
            if seed is not None:
                sys.settrace(scatter(random.Random(seed)))  # noqa: S311 - no secrets
            job()
        except BaseException as failure:  # noqa: BLE001 - raised again below
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(job,), daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLOCK)
        if thread.is_alive():
            faulthandler.dump_traceback(2)  # pytest replaces sys.stderr
            pytest.fail("deadlock")
    if failures:
        raise failures[0]


def comes_true(condition: Callable[[], bool], seconds: float = DEADLOCK) -> bool:
    """
    Collect until *condition* is true, at most for *seconds*; return whether it is.

    Threads of asgiref may keep references to their calls for some time, and while one of them
    is stopped in a collection, ``gc.collect`` does nothing.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        gc.collect()
        time.sleep(0.001)
    return False


def objects_of_ours() -> int:
    """
    Return the number of objects that signals create.
    """
    classes = Signal, Connections, _Group, Connection, WeakLink, WeakMethodLink, StrongLink
    gc.collect()
    return sum(isinstance(thing, classes) for thing in gc.get_objects())


def memory_of_ours() -> int:
    """
    Return the number of bytes allocated by our code and not freed.
    """
    gc.collect()
    snapshot = tracemalloc.take_snapshot()
    ours = (tracemalloc.Filter(inclusive=True, filename_pattern=f"{OURS}/*"),)
    return sum(trace.size for trace in snapshot.filter_traces(ours).traces)


def frees_its_memory(seed: int) -> bool:
    before = memory_of_ours()
    Storm(SHAPES["senders"]).blow(seed, is_scattered=False)
    return comes_true(lambda: memory_of_ours() - before < 1000, seconds=5)


@pytest.fixture(autouse=True)
def _switching_and_collecting_all_the_time() -> Iterator[None]:
    interval, thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(20, *thresholds[1:])
    yield
    gc.set_threshold(*thresholds)
    sys.setswitchinterval(interval)


# A failing test is not reproducible, so it cannot be shrunk.
storms = settings(max_examples=STORMS, phases=[Phase.generate], report_multiple_bugs=False)


@pytest.mark.usefixtures("each_way_of_sending")
@pytest.mark.parametrize("shape", SHAPES)
def test_stress_test_calls_the_right_receivers_and_leaves_nothing(
    shape: str, step: Callable[..., None]
) -> None:
    @storms
    @given(seed=st.integers(0, 2**32))
    def check(seed: int) -> None:
        step(STORMS)
        before = objects_of_ours()
        Storm(SHAPES[shape]).blow(seed)
        assert comes_true(lambda: objects_of_ours() <= before)

    check()


@pytest.mark.usefixtures("generated_sends")
def test_stress_test_frees_its_memory(step: Callable[..., None]) -> None:
    # Generated code and caches stay.
    for shape in SHAPES.values():
        Storm(shape).blow(0, is_scattered=False)
    tracemalloc.start()
    try:

        @storms
        @given(seed=st.integers(0, 2**32))
        def check(seed: int) -> None:
            step(STORMS)
            # A leak is in each of several equal tests. In some, threads reach the code that fills a
            # cache, or coverage notes a new line, and enlarges its data while our code runs.
            assert any(frees_its_memory(seed) for _ in range(6))

        check()
    finally:
        tracemalloc.stop()
