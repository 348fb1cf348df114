"""
Threads, the garbage collector and finalizers may interrupt between any two steps.
"""

from __future__ import annotations

import functools
import gc
import itertools
import sys
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

import typed_signals._connect.table
import typed_signals._signal
from tests import garbage
from tests.support import PizzaDone
from typed_signals import Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType, FrameType

pytestmark = pytest.mark.usefixtures("generated_sends")

# Longer than anything here takes: then there is a deadlock.
DEADLOCK = 30


@pytest.fixture
def signal() -> Any:
    return Signal[object, PizzaDone]()


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """
    Restrict the collector to the objects of the test, and restore its settings.
    """
    thresholds = gc.get_threshold()
    garbage.freeze()
    yield
    gc.set_threshold(*thresholds)
    gc.enable()


@pytest.fixture
def switching_all_the_time() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def send(signal: Any, sender: object = None) -> list[Any]:
    return [response for _, response in signal.send(sender, toppings=[], size=30)]


def run_at_once(*jobs: Callable[[], object]) -> list[Any]:
    """
    Run each of *jobs* in its own thread, all at the same time, and return their results.
    """
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> object:
        start.wait(DEADLOCK)
        return job()

    with ThreadPoolExecutor(len(jobs)) as threads:
        futures = [threads.submit(run, job) for job in jobs]
        return [future.result(DEADLOCK) for future in futures]


def run_unless_deadlocked(job: Callable[[], object]) -> None:
    """
    Run *job* in a thread, so that a deadlock fails the test instead of hanging it.
    """
    failures: list[BaseException] = []

    def run() -> None:
        try:
            job()
        except BaseException as failure:  # noqa: BLE001 - raised again below
            failures.append(failure)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(DEADLOCK)
    assert not thread.is_alive(), "deadlock"
    for failure in failures:
        raise failure


def tables_of(signal: Any) -> tuple[Any, ...]:
    """
    Return the data that the signal stores about its connections.
    """
    connections = signal._connections
    signal.disconnect(None)  # removes what the collector named
    return (
        connections._groups,
        connections._dead,
        {key: route for key, route in connections._routes.items() if any(route[:2])},
    )


class Listener:
    def receive(self, **kwargs: object) -> str:
        return "listener"


class CyclicListener(Listener):
    """
    Dies when the collector finds it.
    """

    def __init__(self) -> None:
        self.cycle = self


class Sender:
    pass


# At once


def come_and_go(signal: Any, sender: object, finished: threading.Event) -> None:
    while not finished.is_set():
        listener = Listener()
        signal.connect(listener.receive, sender=sender)
        signal.connect(listener.receive, weak=False, dispatch_uid="one")
        signal.has_listeners(sender)
        assert signal.disconnect(listener.receive, sender=sender)
        signal.disconnect(dispatch_uid="one")


def come_and_die(signal: Any, finished: threading.Event) -> None:
    while not finished.is_set():
        signal.connect(CyclicListener().receive, sender=Sender())
        listener, sender = CyclicListener(), Sender()
        signal.connect(listener.receive, sender=sender)
        signal.connect(listener.receive)
        assert "listener" in send(signal, sender)


def collect(signal: Any, finished: threading.Event) -> None:
    while not finished.is_set():
        gc.collect()
        assert len(signal.receivers) >= 2


@pytest.mark.usefixtures("switching_all_the_time")
def test_connected_receivers_are_called_once_by_each_send(
    signal: Any,
) -> None:
    sender = Sender()

    def steady(**kwargs: object) -> str:
        return "steady"

    def steady_for_one(**kwargs: object) -> str:
        return "steady for one"

    signal.connect(steady)
    signal.connect(steady_for_one, sender=sender)
    finished = threading.Event()

    def send_many() -> set[tuple[bool, int, int]]:
        counts = set()
        for _ in range(200):
            for to in (sender, Sender(), None):
                responses = send(signal, to)
                counts.add(
                    (to is sender, responses.count("steady"), responses.count("steady for one"))
                )
        finished.set()
        return counts

    counts, *_ = run_at_once(
        send_many,
        functools.partial(come_and_go, signal, sender, finished),
        functools.partial(come_and_go, signal, None, finished),
        functools.partial(come_and_die, signal, finished),
        functools.partial(collect, signal, finished),
    )
    assert counts == {(True, 1, 1), (False, 1, 0)}

    assert signal.disconnect(steady)
    assert signal.disconnect(steady_for_one, sender=sender)
    gc.collect()
    assert not any(tables_of(signal))


@pytest.mark.usefixtures("switching_all_the_time")
def test_only_one_of_many_threads_connects_the_same_receiver(signal: Any) -> None:
    def receive(**kwargs: object) -> str:
        return "received"

    for _ in range(50):
        run_at_once(*[functools.partial(signal.connect, receive)] * 4)
        assert send(signal) == ["received"]
        removed = run_at_once(*[functools.partial(signal.disconnect, receive)] * 4)
        assert sorted(removed) == [False, False, False, True]
        assert send(signal) == []
    assert not any(tables_of(signal))


def make_noise(signal: Any) -> None:
    """
    Connect to other senders and create their routes, repeatedly.
    """
    for _ in range(1500):
        sender, listener = Sender(), Listener()
        signal.connect(listener.receive, sender=sender)
        assert "listener" in send(signal, sender)
        assert signal.disconnect(listener.receive, sender=sender)


@pytest.mark.usefixtures("switching_all_the_time")
def test_send_after_connect_calls_the_receiver(signal: Any) -> None:
    def receive(**kwargs: object) -> str:
        return "received"

    def connect_and_send(sender: object) -> None:
        for to in (sender, None) * 500:
            assert send(signal, sender).count("received") == 0
            signal.connect(receive, sender=to)
            assert send(signal, sender).count("received") == 1
            signal.disconnect(receive, sender=to)
            assert send(signal, sender).count("received") == 0

    sender = Sender()
    run_at_once(
        functools.partial(connect_and_send, sender),
        functools.partial(make_noise, signal),
    )
    assert not any(tables_of(signal))


# No lock is held while receivers run


@pytest.mark.parametrize("method", ["send", "send_robust"])
def test_others_can_connect_and_send_while_a_receiver_runs(signal: Any, method: str) -> None:
    running, go_on = threading.Event(), threading.Event()

    def wait(**kwargs: object) -> str:
        running.set()
        assert go_on.wait(DEADLOCK)
        return "waited"

    def receive(**kwargs: object) -> str:
        return "received"

    def use_the_signal() -> None:
        assert running.wait(DEADLOCK)
        signal.disconnect(wait)
        signal.connect(receive)
        assert send(signal) == ["received"]
        assert signal.has_listeners()
        assert len(signal.receivers) == 1
        go_on.set()

    def send_slowly() -> list[object]:
        sent = getattr(signal, method)(None, toppings=[], size=30)
        return [response for _, response in sent]

    signal.connect(wait)
    assert run_at_once(send_slowly, use_the_signal) == [["waited"], None]


# Between any two steps


class NamedListener:
    def __init__(self, name: str) -> None:
        self.name = name

    def receive(self, **kwargs: object) -> str:
        return self.name


class NamedFunction:
    """
    Stores a receiver that is not a method.
    """

    def __init__(self, name: str) -> None:
        def receive(**kwargs: object) -> str:
            return name

        self.receive = receive


class World:
    """
    A signal with receivers, so that one operation can interrupt another.
    """

    senders = True
    """Whether some receivers are connected to one sender only."""

    listener: Any = NamedListener

    def __init__(self) -> None:
        self.signal: Any = Signal[object, PizzaDone]()
        self.sender, self.new_sender = Sender(), Sender()
        self.first, self.second = self.listener("first"), self.listener("second")
        self.mortal: Any = self.listener("mortal")
        self.mortal_sender: Any = Sender()
        self.signal.connect(self.first.receive)
        self.signal.connect(self.mortal.receive)
        if self.senders:
            self.signal.connect(self.first.receive, sender=self.sender)
            self.signal.connect(self.first.receive, sender=self.new_sender)
            self.signal.connect(self.first.receive, sender=self.mortal_sender)
            self.signal.connect(self.mortal.receive, sender=self.sender)
        for sender in (self.sender, self.mortal_sender, None):
            send(self.signal, sender)

    def state(self) -> tuple[list[str], ...]:
        """
        Return the connections, and the receivers of each sender.
        """
        connected = [
            f"{connection.receiver()} to {type(connection.sender).__name__}"
            for connection in self.signal.receivers
        ]
        heard = [send(self.signal, sender) for sender in (self.sender, self.new_sender, None)]
        return (sorted(connected), *map(sorted, heard))

    def tables_when_all_are_disconnected(self) -> tuple[Any, ...]:
        for listener in (self.first, self.second, self.mortal):
            for sender in (self.sender, self.new_sender, self.mortal_sender, None):
                if listener is not None:
                    self.signal.disconnect(listener.receive, sender=sender)
        return tables_of(self.signal)


class WorldOfMethods(World):
    """
    All are connected to all senders, and all are methods.
    """

    senders = False


class WorldOfFunctions(World):
    """
    All are connected to all senders, and none is a method.
    """

    senders = False
    listener = NamedFunction


def connect_to_sender(world: World) -> None:
    world.signal.connect(world.second.receive, sender=world.sender)


def connect_to_all(world: World) -> None:
    world.signal.connect(world.second.receive)


def connect_again(world: World) -> None:
    world.signal.connect(world.first.receive, sender=world.sender)
    world.signal.connect(world.first.receive)


def disconnect_from_sender(world: World) -> None:
    world.signal.disconnect(world.first.receive, sender=world.sender)


def disconnect_from_all(world: World) -> None:
    world.signal.disconnect(world.first.receive)


def empty_the_sender(world: World) -> None:
    lose_listener(world)
    disconnect_from_sender(world)


def send_again(world: World) -> None:
    send(world.signal, world.sender)


def send_first(world: World) -> None:
    send(world.signal, world.new_sender)


def lose_listener(world: World) -> None:
    world.mortal = None


def lose_sender(world: World) -> None:
    world.mortal_sender = None


OPERATIONS: list[Callable[[World], None]] = [
    connect_to_sender,
    connect_to_all,
    disconnect_from_sender,
    disconnect_from_all,
    empty_the_sender,
    send_again,
    send_first,
]
INTERRUPTIONS = [
    connect_to_sender,
    connect_to_all,
    connect_again,
    disconnect_from_all,
    empty_the_sender,
    send_first,
    lose_listener,
    lose_sender,
]


# The table of connections, and generated sends.
TRACED = (str(typed_signals._connect.table.__file__), "<typed_signals ")


if sys.version_info >= (3, 12):

    @contextmanager
    def calling_at_each_line(function: Callable[[CodeType], None]) -> Iterator[None]:
        """
        Call *function* with the code object before each line that this thread runs.

        A debugger or coverage.py continues to trace the tests.
        """
        tool, line = sys.monitoring.PROFILER_ID, sys.monitoring.events.LINE
        thread = threading.get_ident()

        def call(code: CodeType, _line: int) -> None:
            if threading.get_ident() == thread:
                function(code)

        sys.monitoring.use_tool_id(tool, __name__)
        sys.monitoring.register_callback(tool, line, call)
        sys.monitoring.set_events(tool, line)
        try:
            yield
        finally:
            sys.monitoring.set_events(tool, sys.monitoring.events.NO_EVENTS)
            sys.monitoring.register_callback(tool, line, None)
            sys.monitoring.free_tool_id(tool)

else:

    @contextmanager
    def calling_at_each_line(function: Callable[[CodeType], None]) -> Iterator[None]:
        """
        Call *function* with the code object before each line that this thread runs.
        """

        def trace(frame: FrameType, event: str, argument: object) -> Any:
            if event == "line":
                function(frame.f_code)
            return trace

        tracing = sys.gettrace()
        sys.settrace(trace)
        try:
            yield
        finally:
            sys.settrace(tracing)


def run_interrupted(
    operation: Callable[[], None],
    interrupt: Callable[[], None],
    at: int,
    files: tuple[str, ...] = TRACED,
) -> bool:
    """
    Run *operation*, and *interrupt* before line number *at* of those that it runs in *files*.

    Return whether there is such a line.
    """
    passed = -1

    def pass_line(code: CodeType) -> None:
        nonlocal passed
        if code.co_filename.startswith(files):
            passed += 1
            if passed == at:
                interrupt()

    with calling_at_each_line(pass_line):
        operation()
    return passed >= at


def in_this_thread(
    world: World, interruption: Callable[[World], None], threads: list[threading.Thread]
) -> None:
    """
    Interrupt like a finalizer run by the collector.
    """
    interruption(world)


def in_another_thread(
    world: World, interruption: Callable[[World], None], threads: list[threading.Thread]
) -> None:
    """
    Interrupt like another thread, which waits for the lock.
    """
    thread = threading.Thread(target=interruption, args=(world,), daemon=True)
    threads.append(thread)
    thread.start()
    if not typed_signals._connect.table.lock._is_owned():  # type: ignore[attr-defined]
        thread.join(DEADLOCK)


def is_interrupted(
    world: World,
    operation: Callable[[World], None],
    interrupt: Callable[..., None],
    interruption: Callable[[World], None],
    *,
    at: int,
) -> bool:
    """
    Run *operation*, and *interruption* in the given way before line number *at*.

    Return whether there is such a line.
    """
    threads: list[threading.Thread] = []
    has_line = run_interrupted(
        functools.partial(operation, world),
        functools.partial(interrupt, world, interruption, threads),
        at=at,
    )
    for thread in threads:
        thread.join(DEADLOCK)
        assert not thread.is_alive()
    return has_line


@pytest.mark.parametrize("interrupt", [in_this_thread, in_another_thread])
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("world_class", [World, WorldOfMethods, WorldOfFunctions])
def test_interrupted_operation_has_the_result_of_a_sequential_one(
    world_class: type[World],
    operation: Callable[[World], None],
    interrupt: Callable[..., None],
) -> None:
    def run_at_every_step(interruption: Callable[[World], None]) -> None:
        allowed = []
        for first, then in ((operation, interruption), (interruption, operation)):
            world = world_class()
            first(world)
            then(world)
            allowed.append(world.state())
        for step in itertools.count():
            world = world_class()
            if not is_interrupted(world, operation, interrupt, interruption, at=step):
                assert step > 5
                return
            assert world.state() in allowed, f"{interruption.__name__} at step {step}"
            assert not any(world.tables_when_all_are_disconnected())

    for interruption in INTERRUPTIONS:
        run_unless_deadlocked(functools.partial(run_at_every_step, interruption))


def test_two_threads_that_connect_first_both_connect() -> None:
    def run_at_every_step() -> None:
        for step in itertools.count():
            world = World()
            world.signal = Signal[object, PizzaDone]()
            threads: list[threading.Thread] = []
            if not run_interrupted(
                functools.partial(world.signal.connect, world.first.receive),
                functools.partial(in_another_thread, world, connect_to_all, threads),
                at=step,
                files=(str(typed_signals._signal.__file__),),
            ):
                assert step > 10
                return
            for thread in threads:
                thread.join(DEADLOCK)
                assert not thread.is_alive()
            assert sorted(send(world.signal)) == ["first", "second"], f"at step {step}"

    run_unless_deadlocked(run_at_every_step)


@pytest.mark.parametrize("interrupt", [in_this_thread, in_another_thread])
@pytest.mark.parametrize("world_class", [World, WorldOfMethods, WorldOfFunctions])
@pytest.mark.parametrize(
    ("operation", "name", "is_heard"),
    [
        (connect_to_sender, "second", True),
        (connect_to_all, "second", True),
        (disconnect_from_all, "first", False),
    ],
)
def test_concurrent_callers_do_not_wait_for_each_other(
    world_class: type[World],
    operation: Callable[[World], None],
    name: str,
    is_heard: bool,
    interrupt: Callable[..., None],
) -> None:
    heard: list[bool] = []

    def do_the_same(world: World) -> None:
        operation(world)
        heard.append(name in send(world.signal, world.sender))

    def run_at_every_step() -> None:
        for step in itertools.count():
            world = world_class()
            world.signal.disconnect(world.first.receive, sender=world.sender)
            if not is_interrupted(world, operation, interrupt, do_the_same, at=step):
                assert step > 5
                return
            assert heard.pop() == is_heard, f"at step {step}"

    run_unless_deadlocked(run_at_every_step)


class Stopped(BaseException):
    pass


def stop() -> None:
    raise Stopped


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("world_class", [World, WorldOfMethods, WorldOfFunctions])
def test_connections_can_be_used_wherever_another_thread_was_stopped(
    world_class: type[World], operation: Callable[[World], None]
) -> None:
    """
    A thread is stopped permanently by an exception, by a fork (in the child), and when the
    interpreter finalizes.
    """

    def stop_at_every_step() -> None:
        for step in itertools.count():
            world = world_class()
            try:
                is_swallowed = run_interrupted(functools.partial(operation, world), stop, at=step)
            except Stopped:
                # As in a forked child.
                typed_signals._connect.table._renew_lock()
            else:
                assert not is_swallowed, f"at step {step}"
                assert step > 5
                return
            connected = world.signal.receivers  # which block no thread
            for sender in (world.sender, world.new_sender, None):
                assert send(world.signal, sender) == [
                    connection.receiver()
                    for connection in connected
                    if connection.sender in (None, sender)
                ], f"at step {step}"
            connect_to_all(world)
            connect_to_sender(world)
            assert send(world.signal, world.sender).count("second") == 2
            assert not any(world.tables_when_all_are_disconnected()), f"at step {step}"

    run_unless_deadlocked(stop_at_every_step)


def test_guard_acquires_and_releases_the_lock() -> None:
    """
    Only Python 3.14 needs it.
    """
    lock: Any = threading.RLock()
    guard = typed_signals._connect.table._guard(lock)
    with guard, guard:
        assert lock._is_owned()
        assert run_at_once(functools.partial(lock.acquire, blocking=False)) == [False]
    assert not lock._is_owned()
    with pytest.raises(Stopped), guard:
        stop()
    assert not lock._is_owned()


# Finalizers


def use_connect(signal: Any, sender: object) -> None:
    listener = Listener()
    signal.connect(listener.receive, sender=sender)
    signal.connect(listener.receive)


def use_disconnect(signal: Any, sender: object) -> None:
    signal.disconnect(kept.receive, sender=sender)
    signal.disconnect(kept.receive)


def use_send(signal: Any, sender: object) -> None:
    send(signal, sender)


def use_everything(signal: Any, sender: object) -> None:
    for use in (use_connect, use_send, use_disconnect):
        use(signal, sender)
    signal.has_listeners(sender)
    assert isinstance(signal.receivers, list)


kept = Listener()


class Finalized(CyclicListener):
    """
    Uses a signal when it dies.
    """

    def __init__(self, finalize: Callable[[], None]) -> None:
        super().__init__()
        self.finalize = finalize

    def __del__(self) -> None:
        self.finalize()


@pytest.mark.parametrize("use", [use_connect, use_disconnect, use_send, use_everything])
def test_finalizer_may_use_the_signal_that_the_collector_interrupted(
    signal: Any, use: Callable[[Any, object], None]
) -> None:
    sender = Sender()
    finalized: list[object] = []

    def steady(**kwargs: object) -> str:
        return "steady"

    def finalize() -> None:
        use(signal, sender)
        finalized.append(use)

    def work() -> None:
        for allocations in range(200):
            gc.disable()
            Finalized(finalize)
            # The collector runs after so many new objects.
            gc.set_threshold(gc.get_count()[0] + allocations % 50 + 1)
            gc.enable()
            signal.connect(kept.receive, sender=sender)
            signal.connect(kept.receive)
            assert send(signal, sender).count("steady") == 1
            signal.disconnect(kept.receive, sender=sender)
            signal.disconnect(kept.receive)

    signal.connect(steady)
    run_unless_deadlocked(work)
    gc.collect()
    assert len(finalized) == 200
    for listener, to in ((kept.receive, sender), (kept.receive, None), (steady, None)):
        signal.disconnect(listener, sender=to)
    assert not any(tables_of(signal))


def test_dying_receiver_may_use_its_own_signal(signal: Any) -> None:
    for _ in range(100):
        dying = Finalized(lambda: use_everything(signal, None))
        signal.connect(dying.receive)
        assert send(signal) == ["listener"]
        del dying
        gc.collect(0)
    gc.collect()
    assert not any(tables_of(signal))


def test_strong_receiver_that_dies_at_its_disconnect_may_use_its_own_signal(
    signal: Any,
) -> None:
    dying = Finalized(lambda: use_everything(signal, None))
    alive = weakref.ref(dying)
    signal.connect(dying.receive, weak=False, dispatch_uid="dying")
    del dying
    gc.collect()
    assert alive() is not None
    assert signal.disconnect(dispatch_uid="dying")
    gc.collect()
    assert alive() is None
    assert not any(tables_of(signal))


def test_dying_sender_may_use_the_signal(signal: Any) -> None:
    class DyingSender:
        def __del__(self) -> None:
            use_everything(signal, kept)

    for _ in range(100):
        sender = DyingSender()
        signal.connect(kept.receive, sender=sender)
        assert send(signal, sender) == ["listener"]
        del sender
    gc.collect()
    assert not any(tables_of(signal))


# Nothing is left behind


def test_deleted_senders_and_receivers_leave_nothing_behind(signal: Any) -> None:
    def come_and_go_once() -> None:
        sender, listener = Sender(), Listener()
        signal.connect(listener.receive, sender=sender)
        send(signal, sender)
        send(signal, Sender())

    for _ in range(1000):
        come_and_go_once()
    assert not any(tables_of(signal))


def test_sending_from_new_senders_needs_no_memory(signal: Any) -> None:
    def receive(**kwargs: object) -> None: ...

    signal.connect(receive)
    for _ in range(1000):
        send(signal, Sender())
    assert not signal._connections._routes
