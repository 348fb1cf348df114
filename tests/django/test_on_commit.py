"""
Receivers that are only called when the transaction is committed.
"""

from __future__ import annotations

import functools
import gc
import logging
import weakref
from typing import TYPE_CHECKING, Any, TypedDict

import pytest
from django.db import transaction
from django.db.models.signals import m2m_changed, post_save, pre_save
from django.dispatch import Signal as DjangoSignal

import typed_signals
from tests.support import unchecked
from typed_signals import BaseSignal
from typed_signals.django import ModelSignal, Signal, _on_commit, receiver
from typed_signals.exceptions import ReceiverSignatureError, ReceiverTypeError

from .shop.models import Pizza, Topping

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("committing_database")


class PizzaDone(TypedDict):
    size: int


class Stored(TypedDict):
    instance: Pizza
    using: str


KINDS: dict[str, Callable[[], Any]] = {
    "core": typed_signals.Signal[object, PizzaDone],
    "django": Signal[object, PizzaDone],
    "model": ModelSignal[Any, PizzaDone],
    "untyped": DjangoSignal,
}


@pytest.fixture(params=KINDS)
def signal(request: pytest.FixtureRequest) -> Any:
    return KINDS[request.param]()


class Calls(list[dict[str, Any]]):
    """
    The arguments that receivers were called with.
    """

    def receive(self, size: int, **kwargs: Any) -> str:
        self.append({"size": size, **kwargs})
        return "received"


@pytest.fixture
def calls() -> Calls:
    return Calls()


def count_kept() -> int:
    gc.collect()
    return len(_on_commit._kept)


class Later:
    """Is called later."""

    def __call__(self, **kwargs: Any) -> None: ...


class TestWhen:
    def test_after_the_commit_and_not_before(self, signal: Any, calls: Calls) -> None:
        receiver(signal, on_commit=True)(calls.receive)
        with transaction.atomic():
            signal.send(None, size=30)
            assert calls == []
        assert calls == [{"size": 30, "signal": signal, "sender": None}]

    def test_never_after_a_rollback(self, signal: Any, calls: Calls) -> None:
        receiver(signal, on_commit=True)(calls.receive)
        with transaction.atomic():
            signal.send(None, size=30)
            transaction.set_rollback(True)
        assert calls == []
        with transaction.atomic():
            pass
        assert calls == []

    def test_at_once_outside_of_a_transaction(self, signal: Any, calls: Calls) -> None:
        receiver(signal, on_commit=True)(calls.receive)
        signal.send(None, size=30)
        assert len(calls) == 1

    def test_once_for_each_send(self, signal: Any, calls: Calls) -> None:
        receiver(signal, on_commit=True)(calls.receive)
        with transaction.atomic():
            signal.send(None, size=30)
            signal.send(None, size=32)
        assert [call["size"] for call in calls] == [30, 32]

    def test_sends_in_a_savepoint_wait_for_the_whole_transaction(
        self, signal: Any, calls: Calls
    ) -> None:
        receiver(signal, on_commit=True)(calls.receive)
        with transaction.atomic():
            with transaction.atomic():
                signal.send(None, size=30)
            assert calls == []
        assert len(calls) == 1

    def test_sends_in_a_savepoint_are_rolled_back_with_it(self, signal: Any, calls: Calls) -> None:
        receiver(signal, on_commit=True)(calls.receive)
        with transaction.atomic():
            signal.send(None, size=30)
            with transaction.atomic():
                signal.send(None, size=32)
                transaction.set_rollback(True)
        assert [call["size"] for call in calls] == [30]

    def test_response_is_none(self, signal: Any, calls: Calls) -> None:
        receiver(signal, on_commit=True)(calls.receive)
        with transaction.atomic():
            [(_, response)] = signal.send(None, size=30)
        assert response is None

    def test_receiver_that_is_disconnected_after_the_send_is_called(
        self, signal: Any, calls: Calls
    ) -> None:
        receiver(signal, on_commit=True)(calls.receive)
        with transaction.atomic():
            signal.send(None, size=30)
            signal.disconnect(calls.receive)
        assert len(calls) == 1

    def test_receiver_that_dies_after_the_send_is_called(self, signal: Any) -> None:
        received = []

        def receive(size: int, **kwargs: Any) -> None:
            received.append(size)

        receiver(signal, on_commit=True)(receive)
        with transaction.atomic():
            signal.send(None, size=30)
            del receive
            gc.collect()
        assert received == [30]

    def test_receiver_that_dies_during_the_send_is_not_called(self, signal: Any) -> None:
        before = count_kept()
        received = []
        doomed = Calls()

        def drop(**kwargs: Any) -> None:
            nonlocal doomed
            received.append(len(doomed))
            del doomed

        signal.connect(drop)
        receiver(signal, on_commit=True)(doomed.receive)
        alive = weakref.ref(doomed)
        assert [response for _, response in signal.send(None, size=30)] == [None, None]
        assert received == [0]
        assert alive() is None
        assert count_kept() == before

    @pytest.mark.parametrize("key", ["self", "func", "receiver", "using"])
    def test_any_key_can_be_sent(self, key: str) -> None:
        signal = typed_signals.Signal[Any, Any]()
        received = []
        receiver(signal, on_commit=True, weak=False)(lambda **kwargs: received.append(kwargs[key]))
        signal.send(None, **{key: "default"})
        assert received == ["default"]


class TestDatabase:
    def test_using_of_the_payload_is_used(self, calls: Calls) -> None:
        @receiver(post_save, sender=Pizza, on_commit=True)
        def receive(instance: Pizza, using: str, **kwargs: Any) -> None:
            calls.append({"using": using})

        with transaction.atomic(), transaction.atomic(using="other"):
            Pizza(name="margherita").save(using="other")
            assert calls == []
        assert calls == [{"using": "other"}]

    def test_another_warning_does_not_matter(self, calls: Calls) -> None:
        @receiver(post_save, sender=Pizza, on_commit=True)
        def receive(instance: Pizza, using: str, **kwargs: Any) -> None:
            calls.append({"using": using})

        with transaction.atomic():
            Pizza(name="margherita").save(using="other")
            assert calls == [{"using": "other"}]

    def test_using_argument_is_used_if_the_payload_has_none(
        self, signal: Any, calls: Calls
    ) -> None:
        receiver(signal, on_commit=True, using="other")(calls.receive)
        with transaction.atomic():
            with transaction.atomic(using="other"):
                signal.send(None, size=30)
                assert calls == []
            assert len(calls) == 1

    def test_payload_comes_before_the_argument(self, calls: Calls) -> None:
        @receiver(post_save, sender=Pizza, on_commit=True, using="other")
        def receive(**kwargs: Any) -> None:
            calls.append({})

        with transaction.atomic(), transaction.atomic(using="other"):
            with transaction.atomic():
                Pizza.objects.create(name="margherita")
            assert calls == []
        assert calls == [{}]

    def test_argument_comes_before_the_instance(self, calls: Calls) -> None:
        pizza = Pizza.objects.create(name="margherita")
        signal = Signal()
        receiver(signal, on_commit=True, using="other")(calls.receive)
        with transaction.atomic():
            with transaction.atomic(using="other"):
                signal.send(None, size=30, instance=pizza)
                assert len(calls) == 0
            assert len(calls) == 1

    def test_database_of_the_instance_is_used_without_either(self, calls: Calls) -> None:
        pizza = Pizza(name="margherita")
        pizza.save(using="other")
        signal = Signal()
        receiver(signal, on_commit=True)(calls.receive)
        with transaction.atomic():
            with transaction.atomic(using="other"):
                signal.send(None, size=30, instance=pizza)
                assert len(calls) == 0
            assert len(calls) == 1

    @pytest.mark.parametrize("instance", [Pizza(name="unsaved"), "not a model", None])
    def test_default_database_is_used_if_the_instance_has_none(
        self, instance: object, calls: Calls
    ) -> None:
        signal = Signal()
        receiver(signal, on_commit=True)(calls.receive)
        with transaction.atomic(using="other"):
            signal.send(None, size=30, instance=instance)
            assert len(calls) == 1

    def test_default_database_is_used_without_any(self, signal: Any, calls: Calls) -> None:
        receiver(signal, on_commit=True)(calls.receive)
        with transaction.atomic(using="other"):
            signal.send(None, size=30)
            assert len(calls) == 1


class TestErrors:
    def test_they_propagate_at_commit(self, signal: Any) -> None:
        @receiver(signal, on_commit=True)
        def fail(**kwargs: Any) -> None:
            raise LookupError("no oven")

        block = transaction.atomic()
        block.__enter__()
        signal.send(None, size=30)
        with pytest.raises(LookupError, match="no oven"):
            block.__exit__(None, None, None)

    def test_they_propagate_from_a_send_outside_of_a_transaction(self, signal: Any) -> None:
        @receiver(signal, on_commit=True)
        def fail(**kwargs: Any) -> None:
            raise LookupError("no oven")

        with pytest.raises(LookupError, match="no oven"):
            signal.send(None, size=30)

    def test_robust_receivers_are_logged_by_name_and_do_not_stop_others(
        self, signal: Any, calls: Calls, caplog: pytest.LogCaptureFixture
    ) -> None:
        @receiver(signal, on_commit=True, robust=True)
        def fail(**kwargs: Any) -> None:
            raise LookupError("no oven")

        receiver(signal, on_commit=True)(calls.receive)
        with caplog.at_level(logging.ERROR), transaction.atomic():
            signal.send(None, size=30)
        assert len(calls) == 1
        assert f"{__name__}.TestErrors" in caplog.text
        assert "no oven" in caplog.text

    def test_send_robust_returns_the_error_outside_of_a_transaction(
        self, signal: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        @receiver(signal, on_commit=True)
        def fail(**kwargs: Any) -> None:
            raise LookupError("no oven")

        [(_, response)] = signal.send_robust(None, size=30)
        assert isinstance(response, LookupError)
        assert "fail" in caplog.text


class TestConnecting:
    def test_function_is_returned_unchanged(self, signal: Any) -> None:
        def receive(**kwargs: Any) -> None: ...

        assert receiver(signal, on_commit=True)(receive) is receive

    def test_connected_object_has_the_name_of_the_receiver(self) -> None:
        def bake(**kwargs: Any) -> None:
            """Bake it."""

        signal = DjangoSignal()
        for receiving in (bake, Later()):
            receiver(signal, on_commit=True, weak=False)(receiving)
        baking, being_late = (held for _, held, *_ in signal.receivers)
        names = ("__module__", "__name__", "__qualname__", "__doc__")
        assert [getattr(baking, name) for name in names] == [getattr(bake, name) for name in names]
        assert repr(baking) == f"<{__name__}.{bake.__qualname__} on commit>"
        said = [getattr(being_late, name) for name in names]
        assert said == [__name__, "Later", "Later", "Is called later."]

    def test_connecting_twice_connects_once(self, signal: Any, calls: Calls) -> None:
        for _ in range(2):
            receiver(signal, on_commit=True)(calls.receive)
        signal.send(None, size=30)
        assert len(calls) == 1

    @pytest.mark.parametrize("first_on_commit", [True, False])
    def test_first_connection_wins(self, signal: Any, calls: Calls, first_on_commit: bool) -> None:
        receiver(signal, on_commit=first_on_commit)(calls.receive)
        receiver(signal, on_commit=not first_on_commit)(calls.receive)
        with transaction.atomic():
            signal.send(None, size=30)
            assert bool(calls) is not first_on_commit
        assert len(calls) == 1

    def test_function_is_disconnected_by_itself(self, signal: Any) -> None:
        @receiver(signal, on_commit=True)
        def receive(**kwargs: Any) -> None: ...

        assert signal.disconnect(receive)
        assert signal.send(None, size=30) == []
        assert not signal.disconnect(receive)

    def test_method_is_disconnected_by_itself(self, signal: Any, calls: Calls) -> None:
        receiver(signal, on_commit=True)(calls.receive)
        assert not signal.disconnect(Calls().receive)
        assert signal.disconnect(calls.receive)
        assert signal.send(None, size=30) == []

    @pytest.mark.parametrize("weak", [True, False])
    def test_it_is_disconnected_from_its_sender(
        self, signal: Any, calls: Calls, weak: bool
    ) -> None:
        receiver(signal, sender=Pizza, weak=weak, on_commit=True)(calls.receive)
        assert not signal.disconnect(calls.receive)
        assert signal.disconnect(calls.receive, sender=Pizza)

    def test_disconnect_uses_the_dispatch_uid(self, signal: Any, calls: Calls) -> None:
        receiver(signal, dispatch_uid="log", on_commit=True)(calls.receive)
        assert not signal.disconnect(calls.receive)
        assert signal.disconnect(dispatch_uid="log")

    def test_only_the_sender_calls_the_receiver(self, signal: Any, calls: Calls) -> None:
        receiver(signal, sender=Pizza, on_commit=True)(calls.receive)
        signal.send(Topping, size=30)
        signal.send(Pizza, size=32)
        assert [call["size"] for call in calls] == [32]

    def test_list_of_signals(self, calls: Calls) -> None:
        signals: list[Any] = [make() for make in KINDS.values()]
        receiver(signals, on_commit=True)(calls.receive)
        for signal in signals:
            signal.send(None, size=30)
        assert len(calls) == len(signals)

    def test_list_of_signals_with_lazy_models(self, calls: Calls) -> None:
        @receiver((pre_save, post_save), sender="shop.Pizza", on_commit=True)
        def receive(sender: Any, **kwargs: Any) -> None:
            calls.append({"sender": sender})

        Pizza.objects.create(name="margherita")
        assert calls == [{"sender": Pizza}] * 2
        post_save.disconnect(receive, sender=Pizza)
        Pizza.objects.create(name="marinara")
        assert len(calls) == 3

    def test_many_to_many(self, calls: Calls) -> None:
        through: Any = unchecked(Pizza.toppings).through

        @receiver(m2m_changed, sender=through, on_commit=True)
        def receive(action: str, **kwargs: Any) -> None:
            calls.append({"action": action})

        with transaction.atomic():
            pizza = Pizza.objects.create(name="margherita")
            pizza.toppings.add(Topping.objects.create(name="basil"))
            assert calls == []
        assert calls == [{"action": "pre_add"}, {"action": "post_add"}]


class TestWeakness:
    def test_function_without_other_references_is_disconnected(self) -> None:
        signal = DjangoSignal()
        before = count_kept()

        @receiver(signal, on_commit=True)
        def receive(**kwargs: Any) -> None: ...

        reference = weakref.ref(receive)
        gc.collect()
        assert signal.has_listeners()
        del receive
        gc.collect()
        assert reference() is None
        assert not signal.has_listeners()
        assert count_kept() == before

    def test_method_is_disconnected_with_its_object(self, signal: Any) -> None:
        before = count_kept()
        calls = Calls()
        receiver(signal, on_commit=True)(calls.receive)
        signal.send(None, size=30)
        assert len(calls) == 1
        del calls
        gc.collect()
        assert not signal.has_listeners()
        assert count_kept() == before

    def test_function_may_die_after_the_variables_of_our_modules(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        signal = DjangoSignal()
        before = count_kept()

        @receiver(signal, on_commit=True)
        def receive(**kwargs: Any) -> None: ...

        with monkeypatch.context() as patched:
            patched.setattr(_on_commit, "_kept", None)
            del receive
            gc.collect()
        assert count_kept() == before

    def test_strong_receivers_stay_connected(self, signal: Any) -> None:
        received = []
        receiver(signal, weak=False, on_commit=True)(lambda **kwargs: received.append(1))
        gc.collect()
        signal.send(None, size=30)
        assert received == [1]

    def test_function_connected_often_is_stored_once(self, calls: Calls) -> None:
        before = count_kept()
        for _ in range(10):
            receiver(DjangoSignal(), on_commit=True)(calls.receive)
        assert count_kept() == before + 1


class TestRefused:
    """
    No receiver is connected in any of these cases.
    """

    def refusal(self, signal: Any, candidate: Any, **arguments: Any) -> str:
        with pytest.raises((ReceiverTypeError, ReceiverSignatureError)) as refused:
            receiver(signal, on_commit=True, **arguments)(candidate)
        return str(refused.value)

    def test_receiver_that_does_not_fit_a_declared_signal(self) -> None:
        def receive(sice: int, **kwargs: Any) -> None: ...

        signal = Signal[object, PizzaDone]()
        text = self.refusal(signal, receive)
        assert "'sice' is never sent (PizzaDone does not declare it): did you mean 'size'?" in text
        assert f"receive ({__file__}:" in text
        assert signal.receivers == []

    def test_receiver_that_does_not_fit_a_signal_of_django(self) -> None:
        def receive(created: bool, **kwargs: Any) -> None: ...

        text = self.refusal(pre_save, receive)
        assert text.startswith("django.db.models.signals.pre_save cannot connect ")
        assert "'created' is never sent" in text
        assert receiver(post_save, on_commit=True)(receive) is receive

    def test_receiver_without_kwargs(self, signal: Any) -> None:
        def receive(sender: object, size: int) -> None: ...

        assert "Add **kwargs" in self.refusal(signal, receive)
        assert not signal.has_listeners()

    def test_all_signals_of_a_list_if_one_refuses(self) -> None:
        def receive(created: bool, **kwargs: Any) -> None: ...

        before = list(post_save.receivers)
        self.refusal([post_save, pre_save], receive)
        assert post_save.receivers == before

    def test_async_receivers(self, signal: Any) -> None:
        async def receive(**kwargs: Any) -> None: ...

        class Receive:
            async def __call__(self, **kwargs: Any) -> None: ...

        for candidate in (receive, functools.partial(receive), Receive()):
            text = self.refusal(signal, candidate)
            assert "on_commit=True does not support async receivers" in text
        assert not signal.has_listeners()
        assert receiver(signal)(receive) is receive

    @pytest.mark.parametrize("weak", [0, 1, "", "yes", None])
    def test_weak_is_read_as_a_truth_value(self, signal: Any, weak: Any) -> None:
        def receive(**kwargs: Any) -> None: ...

        receiver(signal, weak=weak, on_commit=True)(receive)
        if isinstance(signal, BaseSignal):
            [connection] = signal.connections
            assert connection.weak is bool(weak)

    def test_objects_that_are_not_callable(self, signal: Any) -> None:
        assert "must be callable" in self.refusal(signal, "receive")

    def test_receivers_without_weak_references(self, signal: Any) -> None:
        class Receive:
            __slots__ = ()

            def __call__(self, **kwargs: Any) -> None: ...

        assert "Receive objects cannot be weakly referenced: pass weak=False" in self.refusal(
            signal, Receive()
        )
        receiver(signal, weak=False, on_commit=True)(Receive())
        assert signal.has_listeners()


class TestWithoutOnCommit:
    def test_it_is_the_decorator_of_the_core(self, signal: Any, calls: Calls) -> None:
        decorate = receiver(signal, sender=Pizza)
        assert type(decorate) is type(typed_signals.receiver(signal))
        decorate(calls.receive)
        with transaction.atomic():
            [(found, response)] = signal.send(Pizza, size=30)
        assert (found, response) == (calls.receive, "received")

    @pytest.mark.parametrize("arguments", [{"using": "other"}, {"robust": True}])
    def test_arguments_for_it_are_refused(self, signal: Any, arguments: dict[str, Any]) -> None:
        with pytest.raises(TypeError, match="only with on_commit=True"):
            receiver(signal, **arguments)

    def test_objects_that_are_not_signals_are_refused(self) -> None:
        for on_commit in (True, False):
            with pytest.raises(TypeError, match="takes a signal or a list of signals"):
                receiver(unchecked("post_save"), on_commit=on_commit)
