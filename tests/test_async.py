"""
Sync and async receivers, with sends from sync and async code.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import functools
import gc
import inspect
import sys
import threading
from typing import TYPE_CHECKING, Any
from unittest.mock import AsyncMock

import asgiref.sync
import pytest

from tests.support import PizzaDone
from typed_signals import Signal
from typed_signals._send import awaiting
from typed_signals.exceptions import PayloadError, RunningLoopError, SignalError

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("each_way_of_sending")

SYNC = ("send", "send_robust")
ASYNC = ("asend", "asend_robust")
METHODS = SYNC + ASYNC
STRICT = ("send", "asend")
ROBUST = ("send_robust", "asend_robust")

number: contextvars.ContextVar[int] = contextvars.ContextVar("number")
answer: contextvars.ContextVar[int] = contextvars.ContextVar("answer")


@pytest.fixture
def signal() -> Any:
    return Signal[object, PizzaDone]()


def mark_async(receive: Callable[..., Any]) -> Callable[..., Any]:
    if sys.version_info >= (3, 12):
        inspect.markcoroutinefunction(receive)
    else:
        asgiref.sync.markcoroutinefunction(receive)
    return receive


def dispatch(signal: Any, method: str, **payload: object) -> Any:
    """
    Send with *method*, and wait for it if it is async.
    """
    sent = getattr(signal, method)("me", **payload or {"toppings": [], "size": 30})
    return asyncio.run(sent) if method.startswith("a") else sent


class TooHotError(Exception):
    pass


class TooColdError(Exception):
    pass


class Halt(BaseException):
    pass


def sync_receive(**kwargs: object) -> str:
    return "sync"


def sync_fail(**kwargs: object) -> None:
    raise TooColdError


async def async_receive(sender: object, size: int, **kwargs: object) -> tuple[object, int]:
    await asyncio.sleep(0)
    return sender, size


async def fail(**kwargs: object) -> None:
    await asyncio.sleep(0)
    raise TooHotError


async def fail_too(**kwargs: object) -> None:
    await asyncio.sleep(0)
    raise TooColdError


async def halt(**kwargs: object) -> None:
    raise Halt


class AsyncReceivers:
    async def method(self, **kwargs: object) -> str:
        return "method"

    @mark_async
    def marked(self, **kwargs: object) -> Any:
        return self.method(**kwargs)

    @classmethod
    async def class_method(cls, **kwargs: object) -> str:
        return "class method"

    @staticmethod
    async def static_method(**kwargs: object) -> str:
        return "static method"


# Which receivers are async


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("receive", "response"),
    [
        (async_receive, ("me", 30)),
        (AsyncReceivers().method, "method"),
        (AsyncReceivers.class_method, "class method"),
        (AsyncReceivers.static_method, "static method"),
        (functools.partial(async_receive, size=1), ("me", 30)),
        (functools.partial(AsyncReceivers().method, size=1), "method"),
        (AsyncReceivers().marked, "method"),
        (AsyncMock(return_value="mock"), "mock"),
    ],
)
def test_async_receivers_are_awaited(
    signal: Any, method: str, receive: Callable[..., Any], response: object
) -> None:
    signal.connect(receive, weak=False)
    assert [connection.is_async for connection in signal.receivers] == [True]
    assert dispatch(signal, method) == [(receive, response)]


@pytest.mark.parametrize("method", METHODS)
def test_callable_object_is_async_if_marked(signal: Any, method: str) -> None:
    class Receive:
        async def __call__(self, **kwargs: object) -> str:
            return "object"

    receive = mark_async(Receive())
    signal.connect(receive)
    assert [connection.is_async for connection in signal.receivers] == [True]
    assert dispatch(signal, method) == [(receive, "object")]


# Order and place


@pytest.mark.parametrize("method", METHODS)
def test_sync_receivers_come_first_then_async_ones_each_in_order(signal: Any, method: str) -> None:
    calls: list[object] = []
    finished = {i: asyncio.Event() for i in (0, 2, 4, 6)}
    finished[6].set()

    def sync(i: int) -> Any:
        return functools.partial(lambda i, **kwargs: calls.append(i), i)

    def asynchronous(i: int) -> Any:
        async def receive(**kwargs: object) -> None:
            # The first one finishes last, but its response is first.
            await finished[i + 2].wait()
            calls.append(i)
            finished[i].set()

        return receive

    receivers = [asynchronous(0), sync(1), asynchronous(2), sync(3), asynchronous(4)]
    for receive in receivers:
        signal.connect(receive)
    responses = dispatch(signal, method)
    assert [receive for receive, _ in responses] == [receivers[i] for i in (1, 3, 0, 2, 4)]
    assert calls == [1, 3, 4, 2, 0]


@pytest.mark.parametrize("method", METHODS)
def test_async_receivers_run_at_once(signal: Any, method: str) -> None:
    both = asyncio.Barrier(2)

    async def meet(**kwargs: object) -> str:
        await both.wait()
        return "met"

    first, second = functools.partial(meet), functools.partial(meet)
    signal.connect(first)
    signal.connect(second)
    assert dispatch(signal, method) == [(first, "met"), (second, "met")]


@pytest.mark.parametrize("method", ASYNC)
def test_sync_receivers_of_an_async_send_run_in_one_other_thread(signal: Any, method: str) -> None:
    threads: list[int] = []

    def note(**kwargs: object) -> None:
        threads.append(threading.get_ident())

    first, second = functools.partial(note), functools.partial(note)
    signal.connect(first)
    signal.connect(second)
    dispatch(signal, method)
    assert len(threads) == 2
    assert threads[0] == threads[1] != threading.get_ident()


@pytest.mark.parametrize("method", ASYNC)
def test_async_receivers_of_an_async_send_run_in_its_own_loop(signal: Any, method: str) -> None:
    async def loop(**kwargs: object) -> object:
        return asyncio.get_running_loop()

    signal.connect(loop)

    async def main() -> tuple[object, object]:
        [(_, used)] = await getattr(signal, method)(None, toppings=[], size=30)
        return used, asyncio.get_running_loop()

    used, running = asyncio.run(main())
    assert used is running


@pytest.mark.parametrize("method", ASYNC)
def test_async_send_checks_the_payload_when_it_is_awaited(signal: Any, method: str) -> None:
    called: list[object] = []

    async def receive(**kwargs: object) -> None:
        called.append(kwargs)

    signal.connect(receive)
    sent = getattr(signal, method)(None, toppings=[])
    with pytest.raises(PayloadError, match="missing 'size'"):
        asyncio.run(sent)
    assert called == []


@pytest.mark.parametrize("method", ASYNC)
def test_receiver_may_send(signal: Any, method: str) -> None:
    inner: Any = Signal()

    async def forward(**kwargs: object) -> object:
        return await getattr(inner, method)("forwarded", size=1)

    signal.connect(forward)
    inner.connect(async_receive)
    assert dispatch(signal, method) == [(forward, [(async_receive, ("forwarded", 1))])]


@pytest.mark.parametrize("method", ASYNC)
def test_sync_receiver_of_an_async_send_may_send_to_async_receivers(
    signal: Any, method: str
) -> None:
    inner: Any = Signal()

    def forward(**kwargs: object) -> object:
        return inner.send("forwarded", size=1)

    signal.connect(forward)
    inner.connect(async_receive)
    assert dispatch(signal, method) == [(forward, [(async_receive, ("forwarded", 1))])]


# Inside a running loop


@pytest.mark.parametrize("method", SYNC)
def test_sync_send_cannot_wait_for_async_receivers_inside_a_loop(signal: Any, method: str) -> None:
    called: list[object] = []

    def sync(**kwargs: object) -> None:
        called.append(sync)

    async def asynchronous(**kwargs: object) -> None:
        called.append(asynchronous)

    signal.connect(sync)
    signal.connect(asynchronous)

    async def main() -> None:
        getattr(signal, method)(None, toppings=[], size=30)

    with pytest.raises(RunningLoopError) as refused:
        asyncio.run(main())
    assert f".{method}() cannot wait for its async receivers" in str(refused.value)
    assert f"{__name__}.{asynchronous.__qualname__}" in str(refused.value)
    assert str(refused.value).endswith(f"write await signal.a{method}(...) in async code")
    assert isinstance(refused.value, RuntimeError)
    assert isinstance(refused.value, SignalError)
    assert called == []


@pytest.mark.parametrize("method", SYNC)
def test_sync_send_to_sync_receivers_is_fine_inside_a_loop(signal: Any, method: str) -> None:
    signal.connect(sync_receive)

    async def main() -> Any:
        return getattr(signal, method)(None, toppings=[], size=30)

    assert asyncio.run(main()) == [(sync_receive, "sync")]


# Failures


@pytest.mark.parametrize("method", STRICT)
def test_single_failure_is_raised_unchanged(signal: Any, method: str) -> None:
    cancelled: list[bool] = []

    async def wait(**kwargs: object) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    signal.connect(wait)
    signal.connect(fail)
    with pytest.raises(TooHotError):
        dispatch(signal, method)
    assert cancelled == [True]


@pytest.mark.parametrize("method", STRICT)
def test_several_failures_are_raised_as_a_group(signal: Any, method: str) -> None:
    for receive in (fail, async_receive, fail_too):
        signal.connect(receive)
    with pytest.raises(ExceptionGroup) as group:
        dispatch(signal, method)
    assert [type(error) for error in group.value.exceptions] == [TooHotError, TooColdError]


@pytest.mark.parametrize("method", STRICT)
def test_exception_group_of_one_receiver_is_raised_unchanged(signal: Any, method: str) -> None:
    raised = ExceptionGroup("own", [TooHotError()])

    async def fail_with_group(**kwargs: object) -> None:
        raise raised

    signal.connect(fail_with_group)
    with pytest.raises(ExceptionGroup) as group:
        dispatch(signal, method)
    assert group.value is raised


@pytest.mark.parametrize("method", STRICT)
def test_async_receivers_do_not_run_after_a_failed_sync_one(signal: Any, method: str) -> None:
    receive = AsyncMock()
    signal.connect(receive)
    signal.connect(sync_fail)
    with pytest.raises(TooColdError):
        dispatch(signal, method)
    receive.assert_not_called()


@pytest.mark.parametrize("method", ROBUST)
def test_robust_send_returns_the_errors_of_async_receivers(
    signal: Any, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    for receive in (fail, sync_fail, async_receive, fail_too):
        signal.connect(receive)
    responses = dispatch(signal, method)
    assert [receive for receive, _ in responses] == [sync_fail, fail, async_receive, fail_too]
    errors = [response for _, response in responses]
    assert errors[2] == ("me", 30)
    assert [type(errors[i]) for i in (0, 1, 3)] == [TooColdError, TooHotError, TooColdError]
    assert all(errors[i].__traceback__ for i in (0, 1, 3))
    logged = [record for record in caplog.records if record.name == "typed_signals"]
    texts = [record.getMessage() for record in logged]
    assert [text.partition(" in ")[0] for text in texts] == [
        f"Error calling {name}" for name in ("sync_fail", "fail", "fail_too")
    ]
    assert all(text.endswith(f".{method}() ()") for text in texts)


@pytest.mark.parametrize("method", METHODS)
def test_base_exceptions_stop_every_send(signal: Any, method: str) -> None:
    signal.connect(halt)
    signal.connect(async_receive)
    with pytest.raises(Halt):
        dispatch(signal, method)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("connected_first", [True, False])
def test_receiver_that_cannot_be_called_leaves_no_coroutine_behind(
    signal: Any, method: str, connected_first: bool
) -> None:
    @mark_async
    def fail_when_called(**kwargs: object) -> object:
        raise TooHotError

    receivers = [fail_when_called, async_receive]
    for receive in receivers if connected_first else reversed(receivers):
        signal.connect(receive)
    if method in ROBUST:
        responses = dict(dispatch(signal, method))
        assert responses[async_receive] == ("me", 30)
        assert isinstance(responses[fail_when_called], TooHotError)
    else:
        with pytest.raises(TooHotError):
            dispatch(signal, method)
    # A coroutine that was never awaited would warn here.
    gc.collect()


# Context variables


@pytest.mark.parametrize("method", METHODS)
def test_receivers_see_the_context_of_the_sender(signal: Any, method: str) -> None:
    def sync_read(**kwargs: object) -> int:
        return number.get()

    async def read(**kwargs: object) -> int:
        return number.get()

    signal.connect(sync_read)
    signal.connect(read)

    def run() -> Any:
        number.set(1)
        return dispatch(signal, method)

    assert contextvars.copy_context().run(run) == [(sync_read, 1), (read, 1)]


@pytest.mark.parametrize("method", METHODS)
def test_async_receivers_share_one_context(signal: Any, method: str) -> None:
    written = asyncio.Event()

    async def write(**kwargs: object) -> None:
        number.set(7)
        written.set()

    async def read(**kwargs: object) -> int:
        await written.wait()
        return number.get()

    signal.connect(read)
    signal.connect(write)
    assert dispatch(signal, method) == [(read, 7), (write, None)]


def set_number(**kwargs: object) -> None:
    number.set(1)


async def set_answer(**kwargs: object) -> None:
    await asyncio.sleep(0)
    answer.set(42)


@pytest.mark.parametrize("method", METHODS)
def test_context_changes_apply_to_the_sender(signal: Any, method: str) -> None:
    signal.connect(set_number)
    signal.connect(set_answer)

    async def main() -> tuple[int, int]:
        await getattr(signal, method)(None, toppings=[], size=30)
        return number.get(), answer.get()

    def run() -> tuple[int, int]:
        if method in ASYNC:
            return asyncio.run(main())
        dispatch(signal, method)
        return number.get(), answer.get()

    assert contextvars.copy_context().run(run) == (1, 42)


@pytest.mark.parametrize("method", STRICT)
def test_context_changes_apply_to_the_sender_also_on_error(signal: Any, method: str) -> None:
    async def set_and_fail(**kwargs: object) -> None:
        answer.set(42)
        raise TooHotError

    signal.connect(set_number)
    signal.connect(set_and_fail)

    async def main() -> tuple[int, int]:
        with pytest.raises(TooHotError):
            await getattr(signal, method)(None, toppings=[], size=30)
        return number.get(), answer.get()

    def run() -> tuple[int, int]:
        if method in ASYNC:
            return asyncio.run(main())
        with pytest.raises(TooHotError):
            dispatch(signal, method)
        return number.get(), answer.get()

    assert contextvars.copy_context().run(run) == (1, 42)


@pytest.mark.parametrize("method", ASYNC)
def test_context_of_the_sender_is_unchanged_without_changes_by_receivers(
    signal: Any, method: str
) -> None:
    signal.connect(async_receive)

    async def main() -> int:
        number.set(5)
        await getattr(signal, method)(None, toppings=[], size=30)
        return number.get()

    assert asyncio.run(main()) == 5


# Cancellation


class Waiting:
    """
    A receiver that waits until it is cancelled.
    """

    def __init__(self) -> None:
        self.started = asyncio.Event()
        self.events: list[str] = []

    async def wait(self, **kwargs: object) -> None:
        answer.set(1)
        self.started.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            answer.set(2)
            self.events.append("cancelled")
            raise


async def receive_at_once(**kwargs: object) -> str:
    return "at once"


@pytest.fixture(params=["alone", "with others"])
def others(request: pytest.FixtureRequest, signal: Any) -> list[Any]:
    """
    Connect no other receiver, or two, because a single one is awaited in another way.
    """
    others = [] if request.param == "alone" else [receive_at_once, async_receive]
    for other in others:
        signal.connect(other)
    return others


@pytest.mark.parametrize("method", ASYNC)
def test_cancelling_a_send_cancels_its_async_receivers(
    signal: Any, method: str, others: list[Any]
) -> None:
    waiting = Waiting()
    signal.connect(waiting.wait)

    async def send() -> None:
        try:
            await getattr(signal, method)(None, toppings=[], size=30)
        finally:
            waiting.events.append(f"answer {answer.get()}")

    async def main() -> None:
        task = asyncio.create_task(send())
        await waiting.started.wait()
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(main())
    assert waiting.events == ["cancelled", "answer 2"]


@pytest.mark.parametrize("method", ASYNC)
def test_cancelled_send_stays_cancelled(signal: Any, method: str, others: list[Any]) -> None:
    async def go_on(**kwargs: object) -> str:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            await asyncio.sleep(0)
        return "done"

    async def main() -> None:
        task = asyncio.create_task(getattr(signal, method)(None, toppings=[], size=30))
        for _ in range(5):
            await asyncio.sleep(0)
        task.cancel()
        await task

    signal.connect(go_on)
    if others:
        with pytest.raises(asyncio.CancelledError):
            asyncio.run(main())
    else:
        asyncio.run(main())  # as without a signal: the receiver caught the cancellation


def test_cancelled_send_has_the_failure_as_cause(signal: Any) -> None:
    async def fail_to_stop(**kwargs: object) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise TooHotError from None

    async def main() -> None:
        task = asyncio.create_task(signal.asend(None, toppings=[], size=30))
        for _ in range(5):
            await asyncio.sleep(0)
        task.cancel()
        await task

    signal.connect(fail_to_stop)
    signal.connect(receive_at_once)
    with pytest.raises(asyncio.CancelledError) as raised:
        asyncio.run(main())
    causes: list[BaseException | None] = [raised.value]
    while (last := causes[-1]) is not None:
        causes.append(last.__cause__ or last.__context__)
    assert any(isinstance(cause, TooHotError) for cause in causes)


@pytest.mark.parametrize("failing", [fail, halt])
@pytest.mark.parametrize("method", ["send", "asend"])
def test_first_failure_cancels_the_others(
    signal: Any, method: str, failing: Callable[..., Any]
) -> None:
    waiting = Waiting()
    for receiver in (waiting.wait, failing, receive_at_once):
        signal.connect(receiver)
    with pytest.raises((TooHotError, Halt)):
        dispatch(signal, method)
    assert waiting.events == ["cancelled"]


@pytest.mark.parametrize("method", ["send", "asend"])
def test_running_receivers_are_cancelled_once(signal: Any, method: str) -> None:
    cancelled: list[str] = []

    async def clean_up(**kwargs: object) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            for _ in range(10):
                try:
                    await asyncio.sleep(0)
                except asyncio.CancelledError:
                    cancelled.append("again")

    async def fail_late(**kwargs: object) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise TooColdError from None

    for receiver in (clean_up, fail_late, fail):
        signal.connect(receiver)
    with pytest.raises(ExceptionGroup):
        dispatch(signal, method)
    assert cancelled == []


@pytest.mark.parametrize("method", ASYNC)
def test_interrupt_in_a_receiver_cancels_the_others(signal: Any, method: str) -> None:
    waiting = Waiting()
    stopped_by_then: list[str] = []

    async def interrupt(**kwargs: object) -> None:
        raise KeyboardInterrupt

    async def main() -> None:
        try:
            await getattr(signal, method)(None, toppings=[], size=30)
        finally:
            await asyncio.sleep(0)
            stopped_by_then.extend(waiting.events)

    signal.connect(waiting.wait)
    signal.connect(interrupt)
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(main())
    assert waiting.events[0] == "cancelled"
    assert stopped_by_then[:1] == ["cancelled"]


@pytest.mark.parametrize("method", METHODS)
def test_response_of_a_receiver_that_cancels_itself_is_none(
    signal: Any, method: str, others: list[Any]
) -> None:
    async def give_up(**kwargs: object) -> None:
        await asyncio.sleep(0)
        raise asyncio.CancelledError

    signal.connect(give_up)
    responses = dispatch(signal, method)
    assert [receiver for receiver, _ in responses] == [*others, give_up]
    assert responses[-1] == (give_up, None)
    assert None not in [response for _, response in responses[:-1]]


@pytest.mark.parametrize("method", ASYNC)
def test_timeout_around_a_send_is_a_timeout(signal: Any, method: str, others: list[Any]) -> None:
    waiting = Waiting()
    signal.connect(waiting.wait)

    async def main() -> None:
        async with asyncio.timeout(0):
            await getattr(signal, method)(None, toppings=[], size=30)

    with pytest.raises(TimeoutError):
        asyncio.run(main())


@pytest.mark.parametrize("method", ASYNC)
def test_timeout_inside_a_receiver_is_its_own(signal: Any, method: str, others: list[Any]) -> None:
    async def hurry(**kwargs: object) -> str:
        try:
            async with asyncio.timeout(0):
                await asyncio.sleep(60)
        except TimeoutError:
            return "too late"
        return "in time"

    signal.connect(hurry)
    assert dispatch(signal, method)[-1] == (hurry, "too late")


@pytest.mark.parametrize("method", ASYNC)
def test_task_factory_of_the_loop_is_used(signal: Any, method: str) -> None:
    made: list[Any] = []

    def make(loop: asyncio.AbstractEventLoop, coroutine: Any, **kwargs: Any) -> Any:
        made.append(coroutine)
        return asyncio.Task(coroutine, loop=loop, **kwargs)

    async def main() -> None:
        asyncio.get_running_loop().set_task_factory(make)
        await getattr(signal, method)(None, toppings=[], size=30)
        assert len(made) == 2

    for receiver in (receive_at_once, async_receive):
        signal.connect(receiver)
    asyncio.run(main())


@pytest.mark.parametrize("method", ASYNC)
def test_nothing_else_runs_while_async_receivers_run(signal: Any, method: str) -> None:
    ran: list[str] = []

    async def main() -> None:
        asyncio.get_running_loop().call_soon(ran.append, "something else")
        await getattr(signal, method)(None, toppings=[], size=30)
        ran.append("the send")

    async def receive(**kwargs: object) -> None: ...

    receivers = [functools.partial(receive), functools.partial(receive)]
    for receiver in receivers:
        signal.connect(receiver)
    asyncio.run(main())
    has_eager_tasks = sys.version_info >= (3, 12)
    assert ran[0] == ("the send" if has_eager_tasks else "something else")


@pytest.mark.parametrize("method", METHODS)
def test_one_async_receiver_needs_no_task(signal: Any, method: str) -> None:
    tasks: list[int] = []

    async def receive(**kwargs: object) -> None:
        tasks.append(len(asyncio.all_tasks()))

    signal.connect(receive)
    dispatch(signal, method)
    assert tasks == [1]


@pytest.mark.parametrize("method", METHODS)
def test_waiting_send_does_not_block_the_event_loop(
    signal: Any, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    yielded: list[float] = []
    sleep = asyncio.sleep

    async def count(delay: float) -> None:
        yielded.append(delay)
        await sleep(delay)

    async def receive(**kwargs: object) -> None:
        await sleep(0.02)

    monkeypatch.setattr(asyncio, "sleep", count)
    receivers = [functools.partial(receive), functools.partial(receive)]
    for receiver in receivers:
        signal.connect(receiver)
    dispatch(signal, method)
    assert yielded == [0]


@pytest.mark.parametrize("method", METHODS)
def test_awaited_callable_may_return_any_awaitable(signal: Any, method: str) -> None:
    class Promise:
        def __await__(self) -> Any:
            yield from asyncio.sleep(0).__await__()
            return "kept"

    @mark_async
    def promise(**kwargs: object) -> Promise:
        return Promise()

    for receiver in (promise, receive_at_once):
        signal.connect(receiver)
    assert [response for _, response in dispatch(signal, method)] == ["kept", "at once"]


@pytest.mark.parametrize(
    ("failing", "error"), [([fail], TooHotError), ([fail, fail_too], ExceptionGroup)]
)
def test_failed_send_leaves_no_garbage(
    signal: Any, failing: list[Any], error: type[Exception]
) -> None:
    for receiver in (*failing, receive_at_once):
        signal.connect(receiver)

    async def main() -> int:
        with pytest.raises(error):
            await signal.asend(None, toppings=[], size=30)
        while gc.collect():  # dead objects may leave more
            pass
        gc.disable()
        try:
            with contextlib.suppress(error):
                await signal.asend(None, toppings=[], size=30)
            return gc.collect()
        finally:
            gc.enable()

    assert asyncio.run(main()) == 0


@pytest.mark.parametrize("method", METHODS)
def test_every_send_works_when_no_thread_can_be_started(
    signal: Any, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(awaiting, "_is_shutting_down", lambda: True)
    variable = contextvars.ContextVar("variable", default="unset")

    def receive(**kwargs: object) -> threading.Thread:
        return threading.current_thread()

    async def receive_async(**kwargs: object) -> str:
        variable.set("set")
        return "async"

    def send() -> tuple[list[Any], str]:
        sent = dispatch(signal, method)
        return [response for _, response in sent], variable.get()

    signal.connect(receive)
    signal.connect(receive_async)
    responses, seen = contextvars.copy_context().run(send)
    assert responses == [threading.current_thread(), "async"]
    assert seen == ("unset" if method in ASYNC else "set")


named: Any = Signal()


def test_send_inside_a_loop_names_the_signal_to_await() -> None:
    async def main() -> None:
        named.send(None)

    async def receive(**kwargs: object) -> None: ...

    with (
        named.connected(receive),
        pytest.raises(RunningLoopError, match=r"write await named\.asend\(\.\.\.\) in async code$"),
    ):
        asyncio.run(main())
