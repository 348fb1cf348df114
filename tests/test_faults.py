"""
After any failure of a receiver, the caller gets the error, and the signal still works.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import gc
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import PizzaDone
from typed_signals import Signal
from typed_signals.exceptions import RunningLoopError

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("each_way_of_sending")

SYNC = ("send", "send_robust")
ASYNC = ("asend", "asend_robust")
METHODS = SYNC + ASYNC

# Longer than anything here takes: then there is a deadlock.
DEADLOCK = 30

number: contextvars.ContextVar[int] = contextvars.ContextVar("number")


@pytest.fixture
def signal() -> Any:
    return Signal[object, PizzaDone]()


def begin(signal: Any, method: str, sender: object = None) -> Any:
    return getattr(signal, method)(sender, toppings=["ham"], size=30)


def dispatch(signal: Any, method: str) -> list[Any]:
    """
    Send with *method*, wait for it if it is async, and return only the responses.
    """
    sent = begin(signal, method)
    if method in ASYNC:
        sent = asyncio.run(sent)
    return [response for _, response in sent]


def receive(**kwargs: object) -> str:
    return "received"


async def receive_async(**kwargs: object) -> str:
    await asyncio.sleep(0)
    return "received async"


def assert_works(signal: Any, *receivers: Callable[..., Any]) -> None:
    """
    Assert that only *receivers* are connected, and that the signal can be used.
    """
    assert [connection.receiver for connection in signal.receivers] == list(receivers)
    for receiver in receivers:
        assert signal.disconnect(receiver)
    signal.connect(receive)
    signal.connect(receive_async)
    for method in METHODS:
        assert dispatch(signal, method) == ["received", "received async"]
    assert signal.disconnect(receive)
    assert signal.disconnect(receive_async)
    assert dispatch(signal, "send") == []
    assert not signal._connections._groups


# Receivers that raise


class Halt(BaseException):
    pass


ENDINGS = [Halt, KeyboardInterrupt, SystemExit, GeneratorExit]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("method", SYNC)
def test_base_exceptions_stop_a_sync_send(
    signal: Any, method: str, ending: type[BaseException]
) -> None:
    def end(**kwargs: object) -> None:
        raise ending

    for receiver in (receive, end, receive_async):
        signal.connect(receiver)
    with pytest.raises(ending):
        dispatch(signal, method)
    assert_works(signal, receive, end, receive_async)


@pytest.mark.parametrize("ending", ENDINGS[:-1])
@pytest.mark.parametrize("is_async", [True, False])
@pytest.mark.parametrize("method", METHODS)
def test_base_exceptions_stop_every_send_across_async_code(
    signal: Any, method: str, is_async: bool, ending: type[BaseException]
) -> None:
    def end(**kwargs: object) -> None:
        raise ending

    async def end_async(**kwargs: object) -> None:
        await asyncio.sleep(0)
        raise ending

    receivers = [receive, end_async if is_async else end, receive_async]
    for receiver in receivers:
        signal.connect(receiver)
    with pytest.raises(ending):
        dispatch(signal, method)
    gc.collect()
    assert_works(signal, *receivers)


@pytest.mark.parametrize("is_async", [True, False])
@pytest.mark.parametrize("method", METHODS)
def test_stop_iteration_in_a_receiver_is_an_error_like_others(
    signal: Any, method: str, is_async: bool
) -> None:
    def exhaust(**kwargs: object) -> object:
        return next(iter(()))

    async def exhaust_async(**kwargs: object) -> object:
        return next(iter(()))

    receiver = exhaust_async if is_async else exhaust
    signal.connect(receiver)
    if "robust" in method:
        [error] = dispatch(signal, method)
    else:
        with pytest.raises((StopIteration, RuntimeError)) as raised:
            dispatch(signal, method)
        error = raised.value
    assert isinstance(error, StopIteration) or isinstance(error.__cause__, StopIteration)
    assert_works(signal, receiver)


# Receivers that change things


@pytest.mark.parametrize("method", METHODS)
def test_each_async_receiver_gets_its_own_keyword_arguments(signal: Any, method: str) -> None:
    seen: list[dict[str, object]] = []

    def destroy(**kwargs: object) -> None:
        seen.append(dict(kwargs))
        kwargs.clear()
        kwargs["size"] = "destroyed"

    async def destroy_async(**kwargs: object) -> None:
        await asyncio.sleep(0)
        destroy(**kwargs)
        kwargs.clear()

    receivers = [functools.partial(use) for use in (destroy, destroy_async) for _ in range(2)]
    for receiver in receivers:
        signal.connect(receiver)
    dispatch(signal, method)
    assert seen == [{"signal": signal, "sender": None, "toppings": ["ham"], "size": 30}] * 4
    assert_works(signal, *receivers)


@pytest.mark.parametrize("is_async", [True, False])
@pytest.mark.parametrize("method", METHODS)
def test_changes_by_receivers_take_effect_at_the_next_send(
    signal: Any, method: str, is_async: bool
) -> None:
    def swap(**kwargs: object) -> str:
        assert signal.disconnect(leaving)
        signal.connect(coming)
        return "swapped"

    async def swap_async(**kwargs: object) -> str:
        return swap()

    def coming(**kwargs: object) -> str:
        return "coming"

    def leaving(**kwargs: object) -> str:
        return "leaving"

    swapping = swap_async if is_async else swap
    for receiver in (swapping, leaving):
        signal.connect(receiver)
    assert sorted(dispatch(signal, method)) == ["leaving", "swapped"]
    assert signal.disconnect(swapping)
    assert dispatch(signal, method) == ["coming"]
    assert_works(signal, coming)


# Receivers that recurse


@pytest.mark.parametrize("method", SYNC)
def test_endless_recursion_ends_in_a_recursion_error(signal: Any, method: str) -> None:
    failures: list[Exception] = []

    def recurse(**kwargs: object) -> None:
        try:
            begin(signal, method)
        except RecursionError as error:
            failures.append(error)
            raise

    signal.connect(receive)
    signal.connect(recurse)
    if method == "send":
        with pytest.raises(RecursionError):
            dispatch(signal, method)
        assert failures
    else:
        # The response of each robust send is the error of the nested one.
        assert dispatch(signal, method)[0] == "received"
    assert_works(signal, receive, recurse)


@pytest.mark.parametrize("method", ASYNC)
def test_endless_async_recursion_ends_in_a_recursion_error(signal: Any, method: str) -> None:
    depth = 0

    async def recurse(**kwargs: object) -> None:
        nonlocal depth
        depth += 1
        await begin(signal, method)

    signal.connect(recurse)
    if method == "asend":
        with pytest.raises(RecursionError):
            dispatch(signal, method)
    else:
        assert len(dispatch(signal, method)) == 1
    assert depth > 10
    assert_works(signal, recurse)


@pytest.mark.parametrize("method", METHODS)
def test_recursion_that_ends_is_fine(signal: Any, method: str) -> None:
    depth = 0

    def is_bottom() -> bool:
        nonlocal depth
        depth += 1
        return depth == 5

    def recurse(**kwargs: object) -> object:
        return "bottom" if is_bottom() else dispatch(signal, method)

    async def recurse_async(**kwargs: object) -> object:
        if is_bottom():
            return "bottom"
        [(_, response)] = await begin(signal, method)
        return [response]

    receiver = recurse_async if method in ASYNC else recurse
    signal.connect(receiver)
    assert dispatch(signal, method) == [[[[["bottom"]]]]]
    assert_works(signal, receiver)


# Receivers that never return, and sends that are cancelled


class Endless:
    """
    Receivers that never return, and record how they ended.
    """

    def __init__(self) -> None:
        self.started = asyncio.Event()
        self.ended: list[str] = []

    async def first(self, **kwargs: object) -> None:
        await self.wait("first")

    async def second(self, **kwargs: object) -> None:
        self.started.set()
        await self.wait("second")

    async def wait(self, name: str) -> None:
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            await asyncio.sleep(0)
            self.ended.append(name)


async def end_by_timeout(send: Any, endless: Endless) -> None:
    async with asyncio.timeout(None) as timeout:
        task = asyncio.create_task(endless.started.wait())
        task.add_done_callback(lambda _: timeout.reschedule(0))
        await send


async def end_by_wait_for(send: Any, endless: Endless) -> None:
    await asyncio.wait_for(send, 0.01)


async def end_by_cancel(send: Any, endless: Endless) -> None:
    task = asyncio.create_task(send)
    await endless.started.wait()
    task.cancel()
    await task


async def end_by_failure_beside_it(send: Any, endless: Endless) -> None:
    async def fail() -> None:
        await endless.started.wait()
        raise TimeoutError

    async with asyncio.TaskGroup() as group:
        group.create_task(send)
        group.create_task(fail())


ENDS: dict[str, tuple[Callable[..., Any], type[BaseException]]] = {
    "timeout": (end_by_timeout, TimeoutError),
    "wait_for": (end_by_wait_for, TimeoutError),
    "cancel": (end_by_cancel, asyncio.CancelledError),
    "failure beside it": (end_by_failure_beside_it, ExceptionGroup),
}


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("method", ASYNC)
def test_stopped_send_leaves_no_task_behind(signal: Any, method: str, end: str, count: int) -> None:
    how, raised = ENDS[end]
    endless = Endless()
    receivers = [endless.second, endless.first][:count]
    for receiver in receivers:
        signal.connect(receiver)

    async def main() -> None:
        with pytest.raises(raised):
            await how(begin(signal, method), endless)
        assert sorted(endless.ended) == ["first", "second"][-count:]
        await asyncio.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())
    gc.collect()  # warns about unawaited coroutines and unretrieved exceptions
    assert_works(signal, *receivers)


@pytest.mark.parametrize("method", ASYNC)
def test_send_that_is_cancelled_while_sync_receivers_run_calls_no_async_ones(
    signal: Any, method: str
) -> None:
    started, go_on, ended = threading.Event(), threading.Event(), threading.Event()
    called: list[str] = []

    def hold_up(**kwargs: object) -> None:
        started.set()
        assert go_on.wait(DEADLOCK)
        called.append("sync")
        ended.set()

    async def note(**kwargs: object) -> None:
        called.append("async")

    signal.connect(hold_up)
    signal.connect(note)

    async def main() -> None:
        task = asyncio.create_task(begin(signal, method))
        assert await asyncio.to_thread(started.wait, DEADLOCK)
        task.cancel()
        await asyncio.sleep(0)
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert ended.wait(DEADLOCK)
    gc.collect()
    assert called == ["sync"]
    assert_works(signal, hold_up, note)


@pytest.mark.parametrize("method", ASYNC)
def test_closed_send_cancels_its_receivers(signal: Any, method: str) -> None:
    endless = Endless()
    signal.connect(endless.first)
    signal.connect(endless.second)

    async def main() -> None:
        send = begin(signal, method)
        send.send(None)
        await endless.started.wait()
        send.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        assert len(tasks) == 2
        await asyncio.wait(tasks)
        assert sorted(endless.ended) == ["first", "second"]

    asyncio.run(main())
    gc.collect()
    assert_works(signal, endless.first, endless.second)


# Loops


@pytest.mark.parametrize("method", ASYNC)
def test_unawaited_send_does_nothing(signal: Any, method: str) -> None:
    called: list[object] = []

    async def note(**kwargs: object) -> None:
        called.append(kwargs)

    signal.connect(note)
    loop = asyncio.new_event_loop()
    loop.close()
    send = begin(signal, method)
    with pytest.raises(RuntimeError, match="closed"):
        loop.run_until_complete(send)
    send.close()
    gc.collect()
    assert called == []
    assert_works(signal, note)


@pytest.mark.parametrize("method", METHODS)
def test_send_does_not_need_the_event_loop_of_an_earlier_one(signal: Any, method: str) -> None:
    signal.connect(receive)
    signal.connect(receive_async)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.close()
    try:
        assert dispatch(signal, method) == ["received", "received async"]
    finally:
        asyncio.set_event_loop(None)
    assert dispatch(signal, method) == ["received", "received async"]
    assert_works(signal, receive, receive_async)


@pytest.mark.parametrize("method", SYNC)
def test_fix_in_the_error_of_a_send_inside_a_loop_works(signal: Any, method: str) -> None:
    signal.connect(receive)
    signal.connect(receive_async)

    def use_without_await() -> None:
        begin(signal, method)

    async def main() -> list[Any]:
        with pytest.raises(RunningLoopError, match=rf"write await signal\.a{method}\(\.\.\.\) in"):
            use_without_await()
        return [response for _, response in await begin(signal, f"a{method}")]

    assert asyncio.run(main()) == ["received", "received async"]
    assert_works(signal, receive, receive_async)


@pytest.mark.parametrize("method", METHODS)
def test_several_loops_in_several_threads_do_not_mix(signal: Any, method: str) -> None:
    threads, sends = 4, 10

    def read(sender: object, **kwargs: object) -> tuple[object, int]:
        return sender, number.get()

    async def read_async(sender: object, **kwargs: object) -> tuple[object, int]:
        await asyncio.sleep(0)
        seen = number.get()
        number.set(seen + 1)
        return sender, seen

    async def read_async_too(sender: object, **kwargs: object) -> object:
        return sender

    for receiver in (read, read_async, read_async_too):
        signal.connect(receiver)
    start = threading.Barrier(threads)
    results: dict[int, list[Any]] = {}

    def run(thread: int) -> None:
        async def send_all() -> list[Any]:
            return [await begin(signal, method, thread) for _ in range(sends)]

        start.wait(DEADLOCK)
        number.set(first := thread * 1000)
        if method in SYNC:
            sent = [begin(signal, method, thread) for _ in range(sends)]
        else:
            with asyncio.Runner() as runner:
                sent = runner.run(send_all())
        results[first] = [[response for _, response in responses] for responses in sent]

    running = [threading.Thread(target=run, args=(thread,)) for thread in range(threads)]
    for each in running:
        each.start()
    for each in running:
        each.join(DEADLOCK)
        assert not each.is_alive()
    assert results == {
        thread * 1000: [
            [(thread, thread * 1000 + i), (thread, thread * 1000 + i), thread] for i in range(sends)
        ]
        for thread in range(threads)
    }
    assert_works(signal, read, read_async, read_async_too)
