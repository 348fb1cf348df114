"""
Where a capture sees sends, as the table in ``docs/reference/testing.md`` says.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from blinker import Signal as BlinkerSignal
from django.db.models.signals import post_save
from django.dispatch import Signal as DjangoSignal
from django.dispatch import receiver
from django.http import HttpResponse
from django.test import (
    AsyncClient,
    Client,
    LiveServerTestCase,
    TestCase,
    TransactionTestCase,
    override_settings,
)
from django.urls import path

from tests.django.shop.models import Topping
from tests.support import unchecked
from typed_signals.django import Signal
from typed_signals.testing import capture, mute

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

order_placed = Signal[Any, Any]()


def receive(*args: Any, **kwargs: Any) -> str:
    return "received"


def place(*_arguments: Any) -> list[str]:
    """
    Send, and return the responses.
    """
    return [response for _, response in order_placed.send(None)]


async def aplace(*_arguments: Any) -> list[str]:
    return [response for _, response in await order_placed.asend(None)]


def view(request: Any) -> HttpResponse:
    return HttpResponse(",".join(place()))


async def async_view(request: Any) -> HttpResponse:
    return HttpResponse(",".join(await aplace()))


urlpatterns = [path("sync/", view), path("async/", async_view)]


@pytest.fixture(autouse=True)
def connected() -> Any:
    with order_placed.connected(receive), override_settings(ROOT_URLCONF=__name__):
        yield


def in_a_thread(function: Callable[[], object]) -> None:
    thread = threading.Thread(target=function)
    thread.start()
    thread.join()


def in_a_pool() -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(place).result()


def in_tasks() -> None:
    async def main() -> None:
        await asyncio.gather(aplace(), asyncio.create_task(aplace()))

    asyncio.run(main())


def in_a_loop_that_runs() -> None:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(aplace(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


# What inherits the context of the block, with how many sends it makes.
INSIDE: dict[str, tuple[Callable[[], object], int]] = {
    "the same function": (place, 1),
    "asyncio.run": (lambda: asyncio.run(aplace()), 1),
    "tasks": (in_tasks, 2),
    "asyncio.to_thread": (lambda: asyncio.run(asyncio.to_thread(place)), 1),
    "asyncio.run_coroutine_threadsafe": (in_a_loop_that_runs, 1),
    "async_to_sync": (async_to_sync(aplace), 1),
    "sync_to_async": (lambda: asyncio.run(sync_to_async(place)()), 1),
    "sync_to_async in a pool": (
        lambda: asyncio.run(sync_to_async(place, thread_sensitive=False)()),
        1,
    ),
    "Client": (lambda: [Client().get(f"/{kind}/") for kind in ("sync", "async")], 2),
    "AsyncClient": (
        lambda: [asyncio.run(AsyncClient().get(f"/{kind}/")) for kind in ("sync", "async")],
        2,
    ),
}
# What does not.
OUTSIDE: dict[str, tuple[Callable[[], object], int]] = {
    "threading.Thread": (lambda: in_a_thread(place), 1),
    "ThreadPoolExecutor": (in_a_pool, 1),
    "a loop in a thread": (lambda: in_a_thread(lambda: asyncio.run(aplace())), 1),
}
# In builds without a global lock, threads inherit the context.
INHERITS = getattr(sys.flags, "thread_inherit_context", False)


@pytest.mark.parametrize("place_name", INSIDE)
@pytest.mark.parametrize("everywhere", [False, True])
def test_inside(place_name: str, everywhere: bool) -> None:
    run, count = INSIDE[place_name]
    with capture(order_placed, everywhere=everywhere) as sent:
        run()
        assert [each.responses for each in sent] == [[(receive, "received")]] * count
    with capture(order_placed, everywhere=everywhere) as sent:
        with mute(order_placed, everywhere=everywhere):
            run()
        assert [each.responses for each in sent] == [[]] * count
    run()
    assert len(sent) == count


@pytest.mark.parametrize("place_name", OUTSIDE)
def test_outside(place_name: str) -> None:
    run, count = OUTSIDE[place_name]
    here, all_places = capture(order_placed), capture(order_placed, everywhere=True)
    with here as sent, all_places as everywhere, mute(order_placed):
        run()
    assert len(sent) == (count if INHERITS else 0)
    assert len(everywhere) == count
    if not INHERITS:
        assert everywhere[0].responses == [(receive, "received")]
    with capture(order_placed, everywhere=True) as sent, mute(order_placed, everywhere=True):
        run()
    assert [each.responses for each in sent] == [[]] * count


def run_tests(cls: type[unittest.TestCase]) -> None:
    """
    Run the tests of a class, which must succeed.
    """
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(cls).run(result)
    assert result.testsRun > 0
    assert result.wasSuccessful(), result.errors + result.failures


@pytest.mark.usefixtures("databases")
class TestTestCases:
    """
    Blocks that start before a test of ``unittest`` or Django.
    """

    @pytest.mark.parametrize("base", [unittest.TestCase, TestCase, TransactionTestCase])
    def test_set_up(self, base: Any) -> None:
        class Inside(base):  # type: ignore[misc]
            of_class: Any

            @classmethod
            def setUpClass(cls) -> None:
                super().setUpClass()
                cls.of_class = cls.enterClassContext(capture(order_placed))

            def setUp(self) -> None:
                self.of_test = self.enterContext(capture(order_placed))

            def test_sync(self) -> None:
                place()
                assert len(self.of_test) == 1
                assert order_placed.has_listeners()
                assert self.of_class

        run_tests(Inside)

    @pytest.mark.parametrize("base", [TestCase, TransactionTestCase])
    def test_async_test_of_django(self, base: Any) -> None:
        class Inside(base):  # type: ignore[misc]
            of_class: Any

            @classmethod
            def setUpClass(cls) -> None:
                super().setUpClass()
                cls.of_class = cls.enterClassContext(capture(order_placed))

            def setUp(self) -> None:
                self.of_test = self.enterContext(capture(order_placed))

            async def test_async(self) -> None:
                await aplace()
                await self.async_client.get("/sync/")
                assert len(self.of_test) == len(self.of_class) == 2

        run_tests(Inside)

    @pytest.mark.parametrize("everywhere", [False, True])
    def test_isolated_asyncio_test_case(self, everywhere: bool) -> None:
        class Inside(unittest.IsolatedAsyncioTestCase):
            of_class: Any

            @classmethod
            def setUpClass(cls) -> None:
                capturing = capture(order_placed, everywhere=everywhere)
                cls.of_class = cls.enterClassContext(capturing)

            def setUp(self) -> None:
                self.of_test = self.enterContext(capture(order_placed))

            async def asyncSetUp(self) -> None:
                self.of_async = self.enterContext(capture(order_placed))

            async def test_async(self) -> None:
                await aplace()
                await asyncio.create_task(aplace())
                assert len(self.of_test) == len(self.of_async) == 2
                # The context of the test was copied before that of the class was changed.
                assert len(self.of_class) == (2 if everywhere else 0)

        run_tests(Inside)

    @pytest.mark.parametrize("everywhere", [False, True])
    def test_live_server(self, everywhere: bool) -> None:
        class Inside(LiveServerTestCase):
            def test_request(self) -> None:
                with capture(order_placed, everywhere=everywhere) as sent:
                    for kind in ("sync", "async"):
                        with urlopen(f"{self.live_server_url}/{kind}/") as response:  # noqa: S310
                            assert response.read() == b"received"
                assert len(sent) == (2 if everywhere or INHERITS else 0)

        run_tests(Inside)

    @pytest.mark.parametrize("base", [TestCase, TransactionTestCase])
    def test_decorated_class(self, base: Any, tmp_path: Path) -> None:
        fixture = tmp_path / "toppings.json"
        topping = {"model": "shop.topping", "pk": 1, "fields": {"name": "basil"}}
        fixture.write_text(json.dumps([topping]), "utf-8")
        saved = []

        @receiver(post_save, sender=Topping)
        def note(instance: Topping, **kwargs: Any) -> None:
            saved.append(instance.name)

        @mute(post_save, sender=Topping)
        class Inside(base):  # type: ignore[misc]
            fixtures = (str(fixture),)

            @classmethod
            def setUpTestData(cls) -> None:
                Topping.objects.create(name="salt")

            def test_sync(self) -> None:
                assert Topping.objects.filter(name="basil").exists()
                Topping.objects.create(name="ham")

            async def test_async(self) -> None:
                await Topping.objects.acreate(name="figs")
                await sync_to_async(Topping.objects.create)(name="olives")

        class Sub(Inside):
            def setUp(self) -> None:
                Topping.objects.create(name="pepper")

        run_tests(Sub)
        assert saved == []
        post_save.disconnect(note, sender=Topping)


def test_method_that_was_stored_before() -> None:
    for signal in (Signal[Any, Any](), DjangoSignal(), BlinkerSignal()):
        is_ours = isinstance(signal, Signal)
        signal.connect(receive)
        send = unchecked(signal).send
        with capture(signal) as sent, mute(signal):
            assert [response for _, response in send(None)] == ([] if is_ours else ["received"])
        assert len(sent) == int(is_ours)
        with capture(signal):
            send = unchecked(signal).send
        with capture(signal, mute=True) as sent:
            send(None)
        assert len(sent) == 1
        assert len(send(None)) == 1
