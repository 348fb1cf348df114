"""
Receivers that wait, fail, are cancelled and send: the same results as with Django's signals.

Django's and our dispatcher need different numbers of event loop iterations for the same operation.
To compare the order of events, the clock only advances when nothing else can run: each receiver
wakes up at its own times.
"""

from __future__ import annotations

import asyncio
import logging
import operator
import selectors
from contextvars import Context
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar, TypeVarTuple

import django.dispatch
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import PizzaDone
from typed_signals import Signal

from .worlds import Fail, FailedError, Halt, SetNumber, described, number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor

# "asend and asend_robust behave as in Django 6.1, with any version of Django", and so do async
# receivers of send and send_robust. With Django 5.2, sync ones are left to compare.
IS_LIKE_OURS = django.VERSION >= (6, 1)
SYNC_METHODS = ["send", "send_robust"]
ASYNC_METHODS = ["asend", "asend_robust"]
METHODS = [*SYNC_METHODS, *(ASYNC_METHODS if IS_LIKE_OURS else [])]

MAKES: list[Callable[[], Any]] = [Signal, Signal[object, PizzaDone]]

# No receiver wakes twice in this time, and each has its own moment in it.
ROUND = 100


# What receivers do


@dataclass(frozen=True)
class Wait:
    """
    Wait for a number of rounds.
    """

    rounds: int
    if_cancelled: Literal["stop", "go on", "fail"] = "stop"


@dataclass(frozen=True)
class GiveUp:
    """
    Raise the error of a cancellation without a cancel.
    """


@dataclass(frozen=True)
class CancelMe:
    """
    Cancel the receiver's own task.
    """


@dataclass(frozen=True)
class Ask:
    """
    Send another signal, and wait for it.
    """

    method: str


Step = Wait | SetNumber | Fail | GiveUp | CancelMe | Ask


@dataclass(frozen=True)
class Plan:
    """
    The send, and the actions of each receiver.

    Attributes:
        asked: the receivers of the signal that ``Ask`` sends, all async.
        cancelled_in: the round in which the sending task is cancelled, if it is.
        timeout_in: the round of the timeout, if there is one.
    """

    method: str
    sync: list[list[Step]]
    asynchronous: list[list[Step]]
    asked: list[list[Step]]
    cancelled_in: int | None
    timeout_in: int | None


_set = st.builds(SetNumber, st.integers(1, 9))
_wait = st.builds(Wait, st.integers(1, 3))
_stubborn_wait = st.builds(Wait, st.integers(1, 3), st.sampled_from(["stop", "go on", "fail"]))
_ask = st.builds(Ask, st.sampled_from(ASYNC_METHODS))
_failures: list[Step] = [Fail(FailedError), Fail(Halt), GiveUp()]


def _scripts(
    step: st.SearchStrategy[Any], failures: Sequence[Step], least: int, most: int
) -> st.SearchStrategy[list[list[Step]]]:
    """
    Scripts of steps; at the end, a receiver may fail in one of the given ways.
    """
    ends = st.sampled_from([[], [], [], *([failure] for failure in failures)])
    script = st.builds(operator.add, st.lists(step, max_size=4), ends)
    return st.lists(script, min_size=least, max_size=most)


# differences.md: "A single async receiver is awaited in the task of the sender." So what
# it does to its task or with a cancellation differs from Django. It also sees context changes of
# others, so two or more are asked.
_alone = _scripts(_wait | _set | _ask, _failures, 0, 1)
_together = _scripts(_stubborn_wait | _set | _ask, [*_failures, CancelMe()], 2, 4)
plans = st.builds(
    Plan,
    method=st.sampled_from(METHODS),
    sync=_scripts(_set, [Fail(FailedError), Fail(Halt)], 0, 2),
    asynchronous=_alone | _together if IS_LIKE_OURS else st.just([]),
    asked=_scripts(_wait | _set, _failures, 2, 3),
    cancelled_in=st.none() | st.integers(0, 4),
    timeout_in=st.none() | st.integers(0, 4),
)


# Where time goes by


class Clock(selectors.DefaultSelector):
    """
    Replaces the selector of an event loop: instead of waiting, it advances the clock.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.threads = 0

    def select(self, timeout: float | None = None) -> Any:
        if timeout and not self.threads:
            self.now += timeout
            timeout = 0
        # While a thread works, wait for it.
        return super().select(None if timeout and self.threads else timeout)


T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.clock = Clock()
        super().__init__(self.clock)

    def time(self) -> float:
        return self.clock.now

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> asyncio.Future[T]:
        self.clock.threads += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._thread_is_done)
        return future

    def _thread_is_done(self, _: object) -> None:
        self.clock.threads -= 1


class LoopWithFactory(Loop):
    def __init__(self) -> None:
        super().__init__()
        self.set_task_factory(
            lambda loop, coroutine, **kwargs: asyncio.Task(coroutine, loop=loop, **kwargs)
        )


@pytest.fixture(params=[Loop, LoopWithFactory], ids=["at once", "by a task factory"])
def each_way_of_starting(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Run the test with and without eager tasks, if Python supports them.
    """
    monkeypatch.setattr(asyncio.events, "new_event_loop", request.param)


# What happens


class World:
    """
    A plan, run with two signals of one class.

    Attributes:
        stories: the events of the sender and of each receiver.
        interrupted: the number of receivers that were cancelled while they asked.
    """

    def __init__(self, make: Callable[[], Any], plan: Plan) -> None:
        self.stories: dict[str, list[object]] = {}
        self.interrupted = 0
        self._plan = plan
        self._is_django = make is django.dispatch.Signal
        self._is_cancelled = False
        self._signal, self._asked = make(), make()
        self._names: dict[Any, str] = {}
        for index, script in enumerate(plan.sync):
            self._connect(self._signal, f"sync {index}", _sync(self, f"sync {index}", script))
        for index, script in enumerate(plan.asynchronous):
            name = f"async {index}"
            self._connect(self._signal, name, Receiver(self, name, index, script).receive)
        for index, script in enumerate(plan.asked):
            name = f"asked {index}"
            self._connect(self._asked, name, Receiver(self, name, index, script).receive)
        if plan.method in SYNC_METHODS:
            Context().run(self._send_sync)
        else:
            with asyncio.Runner() as runner:
                runner.run(self._send_in_task())

    def _connect(self, signal: Any, name: str, receiver: Any) -> None:
        signal.connect(receiver, weak=False)
        self._names[receiver] = name

    def tell(self, name: str, event: object) -> None:
        self.stories.setdefault(name, []).append(event)

    def number(self) -> object:
        """
        Return the number in the context, unless it is random.

        An interrupted send also applies its context changes. With several interrupted sends, the
        order is that of a set of tasks in Django's task group.
        """
        return number.get() if self.interrupted < 2 else "any"

    def ask(self, method: str, name: str) -> Any:
        return getattr(self._asked, method)(None, toppings=[], size=30, note=name)

    def told(self, responses: list[tuple[Any, object]]) -> object:
        return [
            (
                self._names[receiver],
                described(response) if isinstance(response, Exception) else response,
            )
            for receiver, response in responses
        ]

    def _send(self) -> Any:
        return getattr(self._signal, self._plan.method)(None, toppings=[], size=30)

    def _send_sync(self) -> None:
        try:
            self.tell("sender", self.told(self._send()))
        except BaseException as error:  # noqa: BLE001 - recorded
            self.tell("sender", in_order(error))
        self.tell("sender", self.number())

    async def _send_in_task(self) -> None:
        task = asyncio.create_task(self._send_in_time())
        if self._plan.cancelled_in is not None:
            moment = self._plan.cancelled_in * ROUND + ROUND - 1
            asyncio.get_running_loop().call_at(moment, self._cancel, task)
        await asyncio.wait([task])
        self.tell("sender", "cancelled" if task.cancelled() else task.result())

    def _cancel(self, task: asyncio.Task[str]) -> None:
        self._is_cancelled = True
        task.cancel()

    async def _send_in_time(self) -> str:
        rounds = self._plan.timeout_in
        moment = None if rounds is None else rounds * ROUND + ROUND - 2
        try:
            async with asyncio.timeout_at(moment) as deadline:
                return await self._send_async(deadline)
        except TimeoutError:
            return "timed out"

    async def _send_async(self, deadline: asyncio.Timeout) -> str:
        try:
            self.tell("sender", self.told(await self._send()))
        except BaseException as error:
            is_cancelled = isinstance(error, asyncio.CancelledError)
            failure = error.__cause__ if is_cancelled else error
            if failure is None:
                raise
            if self._is_django:
                # differences.md: "If a send to several async receivers is cancelled, it raises
                # CancelledError [...] In Django, the failure is raised."
                is_cancelled = self._is_cancelled or deadline.expired()
            self.tell("sender", in_order(failure))
            return "cancelled" if is_cancelled else "failed"
        finally:
            self.tell("sender", self.number())
        return "sent"


def _sync(world: World, name: str, script: Sequence[Step]) -> Any:
    def receive(**kwargs: object) -> str:
        world.tell(name, number.get())
        for step in script:
            match step:
                case SetNumber(value):
                    number.set(value)
                case Fail(error_type):
                    raise error_type(name)
        return f"{name} is done"

    return receive


class Receiver:
    def __init__(self, world: World, name: str, index: int, script: Sequence[Step]) -> None:
        self._world = world
        self._name = name
        self._index = index
        self._script = script

    async def receive(self, note: str = "", **kwargs: object) -> str:
        # The note shows who asks.
        asker = int(note[-1]) + 1 if note else 0
        call = Call(self._world, f"{self._name} {note}".strip(), 10 * asker + self._index)
        for step in self._script:
            call.tell(step, self._world.number())
            await call.do(step)
        call.tell("done", self._world.number())
        return f"{self._name} is done"


class Call:
    """
    A call of a receiver, which has its own *moment* in each round.
    """

    def __init__(self, world: World, name: str, moment: int) -> None:
        self._world = world
        self._name = name
        self._moment = moment

    def tell(self, *event: object) -> None:
        self._world.tell(self._name, (asyncio.get_running_loop().time(), *event))

    async def do(self, step: Step) -> None:
        match step:
            case SetNumber(value):
                number.set(value)
            case Fail(error_type):
                raise error_type(self._name)
            case GiveUp():
                raise asyncio.CancelledError
            case CancelMe():
                task().cancel()
                # differences.md: "If an async receiver cancels its own task and returns before
                # it is cancelled, its response is None".
                await self._wait(1)
            case Ask(method):
                await self._wait(1)
                try:
                    responses = await self._world.ask(method, self._name)
                except asyncio.CancelledError:
                    self._world.interrupted += 1
                    raise
                self.tell(self._world.told(responses))
            case Wait(rounds, if_cancelled):
                await self._wait(rounds, if_cancelled)

    async def _wait(self, rounds: int, if_cancelled: str = "stop") -> None:
        now = asyncio.get_running_loop().time()
        try:
            await asyncio.sleep((now // ROUND + rounds) * ROUND + self._moment - now)
        except asyncio.CancelledError:
            self.tell("cancelled")
            if if_cancelled == "stop":
                raise
            if if_cancelled == "fail":
                raise FailedError(self._name) from None
            task().uncancel()
            await self._wait(1)


def task() -> asyncio.Task[Any]:
    current = asyncio.current_task()
    assert current is not None
    return current


def in_order(error: BaseException) -> object:
    """
    Describe *error*, a group in the order of the receivers that failed.

    differences.md: "If several async receivers fail, the errors in the group are in the order
    of the receivers. In Django, they are in the order in which they were raised."
    """
    if isinstance(error, BaseExceptionGroup):
        return [type(error), *sorted(map(in_order, error.exceptions), key=repr)]
    return described(error)


@pytest.mark.usefixtures("each_way_of_starting")
def test_awaiting_receivers_goes_as_in_django(
    step: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("django.dispatch", "typed_signals"):
        monkeypatch.setattr(logging.getLogger(name), "disabled", True)

    @given(plan=plans)
    def check(plan: Plan) -> None:
        step()
        theirs = World(django.dispatch.Signal, plan).stories
        for make in MAKES:
            ours = World(make, plan).stories
            assert ours["sender"] == theirs["sender"]
            assert ours == theirs

    check()
