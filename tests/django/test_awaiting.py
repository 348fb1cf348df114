"""
Async receivers of signals on Django's dispatcher: as with Django's own signals of the same version.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from typing import TYPE_CHECKING, Any, Final, TypedDict

import pytest
from asgiref.sync import markcoroutinefunction, sync_to_async
from django import VERSION
from django.dispatch import Signal as DjangoSignal

from typed_signals.django import ModelSignal, Signal

if TYPE_CHECKING:
    from collections.abc import Callable


class PizzaDone(TypedDict):
    size: int


OURS: Final[dict[str, Callable[[], Any]]] = {
    "declared": Signal[Any, PizzaDone],
    "undeclared": Signal,
    "caching": lambda: Signal[Any, PizzaDone](use_caching=True),
    "of models": ModelSignal[Any, PizzaDone],
}
METHODS: Final = ("send", "send_robust", "asend", "asend_robust")
ASYNC_METHODS: Final = METHODS[2:]


class Store: ...


@pytest.fixture(params=["Django's", *OURS])
def signal(request: pytest.FixtureRequest) -> Any:
    """
    Each test also describes Django's signals.
    """
    return OURS[request.param]() if request.param in OURS else DjangoSignal()


@pytest.fixture(params=METHODS)
def method(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(params=ASYNC_METHODS)
def async_method(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(params=[0, 12], ids=["first-send", "generated"], autouse=True)
def sent_before(request: pytest.FixtureRequest, signal: Any) -> None:
    """
    Send before the test connects its receivers.
    """
    signal.connect(sync)
    for method in METHODS:
        for _ in range(request.param):
            assert dispatch(signal, method) == [30]
    signal.disconnect(sync)


def dispatch(signal: Any, method: str) -> Any:
    """
    Send from sync code, and return the responses.
    """
    sent = getattr(signal, method)(Store, size=30)
    responses = asyncio.run(wait_for(sent)) if method.startswith("a") else sent
    return [response for _, response in responses]


async def wait_for(sent: Any) -> Any:
    return await sent


def sync(size: int, **kwargs: Any) -> int:
    return size


async def later(size: int, **kwargs: Any) -> int:
    await asyncio.sleep(0)
    return size + 1


async def much_later(size: int, **kwargs: Any) -> int:
    for _ in range(10):
        await asyncio.sleep(0)
    return size + 2


async def fail(**kwargs: Any) -> None:
    await asyncio.sleep(0)
    raise ZeroDivisionError


async def fail_too(**kwargs: Any) -> None:
    await asyncio.sleep(0)
    raise KeyError


def halt(**kwargs: Any) -> None:
    raise KeyboardInterrupt


class Kitchen:
    async def later(self, size: int, **kwargs: Any) -> int:
        return size + 3


class Marked:
    def __init__(self) -> None:
        markcoroutinefunction(self)

    async def __call__(self, size: int, **kwargs: Any) -> int:
        return size + 4


KITCHEN: Final = Kitchen()
MARKED: Final = Marked()


# Order


def test_sync_receivers_come_first(signal: Any, method: str) -> None:
    for each in (much_later, sync, later):
        signal.connect(each)
    assert dispatch(signal, method) == [30, 32, 31]
    signal.connect(KITCHEN.later, sender=Store)
    signal.connect(MARKED, sender=Store, weak=False)
    assert dispatch(signal, method) == [30, 32, 31, 33, 34]
    signal.disconnect(sync)
    assert dispatch(signal, method) == [32, 31, 33, 34]


def test_async_receivers_run_at_once(signal: Any, method: str) -> None:
    events: list[str] = []

    def receiver(name: str) -> Any:
        async def receive(**kwargs: Any) -> None:
            events.append(f"{name} begins")
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            events.append(f"{name} ends")

        return receive

    for name in ("first", "second", "third"):
        signal.connect(receiver(name), weak=False)
    dispatch(signal, method)
    names = ["first", "second", "third"]
    assert events == [f"{each} begins" for each in names] + [f"{each} ends" for each in names]


def test_sync_receivers_of_an_async_send_run_in_another_thread(
    signal: Any, async_method: str
) -> None:
    threads: list[int] = []

    def receive(**kwargs: Any) -> None:
        threads.append(threading.get_ident())

    async def receive_later(**kwargs: Any) -> None:
        threads.append(threading.get_ident())

    signal.connect(receive)
    signal.connect(receive, sender=Store)
    signal.connect(receive_later)
    dispatch(signal, async_method)
    here = threading.get_ident()
    assert sorted(each == here for each in threads) == [False, False, True]
    assert len(set(threads)) == 2


def test_receivers_are_found_before_the_first_call(signal: Any, method: str) -> None:
    def change(**kwargs: Any) -> str:
        signal.connect(much_later)
        signal.disconnect(later)
        return "changed"

    signal.connect(change)
    signal.connect(later)
    assert dispatch(signal, method) == ["changed", 31]
    assert dispatch(signal, method) == ["changed", 32]


def test_async_receiver_connects_and_disconnects(signal: Any, method: str) -> None:
    async def change(**kwargs: Any) -> str:
        signal.connect(much_later)
        await asyncio.sleep(0)
        signal.disconnect(later)
        return "changed"

    signal.connect(change)
    signal.connect(later)
    assert dispatch(signal, method) == ["changed", 31]
    assert dispatch(signal, method) == ["changed", 32]


# In a running loop


def test_sends_in_a_running_loop(signal: Any) -> None:
    async def main() -> None:
        signal.connect(sync)
        assert signal.send(Store, size=30) == [(sync, 30)]
        assert signal.send_robust(Store, size=30) == [(sync, 30)]
        signal.connect(later)
        for method in ("send", "send_robust"):
            with pytest.raises(RuntimeError, match="async event loop"):
                getattr(signal, method)(Store, size=30)
            in_thread = sync_to_async(getattr(signal, method))
            assert await in_thread(Store, size=30) == [(sync, 30), (later, 31)]
        for method in ASYNC_METHODS:
            assert await getattr(signal, method)(Store, size=30) == [(sync, 30), (later, 31)]

    asyncio.run(main())


def test_many_sends_at_once(signal: Any, async_method: str) -> None:
    async def main() -> None:
        signal.connect(sync)
        signal.connect(later)
        send = getattr(signal, async_method)
        all_responses = await asyncio.gather(*(send(Store, size=size) for size in range(20)))
        for size, responses in enumerate(all_responses):
            assert responses == [(sync, size), (later, size + 1)]

    asyncio.run(main())


def test_sends_inside_receivers(signal: Any, method: str) -> None:
    inner: Any = Signal[Any, PizzaDone]()
    inner.connect(sync)
    inner.connect(later)

    def receive(size: int, **kwargs: Any) -> Any:
        return inner.send(Store, size=size)

    async def receive_later(size: int, **kwargs: Any) -> Any:
        return await inner.asend(Store, size=size + 10)

    signal.connect(receive)
    signal.connect(receive_later)
    assert dispatch(signal, method) == [
        [(sync, 30), (later, 31)],
        [(sync, 40), (later, 41)],
    ]


# Errors


@pytest.mark.parametrize("method", ["send", "asend"])
def test_single_error_is_raised_unchanged(signal: Any, method: str) -> None:
    for each in (sync, later, fail):
        signal.connect(each)
    with pytest.raises(ZeroDivisionError):
        dispatch(signal, method)


@pytest.mark.parametrize("method", ["send", "asend"])
def test_several_errors(signal: Any, method: str) -> None:
    for each in (fail, sync, fail_too):
        signal.connect(each)
    with pytest.raises((ZeroDivisionError, ExceptionGroup)) as raised:
        dispatch(signal, method)
    # gather() raises the first one, a task group all of them.
    errors = getattr(raised.value, "exceptions", [raised.value])
    kinds = [ZeroDivisionError, KeyError] if VERSION >= (6, 1) else [ZeroDivisionError]
    assert [type(error) for error in errors] == kinds


def test_error_cancels_the_others_since_django_6_1(signal: Any) -> None:
    events: list[str] = []

    async def slow(**kwargs: Any) -> None:
        try:
            await asyncio.sleep(0.01)
            events.append("ended")
        except asyncio.CancelledError:
            events.append("cancelled")
            raise

    async def main() -> None:
        with pytest.raises(ZeroDivisionError):
            await signal.asend(Store, size=30)
        await asyncio.sleep(0.05)

    signal.connect(slow)
    signal.connect(fail)
    asyncio.run(main())
    assert events == (["cancelled"] if VERSION >= (6, 1) else ["ended"])


@pytest.mark.parametrize("method", ["send_robust", "asend_robust"])
def test_robust_sends_return_errors(
    signal: Any, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    def fail_at_once(**kwargs: Any) -> None:
        raise KeyError

    for each in (fail, sync, later, fail_too, fail_at_once):
        signal.connect(each)
    responses = dispatch(signal, method)
    errors = [type(each) if isinstance(each, Exception) else each for each in responses]
    assert errors == [30, KeyError, ZeroDivisionError, 31, KeyError]
    assert len([each for each in caplog.records if each.name == "django.dispatch"]) == 3
    assert {each.levelname for each in caplog.records} == {"ERROR"}


def test_base_exceptions_are_always_raised(signal: Any, method: str) -> None:
    calls: list[object] = []

    async def note(**kwargs: Any) -> None:
        calls.append(kwargs)

    signal.connect(sync)
    signal.connect(halt)
    signal.connect(note)
    with pytest.raises(KeyboardInterrupt):
        dispatch(signal, method)
    if not (method.startswith("a") and VERSION < (6, 1)):
        # gather() starts them at the same time.
        assert calls == []


@pytest.mark.parametrize("method", ["send", "asend"])
def test_async_receivers_do_not_run_after_an_error_of_a_sync_one(signal: Any, method: str) -> None:
    calls: list[object] = []

    async def note(**kwargs: Any) -> None:
        await asyncio.sleep(0.01)
        calls.append(kwargs)

    def fail_at_once(**kwargs: Any) -> None:
        raise KeyError

    signal.connect(note)
    signal.connect(fail_at_once)
    with pytest.raises(KeyError):
        dispatch(signal, method)
    assert calls == []


def test_cancelled_send_cancels_the_receivers(signal: Any, async_method: str) -> None:
    events: list[str] = []

    both_begun = asyncio.Event()

    async def forever(**kwargs: Any) -> None:
        events.append("begins")
        if len(events) == 2:
            both_begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            events.append("cancelled")

    async def main() -> None:
        signal.connect(forever)
        signal.connect(forever, sender=Store)
        task = asyncio.create_task(getattr(signal, async_method)(Store, size=30))
        await both_begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(0)

    asyncio.run(main())
    assert events == ["begins", "begins", "cancelled", "cancelled"]


def test_timeout(signal: Any, async_method: str) -> None:
    async def forever(**kwargs: Any) -> None:
        await asyncio.Event().wait()

    async def main() -> None:
        signal.connect(forever)
        signal.connect(later)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await getattr(signal, async_method)(Store, size=30)

    asyncio.run(main())


# Context variables

NUMBER: Final[contextvars.ContextVar[int]] = contextvars.ContextVar("number", default=0)


def count(**kwargs: Any) -> int:
    NUMBER.set(NUMBER.get() + 1)
    return NUMBER.get()


async def count_later(**kwargs: Any) -> int:
    await asyncio.sleep(0)
    return count()


def test_receivers_see_the_context_of_the_sender(signal: Any, method: str) -> None:
    def see(**kwargs: Any) -> int:
        return NUMBER.get()

    async def see_later(**kwargs: Any) -> int:
        return NUMBER.get()

    signal.connect(see)
    signal.connect(see_later)
    token = NUMBER.set(5)
    try:
        assert dispatch(signal, method) == [5, 5]
    finally:
        NUMBER.reset(token)


def test_changes_of_the_context(signal: Any, async_method: str) -> None:
    async def main() -> tuple[list[int], int]:
        responses = await getattr(signal, async_method)(Store, size=30)
        return [response for _, response in responses], NUMBER.get()

    signal.connect(count)
    signal.connect(count, sender=Store)
    assert asyncio.run(main()) == ([1, 2], 2 if VERSION >= (6, 1) else 0)
    signal.connect(count_later)
    signal.connect(count_later, sender=Store)
    responses, number = asyncio.run(main())
    if VERSION >= (6, 1):
        assert (responses, number) == ([1, 2, 3, 4], 4)
    else:
        # Each task has its own copy.
        assert (responses, number) == ([1, 2, 1, 1], 0)


def test_payload_is_checked_before_anything_runs(method: str) -> None:
    signal: Any = Signal[Any, PizzaDone]()
    signal.connect(sync)
    signal.connect(later)
    with pytest.raises(TypeError, match="missing 'size'"):
        asyncio.run(sent(signal, method))


async def sent(signal: Any, method: str) -> Any:
    responses = getattr(signal, method)(Store)
    return await responses if method.startswith("a") else responses
