"""
``capture`` and ``mute`` for Django's own signals and ours on its dispatcher.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypedDict

import pytest
from django.core.signals import request_finished, request_started, setting_changed
from django.db.models.signals import (
    m2m_changed,
    post_delete,
    post_init,
    post_save,
    pre_delete,
    pre_save,
)
from django.dispatch import Signal as DjangoSignal
from django.test import Client, TestCase, override_settings

from tests.support import unchecked
from typed_signals.django import ModelSignal, Signal, receiver
from typed_signals.exceptions import PayloadError
from typed_signals.testing import capture, mute

from .shop.models import Calzone, Drink, Pairing, Pizza, Topping

if TYPE_CHECKING:
    from django.db.models import Model

pytestmark = pytest.mark.any_python

SENDS = ("send", "send_robust", "asend", "asend_robust")


class Rated(TypedDict):
    stars: int


def make(kind: str) -> Any:
    """
    Return a new signal.
    """
    made: dict[str, Any] = {
        "django": DjangoSignal,
        "cached": lambda: DjangoSignal(use_caching=True),
        "ours": Signal[Any, Rated],
        "cached ours": lambda: Signal[Any, Rated](use_caching=True),
        "model": ModelSignal[Any, Rated],
    }
    return made[kind]()


KINDS = ("django", "cached", "ours", "cached ours", "model")


def receive(stars: int, **kwargs: Any) -> int:
    return stars


def tell(**kwargs: Any) -> str:
    return "tell"


async def receive_async(**kwargs: Any) -> str:
    return "async"


def send_by(signal: Any, method: str) -> Any:
    send = getattr(signal, method)(Pizza, stars=5)
    return asyncio.run(send) if method.startswith("a") else send


@pytest.mark.parametrize("method", SENDS)
@pytest.mark.parametrize("kind", KINDS)
class TestEachKind:
    """
    Every kind of signal on Django's dispatcher.
    """

    def test_is_captured(self, kind: str, method: str) -> None:
        signal = make(kind)
        for each in (receive, tell, receive_async):
            signal.connect(each)
        usual = send_by(signal, method)
        for _ in range(2):
            with capture(signal) as sent:
                assert send_by(signal, method) == usual
            one = sent.one(signal, sender=Pizza)
            assert (one.method, one.payload, one.responses) == (method, {"stars": 5}, usual)
            send_by(signal, method)
            assert len(sent) == 1

    def test_is_muted(self, kind: str, method: str) -> None:
        signal = make(kind)
        for each in (receive, tell, receive_async):
            signal.connect(each)
        usual = send_by(signal, method)
        with mute(signal):
            assert send_by(signal, method) == []
        with mute(signal, sender=Topping):
            assert send_by(signal, method) == usual
        for muted in (receive, tell, receive_async):
            with mute(signal, receivers=[muted], sender=Pizza):
                rest = [(each, response) for each, response in usual if each is not muted]
                assert send_by(signal, method) == rest
        assert send_by(signal, method) == usual

    def test_has_listeners_while_it_is_captured(self, kind: str, method: str) -> None:
        signal = make(kind)
        assert not signal.has_listeners(Pizza)
        with capture(signal, mute=True) as sent:
            assert signal.has_listeners(Pizza)
            assert send_by(signal, method) == []
        assert sent.one(signal).responses == []
        assert not signal.has_listeners(Pizza)
        with mute(signal):
            assert not signal.has_listeners(Pizza)


def test_payload_of_a_muted_signal_is_checked() -> None:
    signal = Signal[Any, Rated]()
    with mute(signal), capture(signal) as sent, pytest.raises(PayloadError, match="'stras'"):
        unchecked(signal).send(None, stras=5)
    assert sent == []


@pytest.mark.usefixtures("database")
class TestBuiltInSignals:
    """
    Django asks some of its signals for listeners, and otherwise does not send.
    """

    def test_save(self) -> None:
        with capture(pre_save, post_save, post_init) as sent:
            pizza = Pizza.objects.create(name="Quattro")
        assert [each.signal for each in sent] == [post_init, pre_save, post_save]
        one = sent.one(post_save, sender=Pizza)
        assert one.payload["instance"] is pizza
        assert one.payload["created"] is True
        assert (
            repr(sent[0]) == f"<django.db.models.signals.post_init.send(Pizza, instance={pizza!r})>"
        )

    def test_fast_delete_without_receivers(self) -> None:
        Topping.objects.bulk_create([Topping(name=name) for name in "abc"])
        with capture(pre_delete, post_delete) as sent:
            assert Topping.objects.all().delete()[0] == 3
        assert [each.signal for each in sent] == [pre_delete] * 3 + [post_delete] * 3
        names = [each.payload["instance"].name for each in sent.of(pre_delete, sender=Topping)]
        assert sorted(names) == ["a", "b", "c"]
        assert {each.payload["origin"].model for each in sent} == {Topping}

    def test_delete_outside_sends_nothing(self) -> None:
        with capture(post_delete) as sent:
            pass
        Topping.objects.create(name="a").delete()
        assert sent == []
        assert not post_delete.has_listeners(Topping)

    def test_cascade_without_receivers(self) -> None:
        pizza = Pizza.objects.create(name="Quattro")
        drink = Drink.objects.create(name="Chinotto")
        Pairing.objects.create(pizza=pizza, drink=drink)
        pizza.toppings.add(Topping.objects.create(name="ham"))
        with capture(pre_delete, post_delete) as sent:
            pizza.delete()
        through = Pizza.toppings.through
        senders: list[type[Model]] = [each.sender for each in sent.of(post_delete)]
        assert set(senders) == {Pizza, Pairing}
        assert len(senders) == 2
        # Django does not send for rows of relations that it creates itself.
        assert sent.of(post_delete, sender=through) == []

    def test_many_to_many_without_receivers(self) -> None:
        pizza = Pizza.objects.create(name="Quattro")
        ham, figs = (Topping.objects.create(name=name) for name in ("ham", "figs"))
        with capture(m2m_changed) as sent:
            pizza.toppings.add(ham, figs)
            pizza.toppings.remove(ham)
            unchecked(figs).pizzas.clear()
        through = Pizza.toppings.through
        actions = [each.payload["action"] for each in sent.of(m2m_changed, sender=through)]
        assert actions == [
            f"{time}_{action}" for action in ("add", "remove", "clear") for time in ("pre", "post")
        ]
        assert sent[0].payload["pk_set"] == {ham.pk, figs.pk}
        assert sent.last(m2m_changed).payload["reverse"] is True

    def test_proxy_is_its_own_sender(self) -> None:
        with capture(post_save, post_delete) as sent:
            Calzone.objects.create(name="Calzone").delete()
        assert [each.sender for each in sent] == [Calzone, Calzone]

    def test_bulk_load_without_one_receiver(self) -> None:
        @receiver(post_save, sender=Pizza)
        def index(instance: Any, **kwargs: Any) -> None:
            called.append(("index", instance.name))

        @receiver(post_save, sender=Pizza)
        def count(instance: Any, **kwargs: Any) -> None:
            called.append(("count", instance.name))

        called: list[Any] = []
        with mute(post_save, sender=Pizza, receivers=[index]):
            Pizza.objects.create(name="a")
        Pizza.objects.create(name="b")
        assert called == [("count", "a"), ("index", "b"), ("count", "b")]

    def test_muted_receiver_on_commit_is_not_registered(self) -> None:
        @receiver(post_save, sender=Pizza, on_commit=True)
        def index(**kwargs: Any) -> None:
            called.append("index")

        called: list[str] = []
        commit = TestCase.captureOnCommitCallbacks(execute=True)
        with commit as callbacks, mute(post_save, receivers=[index]):
            Pizza.objects.create(name="a")
        assert callbacks == []
        assert called == []
        with TestCase.captureOnCommitCallbacks(execute=True):
            Pizza.objects.create(name="b")
        assert called == ["index"]


def test_method_that_was_patched_on_a_signal() -> None:
    signal: Any = DjangoSignal()
    signal.send = signal.send  # as pytest's monkeypatch restores it
    with capture(signal) as sent:
        signal.send(None)
    signal.send_robust = unpatched = DjangoSignal().send_robust  # of another signal
    with capture(signal):
        signal.send(None)
    assert len(sent) == 1
    assert vars(signal)["send_robust"] is unpatched


def test_settings_and_requests() -> None:
    signals = (setting_changed, request_started, request_finished)
    with capture(*signals) as sent, override_settings(SITE_ID=5):
        Client().get("/nowhere/")
    changed = [each.payload["enter"] for each in sent.of(setting_changed)]
    assert changed == [True, False]
    assert sent.one(request_started).payload["environ"]["PATH_INFO"] == "/nowhere/"
    assert len(sent.of(request_finished)) == 1


def test_names_in_failures() -> None:
    with capture(post_save, post_delete) as sent:
        pass
    with pytest.raises(AssertionError) as raised:
        sent.one(post_delete, sender=Pizza)
    assert str(raised.value) == (
        "django.db.models.signals.post_delete was not sent from Pizza: nothing was captured"
    )
