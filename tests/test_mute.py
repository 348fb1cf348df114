"""
``mute``: receivers of signals of the core that are not called, in tests and around bulk loads.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import inspect
import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypedDict

import pytest

from tests.support import unchecked
from typed_signals import Signal
from typed_signals._watch import Handle
from typed_signals.exceptions import PayloadError
from typed_signals.testing import mute

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator, Iterator

SENDS = ("send", "send_robust", "asend", "asend_robust")


class Shop:
    pass


class OrderPlaced(TypedDict):
    order_id: int


order_placed = Signal[type[Shop], OrderPlaced]()
email_queued = Signal[type[Shop], OrderPlaced]()


def index(**kwargs: Any) -> str:
    return "index"


async def notify(**kwargs: Any) -> str:
    return "notify"


class Search:
    def __init__(self) -> None:
        self.count = 0

    def index(self, **kwargs: Any) -> str:
        self.count += 1
        return "method"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Search)

    __hash__ = object.__hash__


search = Search()


def called(method: str = "send_robust", sender: Any = Shop, signal: Any = order_placed) -> Any:
    """
    Return the responses of a send.
    """
    send = getattr(signal, method)(sender, order_id=1)
    responses = asyncio.run(send) if method.startswith("a") else send
    return [response for _, response in responses]


@pytest.fixture(autouse=True)
def connected() -> Iterator[None]:
    with order_placed.connected(index), order_placed.connected(search.index):
        yield


ALL = ["index", "method"]


@pytest.mark.parametrize("method", SENDS)
def test_all_receivers_are_muted(method: str) -> None:
    with order_placed.connected(notify), mute(order_placed):
        assert called(method) == []
    assert called(method) == ALL


@pytest.mark.parametrize("method", SENDS)
@pytest.mark.parametrize(
    ("receivers", "others"),
    [
        ([index], ["method", "notify"]),
        ([search.index], ["index", "notify"]),
        ([notify], ALL),
        ((index, notify), ["method"]),
    ],
)
def test_only_named_receivers_are_muted(method: str, receivers: Any, others: list[str]) -> None:
    with order_placed.connected(notify), mute(order_placed, receivers=receivers):
        assert called(method) == others


def test_receivers_are_compared_by_identity() -> None:
    other = Search()
    with order_placed.connected(other.index), mute(order_placed, receivers=[other.index]):
        assert called() == ALL
    with mute(order_placed, receivers=(each for each in [index])):
        assert called() == ["method"]
        assert called() == ["method"]


def test_only_one_sender_is_muted() -> None:
    class Other(Shop):
        pass

    with mute(order_placed, sender=Other):
        assert called(sender=Shop) == ALL
        assert called(sender=Other) == []
    with mute(order_placed, sender=Other, receivers=[index]):
        assert called(sender=Shop) == ALL
        assert called(sender=Other) == ["method"]


def test_only_given_signals_are_muted() -> None:
    with email_queued.connected(index):
        with mute(order_placed):
            assert called(signal=email_queued) == ["index"]
        with mute(order_placed, email_queued):
            assert called(signal=email_queued) == called() == []


def test_payload_is_checked_nevertheless() -> None:
    with mute(order_placed), pytest.raises(PayloadError, match="unexpected 'order'"):
        unchecked(order_placed).send(Shop, order=1)


def test_receiver_that_is_connected_inside_is_muted() -> None:
    with mute(order_placed), email_queued.connected(index), order_placed.connected(notify):
        assert called() == []


def test_mute_changes_neither_receivers_nor_listeners() -> None:
    before = list(map(str, order_placed.connections))
    with mute(order_placed, email_queued):
        assert list(map(str, order_placed.connections)) == before
        assert list(map(str, order_placed.receivers)) == before
        assert order_placed.has_listeners(Shop)
        assert not email_queued.has_listeners()


def test_receivers_are_called_again_after_an_error() -> None:
    with pytest.raises(KeyError), mute(order_placed):
        raise KeyError
    assert called() == ALL


class TestNesting:
    """
    Mutes inside each other.
    """

    def test_a_mute_can_be_entered_again(self) -> None:
        muting = mute(order_placed)
        with muting:
            with muting:
                assert called() == []
            assert called() == []
        assert called() == ALL

    def test_mutes_add_up(self) -> None:
        with mute(order_placed, receivers=[index]):
            with mute(order_placed, receivers=[search.index]):
                assert called() == []
            assert called() == ["method"]

    @pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
    @pytest.mark.parametrize("everywhere", [False, True])
    def test_mutes_end_in_any_order(self, order: tuple[int, ...], everywhere: bool) -> None:
        receivers = [[index], [search.index], [index]]
        mutes = [mute(order_placed, receivers=each, everywhere=everywhere) for each in receivers]
        for each in mutes:
            each.__enter__()
        left = {0, 1, 2}
        for ended in order:
            mutes[ended].__exit__(None, None, None)
            left.remove(ended)
            index_is_muted, method_is_muted = bool(left & {0, 2}), 1 in left
            muted = [index_is_muted, method_is_muted]
            assert called() == [
                name for name, is_muted in zip(ALL, muted, strict=True) if not is_muted
            ]
        assert called() == ALL

    @pytest.mark.parametrize("everywhere", [False, True])
    def test_one_mute_in_two_threads(self, everywhere: bool) -> None:
        muting = mute(order_placed, everywhere=everywhere)
        entered, checked = threading.Event(), threading.Event()

        def enter() -> None:
            with muting:
                entered.set()
                assert checked.wait(10)
                results.append(called())
            results.append(called())

        results: list[Any] = []
        thread = threading.Thread(target=enter)
        with muting:
            thread.start()
            assert entered.wait(10)
        # The other thread still mutes.
        assert called() == ([] if everywhere else ALL)
        checked.set()
        thread.join()
        assert results == [[], ALL]
        assert called() == ALL

    def test_one_mute_ends_in_two_threads_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        ends = threading.Barrier(2)

        def is_here(_handle: Handle) -> bool:
            with contextlib.suppress(threading.BrokenBarrierError):
                ends.wait(0.1)
            return True

        muting = mute(order_placed, everywhere=True)
        muting.__enter__()
        muting.__enter__()
        monkeypatch.setattr(Handle, "is_here", property(is_here))
        with ThreadPoolExecutor() as pool:
            ended = [pool.submit(muting.__exit__, None, None, None) for _ in range(2)]
        assert [each.result() for each in ended] == [None, None]
        assert called() == ALL

    def test_a_mute_can_end_in_another_context(self) -> None:
        muting = mute(order_placed)
        context = contextvars.copy_context()
        context.run(muting.__enter__)
        assert context.run(called) == []
        muting.__exit__(None, None, None)
        assert context.run(called) == called() == ALL


class TestDecorator:
    """
    ``@mute(...)``.
    """

    def test_function(self) -> None:
        @mute(order_placed)
        def load(number: int, *, repeat: bool = False) -> tuple[int, Any]:
            """Load the orders."""
            return number, load(number) if repeat else called()

        assert load(1) == (1, [])
        assert load(1, repeat=True) == (1, (1, []))
        assert called() == ALL
        assert load.__doc__ == """Load the orders."""
        assert list(inspect.signature(load).parameters) == ["number", "repeat"]

    def test_function_that_raises(self) -> None:
        @mute(order_placed)
        def load() -> None:
            raise KeyError

        with pytest.raises(KeyError):
            load()
        assert called() == ALL

    def test_method(self) -> None:
        class Loader:
            @mute(order_placed)
            def load(self) -> Any:
                return self, called()

            @classmethod
            @mute(order_placed)
            def load_all(cls) -> Any:
                return cls, called()

        loader = Loader()
        assert loader.load() == (loader, [])
        assert Loader.load_all() == (Loader, [])

    def test_async_function(self) -> None:
        async def asend() -> Any:
            return [response for _, response in await order_placed.asend(Shop, order_id=1)]

        @mute(order_placed)
        async def load() -> Any:
            await asyncio.sleep(0)
            return await asend()

        async def main() -> Any:
            return await asyncio.gather(load(), asend(), load(), asend())

        assert inspect.iscoroutinefunction(load)
        assert asyncio.run(main()) == [[], ALL, [], ALL]

    def test_only_the_code_of_a_generator_is_muted(self) -> None:
        @mute(order_placed)
        def load() -> Generator[Any, Any, Any]:
            got = yield called()
            assert got == "value"
            try:
                yield called()
            except KeyError:
                yield called()
            finally:
                ended.append(called())
            ended.append(called())
            return "end"

        ended: list[Any] = []
        assert inspect.isgeneratorfunction(load)
        generator: Any = load()
        assert next(generator) == []
        assert called() == ALL
        assert generator.send("value") == []
        assert called() == ALL
        assert generator.throw(KeyError()) == []
        assert called() == ALL
        with pytest.raises(StopIteration) as stop:
            next(generator)
        assert stop.value.value == "end"
        assert ended == [[], []]
        assert called() == ALL

    def test_generator_that_is_closed(self) -> None:
        @mute(order_placed)
        def load() -> Iterator[Any]:
            try:
                yield called()
            finally:
                ended.append(called())

        ended: list[Any] = []
        generator: Any = load()
        assert next(generator) == []
        generator.close()
        assert ended == [[]]
        assert called() == ALL
        generator = load()
        next(generator)
        with pytest.raises(KeyError):
            generator.throw(KeyError())
        assert called() == ALL

    def test_only_the_code_of_an_async_generator_is_muted(self) -> None:
        async def asend() -> Any:
            return [response for _, response in await order_placed.asend(Shop, order_id=1)]

        @mute(order_placed)
        async def load() -> AsyncGenerator[Any, Any]:
            got = yield await asend()
            assert got == "value"
            try:
                yield await asend()
            except KeyError:
                yield await asend()
            finally:
                ended.append(await asend())

        async def main() -> None:
            generator: Any = load()
            assert await anext(generator) == []
            assert await asend() == ALL
            assert await generator.asend("value") == []
            assert await generator.athrow(KeyError()) == []
            assert await asend() == ALL
            with pytest.raises(StopAsyncIteration):
                await anext(generator)
            assert ended == [[]]
            generator = load()
            assert await anext(generator) == []
            await generator.asend("value")
            await generator.aclose()
            assert ended == [[], []]
            assert await asend() == ALL

        ended: list[Any] = []
        assert inspect.isasyncgenfunction(load)
        asyncio.run(main())

    def test_not_a_function(self) -> None:
        with pytest.raises(TypeError, match=r"^5 is not a function and not a class with tests: "):
            mute(order_placed)(unchecked(5))


class TestArguments:
    """
    What ``mute`` refuses.
    """

    def test_no_signals(self) -> None:
        with pytest.raises(TypeError, match=r"^mute\(\) needs at least one signal$"):
            mute()

    def test_not_a_signal(self) -> None:
        with pytest.raises(TypeError, match=r"is not a signal: pass receivers as rec"):
            mute(order_placed, unchecked(index))

    def test_not_a_receiver(self) -> None:
        with pytest.raises(TypeError, match="which are callable, not 'search"):
            mute(order_placed, receivers=["search.index"])
        assert called() == ALL

    def test_no_receivers(self) -> None:
        with pytest.raises(ValueError, match=r"^mute\(\) got no receivers: to mute all, do not"):
            mute(order_placed, receivers=[])
        with mute(order_placed, receivers=None):
            assert called() == []


class TestScope:
    """
    Where a mute applies.
    """

    def in_a_thread(self, function: Callable[[], Any]) -> Any:
        results: list[Any] = []
        thread = threading.Thread(target=lambda: results.append(function()))
        thread.start()
        thread.join()
        return results[0]

    def test_other_thread_is_not_muted(self) -> None:
        with mute(order_placed):
            assert self.in_a_thread(called) == ALL

    def test_other_thread_is_muted_everywhere(self) -> None:
        with mute(order_placed, everywhere=True):
            assert self.in_a_thread(called) == []
        assert self.in_a_thread(called) == ALL

    def test_other_thread_can_mute_everywhere(self) -> None:
        muting = mute(order_placed, everywhere=True)
        self.in_a_thread(muting.__enter__)
        assert called() == []
        self.in_a_thread(lambda: muting.__exit__(None, None, None))
        assert called() == ALL
