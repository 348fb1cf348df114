"""
Tests with ``signal_spy`` in Django's test cases and with pytest-django, run by ``test_spy.py``.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.request import urlopen

import pytest
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.http import HttpRequest, HttpResponse
from django.test import (
    AsyncClient,
    Client,
    LiveServerTestCase,
    SimpleTestCase,
    TestCase,
    TransactionTestCase,
    override_settings,
)
from django.urls import path
from factory.django import mute_signals

from tests.django.shop.models import Pizza, Topping
from typed_signals.django import Signal, receiver
from typed_signals.testing import SignalSpy, SignalSpyMixin, mute

if TYPE_CHECKING:
    from pytest_django import DjangoCaptureOnCommitCallbacks


class OrderPlaced(TypedDict):
    order_id: int


order_placed = Signal[object, OrderPlaced]()
confirmed: list[int] = []

muted: Any = mute_signals


@receiver(order_placed)
def send_mail(**kwargs: Any) -> None:
    raise ConnectionError


@receiver(order_placed, on_commit=True)
def confirm(order_id: int, **kwargs: Any) -> None:
    confirmed.append(order_id)


def order(request: HttpRequest) -> HttpResponse:
    order_placed.send(request, order_id=7)
    return HttpResponse("sync")


async def order_async(request: HttpRequest) -> HttpResponse:
    await order_placed.asend(request, order_id=8)
    return HttpResponse("async")


urlpatterns = [path("sync", order), path("async", order_async)]


class TestCaseTests(SignalSpyMixin, TestCase):
    sent: Any
    first: Any
    quiet: Any
    spy: Any

    @classmethod
    def setUpTestData(cls) -> None:
        cls.signal_spy.mute(post_save, sender=Topping)
        sent = cls.sent = cls.signal_spy.capture(post_save)
        cls.quiet = mute(post_save)
        cls.spy = cls.signal_spy
        Topping.objects.create(name="basil")
        Pizza.objects.create(name="Margherita")
        assert [each.sender for each in sent] == [Topping, Pizza]
        assert sent[0].responses == []
        cls.first = sent[0]

    def test_what_the_class_stores(self) -> None:
        self.spy.mute(m2m_changed)
        with self.quiet:
            Topping.objects.create(name="salt")
        assert self.sent[0] is self.first
        assert self.first.signal is post_save
        assert self.sent[-1].payload["instance"].name == "salt"

    def test_models(self) -> None:
        sent = self.signal_spy.capture(post_save, m2m_changed, post_delete)
        pizza = Pizza.objects.get()
        pizza.toppings.add(Topping.objects.get())
        pizza.delete()
        assert [each.payload.get("action", each.signal) for each in sent] == [
            "pre_add",
            "post_add",
            post_delete,
        ]

    def test_on_commit(self) -> None:
        confirmed.clear()
        self.signal_spy.mute(order_placed, receivers=[send_mail])
        with self.captureOnCommitCallbacks(execute=True):
            order_placed.send(None, order_id=7)
            assert confirmed == []
        assert confirmed == [7]
        self.signal_spy.mute(order_placed)
        with self.captureOnCommitCallbacks(execute=True) as callbacks:
            order_placed.send(None, order_id=8)
        assert callbacks == []

    def test_mute_signals_of_factory_boy(self) -> None:
        before = list(post_save.receivers)
        sent = self.signal_spy.capture(post_save)
        with muted(post_save):
            Topping.objects.create(name="basil")
            with mute(post_save):
                Topping.objects.create(name="salt")
        with mute(post_save), muted(post_save):
            Topping.objects.create(name="pepper")
        assert post_save.receivers == before
        assert len(sent) == 3

    @override_settings(ROOT_URLCONF=__name__)
    def test_client(self) -> None:
        sent = self.signal_spy.capture(order_placed, mute=True)
        assert Client().get("/sync").content == b"sync"
        assert Client().get("/async").content == b"async"
        assert [each.payload["order_id"] for each in sent] == [7, 8]

    @override_settings(ROOT_URLCONF=__name__)
    async def test_async_client(self) -> None:
        sent = self.signal_spy.capture(order_placed, mute=True)
        client = AsyncClient()
        responses = await asyncio.gather(client.get("/sync"), client.get("/async"))
        assert [each.content for each in responses] == [b"sync", b"async"]
        assert sorted(each.payload["order_id"] for each in sent) == [7, 8]


class TransactionTests(SignalSpyMixin, TransactionTestCase):
    def test_on_commit(self) -> None:
        confirmed.clear()
        self.signal_spy.mute(order_placed, receivers=[send_mail])
        order_placed.send(None, order_id=7)
        assert confirmed == [7]

    def test_fast_delete(self) -> None:
        Topping.objects.create(name="basil")
        sent = self.signal_spy.capture(post_delete)
        Topping.objects.all().delete()
        assert sent.one(post_delete).sender is Topping


@override_settings(ROOT_URLCONF=__name__)
class LiveServerTests(SignalSpyMixin, LiveServerTestCase):
    def test_server(self) -> None:
        sent = self.signal_spy.capture(order_placed, mute=True)
        for view in ("sync", "async"):
            with urlopen(f"{self.live_server_url}/{view}") as response:  # noqa: S310
                assert response.read().decode() == view
        assert [each.payload["order_id"] for each in sent] == [7, 8]


class SimpleTests(SignalSpyMixin, SimpleTestCase):
    def test_everything_is_undone(self) -> None:
        assert [each.receiver for each in order_placed.connections] == [send_mail, confirm]
        with pytest.raises(ConnectionError):
            order_placed.send(None, order_id=7)


def test_fixtures_of_pytest_django(
    signal_spy: SignalSpy,
    db: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    confirmed.clear()
    sent = signal_spy.capture(order_placed, post_save)
    signal_spy.mute(order_placed, receivers=[send_mail])
    with django_capture_on_commit_callbacks(execute=True):
        Topping.objects.create(name="basil")
        order_placed.send(None, order_id=7)
        assert confirmed == []
    assert confirmed == [7]
    assert [each.signal for each in sent] == [post_save, order_placed]


def test_live_server(signal_spy: SignalSpy, live_server: Any, settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    sent = signal_spy.capture(order_placed, mute=True)
    with urlopen(f"{live_server.url}/sync") as response:  # noqa: S310
        assert response.read() == b"sync"
    assert sent.one(order_placed).payload["order_id"] == 7
