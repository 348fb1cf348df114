"""
Receivers in the background on Django: the decorator, and when they are enqueued.
"""

from __future__ import annotations

import asyncio
import logging
import unittest
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypedDict

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction
from django.test import RequestFactory, TestCase, override_settings

from tests.support import unchecked
from typed_signals import Signal as CoreSignal
from typed_signals.background import Background, Delivery, Immediate, in_place
from typed_signals.django import ModelSignal, Signal, receiver
from typed_signals.exceptions import ReceiverTypeError

from .shop.models import Pizza

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typed_signals.background import Engine, Options

pytestmark = pytest.mark.usefixtures("committing_database")


class PizzaDone(TypedDict):
    size: int


class PizzaBaked(TypedDict):
    instance: Pizza


class Stored(TypedDict):
    size: int
    using: str


pizza_done = Signal[object, PizzaDone]()
model_done = ModelSignal[Any, PizzaDone]()
core_done = CoreSignal[object, PizzaDone]()
stored = Signal[object, Stored]()
pizza_baked = Signal[object, PizzaBaked]()

SIGNALS: list[Any] = [pizza_done, model_done, core_done, stored, pizza_baked]

calls: list[dict[str, Any]] = []


def bake(size: int, **kwargs: Any) -> str:
    calls.append({"size": size, **kwargs})
    return "baked"


def burn(size: int, **kwargs: Any) -> None:
    raise LookupError("no oven")


async def bake_later(size: int, **kwargs: Any) -> None:
    calls.append({"size": size})


class Recording:
    """
    An engine that only records.
    """

    name = "recording"
    in_process = False
    can_await = False

    def __init__(self, database: str | None = None) -> None:
        self.texts: list[str] = []
        self.options: list[Options] = []
        self.database = database
        self.error: Exception | None = None

    def enqueue(self, delivery: Delivery, text: str) -> str:
        if self.error is not None:
            raise self.error
        self.texts.append(text)
        self.options.append(delivery.options)
        return f"number {len(self.texts)}"


engine = Recording()
without_await = Recording()
not_an_engine = 3


def make_engine() -> Engine:
    return Immediate()


def fail_to_make() -> Engine:
    raise LookupError("no queue")


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    calls.clear()
    engine.texts.clear()
    engine.options.clear()
    with override_settings(TYPED_SIGNALS={"BACKGROUND": engine}):
        yield
    for signal in SIGNALS:
        for each in list(signal.connections):
            if each.receiver is not None:
                signal.disconnect(each.receiver, dispatch_uid=each.dispatch_uid)
    for alias in connections:
        connections[alias].run_on_commit = []


@contextmanager
def setting(value: object) -> Iterator[None]:
    with override_settings(TYPED_SIGNALS={"BACKGROUND": value}):
        yield


class TestWhen:
    @pytest.mark.parametrize("signal", SIGNALS[:3])
    def test_on_commit_by_default(self, signal: Any) -> None:
        receiver(signal, background=True)(bake)
        with transaction.atomic():
            with transaction.atomic():
                [(_, delivery)] = signal.send(None, size=30)
            assert type(delivery) is Delivery
            assert (engine.texts, delivery.result) == ([], None)
        assert delivery.result == "number 1"
        assert delivery.id in engine.texts[0]
        assert calls == []

    def test_rolled_back_sends_enqueue_nothing(self) -> None:
        receiver(pizza_done, background=True)(bake)
        with transaction.atomic():
            pizza_done.send(None, size=30)
            transaction.set_rollback(True)
        with transaction.atomic():
            pizza_done.send(None, size=31)
            with transaction.atomic():
                pizza_done.send(None, size=32)
                transaction.set_rollback(True)
        [text] = engine.texts
        assert '"size":31' in text

    def test_at_once_outside_of_a_transaction(self) -> None:
        receiver(pizza_done, background=True)(bake)
        [(_, delivery)] = pizza_done.send(None, size=30)
        assert delivery.result == "number 1"

    def test_now(self) -> None:
        receiver(pizza_done, background=True, enqueue="now")(bake)
        with transaction.atomic():
            pizza_done.send(None, size=30)
            assert len(engine.texts) == 1
            transaction.set_rollback(True)
        assert len(engine.texts) == 1

    def test_in_a_request_that_is_one_transaction(self) -> None:
        from django.core.handlers.base import BaseHandler
        from django.http import HttpResponse

        receiver(pizza_done, background=True)(bake)
        pending = []

        def view(request: Any, *, is_good: bool) -> HttpResponse:
            pizza_done.send(None, size=30)
            pending.append(len(engine.texts))
            if not is_good:
                raise LookupError
            return HttpResponse()

        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(connections["default"].settings_dict, "ATOMIC_REQUESTS", 1)
            atomic_view: Any = BaseHandler().make_view_atomic(view)
            request = RequestFactory().get("/")
            atomic_view(request, is_good=True)
            with pytest.raises(LookupError):
                atomic_view(request, is_good=False)
        assert pending == [0, 1]
        assert len(engine.texts) == 1

    def test_in_an_async_view(self) -> None:
        receiver(pizza_done, background=True)(bake)

        async def view() -> Any:
            return await pizza_done.asend(None, size=30)

        [(_, delivery)] = asyncio.run(view())
        assert delivery.result == "number 1"


class TestDatabase:
    """
    The transaction of which database decides.
    """

    @staticmethod
    def is_pending(alias: str) -> bool:
        return bool(connections[alias].run_on_commit)

    def test_of_the_payload_first(self) -> None:
        receiver(stored, background=True, using="default")(bake)
        with transaction.atomic(), transaction.atomic(using="other"):
            stored.send(None, size=30, using="other")
            assert (self.is_pending("default"), self.is_pending("other")) == (False, True)

    def test_of_the_argument_without_it(self) -> None:
        pizza = Pizza.objects.create(name="margherita")
        receiver(pizza_baked, background=True, using="other")(bake_one)
        with transaction.atomic(), transaction.atomic(using="other"):
            pizza_baked.send(None, instance=pizza)
            assert (self.is_pending("default"), self.is_pending("other")) == (False, True)

    def test_of_the_instance_without_both(self) -> None:
        pizza = Pizza(name="margherita")
        pizza.save(using="other")
        receiver(pizza_baked, background=True)(bake_one)
        with transaction.atomic(), transaction.atomic(using="other"):
            pizza_baked.send(None, instance=pizza)
            assert (self.is_pending("default"), self.is_pending("other")) == (False, True)

    def test_the_default_one_otherwise(self) -> None:
        receiver(pizza_done, background=True)(bake)
        with transaction.atomic(using="other"):
            pizza_done.send(None, size=30)
        assert len(engine.texts) == 1


def bake_one(instance: Pizza, **kwargs: Any) -> None: ...


class TestInTransaction:
    def test_is_at_once_if_the_engine_stores_deliveries_in_the_database(self) -> None:
        stores = Recording("default")
        with setting(stores):
            receiver(pizza_done, background=True, enqueue="in_transaction")(bake)
            with transaction.atomic():
                pizza_done.send(None, size=30)
                assert len(stores.texts) == 1

    def test_is_refused_where_it_is_connected(self) -> None:
        for using, stores_in, words in (
            (None, None, "which the engine 'recording' does not as it is configured: use"),
            ("other", "default", "'other', but the engine 'recording' stores them in 'default'"),
        ):
            with (
                setting(Recording(stores_in)),
                pytest.raises(ImproperlyConfigured, match=words) as refused,
            ):
                receiver(pizza_done, background=True, enqueue="in_transaction", using=using)
            assert "use enqueue='on_commit'" in str(refused.value)

    def test_is_refused_by_a_send_about_another_database(self) -> None:
        stores = Recording("default")
        with setting(stores):
            receiver(stored, background=True, enqueue="in_transaction")(bake)
            with pytest.raises(ImproperlyConfigured, match="the database 'other', but the engine"):
                stored.send(None, size=30, using="other")
        assert stores.texts == []

    def test_works_in_place(self) -> None:
        background = Background(Recording("default"))
        receiver(pizza_done, background=background, enqueue="in_transaction")(bake)
        with in_place(), transaction.atomic():
            pizza_done.send(None, size=30)
            assert len(calls) == 1


class TestErrors:
    def test_that_the_engine_raises_propagate_at_commit(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        receiver(pizza_done, background=True)(bake)
        monkeypatch.setattr(engine, "error", LookupError("no broker"))
        block = transaction.atomic()
        block.__enter__()
        pizza_done.send(None, size=30)
        with pytest.raises(LookupError, match="no broker"):
            block.__exit__(None, None, None)

    def test_are_logged_by_the_name_of_the_receiver_if_it_is_robust(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        receiver(pizza_done, background=True, robust=True)(bake)
        monkeypatch.setattr(engine, "error", LookupError("no broker"))
        with caplog.at_level(logging.ERROR), transaction.atomic():
            pizza_done.send(None, size=30)
        assert f"{__name__}.bake" in caplog.text


class TestTestCase:
    """
    As documented for tests of projects.
    """

    @pytest.mark.parametrize("execute", [True, False])
    def test_callbacks_are_captured(self, execute: bool) -> None:
        received = []

        class Tests(TestCase):
            databases = {"default"}  # noqa: RUF012 - of the base class

            def test(self) -> None:
                with self.captureOnCommitCallbacks(execute=execute) as callbacks:
                    pizza_done.send(None, size=30)
                assert len(callbacks) == 1
                received.append(len(calls))

        with setting("typed_signals.background.Immediate"):
            receiver(pizza_done, background=True)(bake)
            result = unittest.TestResult()
            unittest.TestSuite([Tests("test")]).run(result)
        assert result.wasSuccessful(), result.failures + result.errors
        assert received == [1 if execute else 0]


class TestWhichEngine:
    def test_one_of_its_own(self) -> None:
        own = Recording()
        background = Background(own, queue="slow")
        receiver(pizza_done, background=background, enqueue="now", priority=5)(bake)
        pizza_done.send(None, size=30)
        assert (len(own.texts), len(engine.texts)) == (1, 0)
        [options] = own.options
        assert (options.queue, options.priority) == ("slow", 5)

    def test_options_are_passed_on(self) -> None:
        receiver(pizza_done, background=True, queue="mail", priority=-3)(bake)
        pizza_done.send(None, size=30)
        [options] = engine.options
        assert (options.queue, options.priority) == ("mail", -3)

    def test_several_signals(self) -> None:
        receiver([pizza_done, model_done], background=True)(bake)
        pizza_done.send(None, size=30)
        model_done.send(None, size=32)
        assert len(engine.texts) == 2
        pizza_done.disconnect(bake)
        pizza_done.send(None, size=30)
        assert len(engine.texts) == 2


class TestSetting:
    @pytest.mark.parametrize(
        "stated", ["typed_signals.background.Immediate", f"{__name__}.make_engine", Immediate()]
    )
    def test_forms(self, stated: object) -> None:
        with setting(stated):
            receiver(pizza_done, background=True)(bake)
            for _ in range(2):
                pizza_done.send(None, size=30)
        assert len(calls) == 2
        assert engine.texts == []

    def test_is_read_at_each_send(self) -> None:
        receiver(pizza_done, background=True)(bake)
        with setting(f"{__name__}.engine"):
            pizza_done.send(None, size=30)
        with setting(other := Recording()):
            pizza_done.send(None, size=30)
        assert (len(engine.texts), len(other.texts)) == (1, 1)

    @pytest.mark.parametrize(
        ("stated", "words"),
        [
            (f"{__name__}.no_engine", "importing it raised ImportError("),
            (f"{__name__}.fail_to_make", "calling it raised LookupError('no queue')"),
            (f"{__name__}.not_an_engine", "which is not an engine: state one such as"),
            ("Immediate", "must be an engine, or the dotted name of one"),
            (3, "must be an engine, or the dotted name of one"),
        ],
    )
    def test_that_leads_to_no_engine(self, stated: object, words: str) -> None:
        with setting(stated):
            receiver(pizza_done, background=True)(bake)
            with pytest.raises(ImproperlyConfigured) as refused:
                pizza_done.send(None, size=30)
        assert "TYPED_SIGNALS['BACKGROUND'] " in str(refused.value)
        assert words in str(refused.value)

    def test_async_receivers_are_refused_by_an_engine_that_does_not_await_them(self) -> None:
        with pytest.raises(ReceiverTypeError, match="'recording' does not await async receivers"):
            receiver(pizza_done, background=True)(bake_later)
        with setting("typed_signals.background.Immediate"):
            receiver(pizza_done, background=True)(bake_later)
            pizza_done.send(None, size=30)
        assert calls == [{"size": 30}]


class TestWrongArguments:
    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ({"enqueue": "now"}, "enqueue=, queue= and priority= only with background=True"),
            ({"queue": "mail"}, "enqueue=, queue= and priority= only with background=True"),
            ({"priority": 0}, "enqueue=, queue= and priority= only with background=True"),
            (
                {"background": 1},
                "background must be True, or a typed_signals.background.Background, not 1",
            ),
            (
                {"background": True, "on_commit": True},
                "either on_commit=True or background=: remove",
            ),
            ({"background": True, "enqueue": "on_comit"}, "did you mean 'on_commit'?"),
            ({"background": True, "enqueue": 1}, "not 1: leave it out to enqueue on commit"),
            (
                {"background": True, "enqueue": "now", "using": "other"},
                "does not accept using= with enqueue='now', which does not wait for a commit",
            ),
            (
                {"background": True, "enqueue": "in_transaction", "robust": True},
                "does not accept robust= with enqueue='in_transaction'",
            ),
            ({"using": 1}, "using must be a database alias, not 1"),
            ({"background": True, "using": 1}, "using must be a database alias, not 1"),
            ({"background": True, "queue": 1}, "queue must be the name of a queue, not 1"),
        ],
    )
    def test_are_refused(self, arguments: dict[str, Any], words: str) -> None:
        with pytest.raises(TypeError) as refused:
            unchecked(receiver)(pizza_done, **arguments)
        assert words in str(refused.value)

    def test_objects_without_a_truth_value(self) -> None:
        class Ambiguous:
            def __bool__(self) -> bool:
                raise ValueError

        with pytest.raises(TypeError, match="on_commit must be True or False"):
            unchecked(receiver)(pizza_done, background=True, on_commit=Ambiguous())

    def test_nothing_is_raised_in_the_plugin_of_django_stubs(self) -> None:
        from tests.support import call_in_plugin

        for arguments in (
            {"background": 1},
            {"background": True, "queue": 1},
            {"background": True, "using": 1},
            {"background": True, "enqueue": "in_transaction"},
        ):
            decorate = call_in_plugin(lambda a=arguments: unchecked(receiver)(pizza_done, **a))
            assert decorate(bake) is bake
        assert not pizza_done.connections
