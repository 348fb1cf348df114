"""
What the documentation says about other libraries, where it compares or replaces them.

That the two programs of a guide for migrating print the same is tested with the other pages.
"""

from __future__ import annotations

import asyncio
import gc
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict

import blinker
import pluggy
import psygnal
import pytest
from pydispatch import dispatcher, errors, robust

from typed_signals import Signal, receiver
from typed_signals.exceptions import (
    PayloadError,
    ReceiverCollectedWarning,
    ReceiverSignatureError,
)
from typed_signals.testing import mute

if TYPE_CHECKING:
    from collections.abc import Callable


class PizzaDone(TypedDict):
    size: int


class Store:
    pass


class Model:
    """
    The signals of psygnal are attributes of a class.
    """

    pizza_done = psygnal.Signal(list, int)


def new_signal() -> Any:
    return Signal[Any, PizzaDone]()


def responses(sent: list[tuple[Any, Any]]) -> list[Any]:
    return [response for _, response in sent]


class TestBlinker:
    def test_the_sender_is_positional_there_and_a_keyword_here(self) -> None:
        def log(store: object, size: int) -> object:
            return store

        def log_all(store: object, **kwargs: object) -> object:
            return store

        theirs, ours = blinker.Signal(), new_signal()
        theirs.connect(log)
        assert responses(theirs.send("a", size=32)) == ["a"]
        with pytest.raises(ReceiverSignatureError, match=r"Add \*\*kwargs"):
            ours.connect(log)
        with pytest.raises(ReceiverSignatureError, match="rename it to 'sender'"):
            ours.connect(log_all)

    def test_connect_is_a_decorator_only_there(self) -> None:
        def log(sender: object, **kwargs: object) -> None: ...

        theirs, ours = blinker.Signal(), new_signal()
        assert theirs.connect(log) is log
        assert ours.connect(log) is None

    def test_a_function_that_is_replaced_by_what_connect_returns(self) -> None:
        def connect() -> None:
            def log(sender: object, **kwargs: object) -> None: ...

            ours.connect(log)

        ours = new_signal()
        connect()
        with pytest.warns(ReceiverCollectedWarning):
            assert ours.send(None, size=32) == []

    def test_receivers_for_all_senders_and_for_one(self) -> None:
        def log(sender: object, **kwargs: object) -> None: ...

        store = Store()
        theirs, ours = blinker.Signal(), new_signal()
        for signal in theirs, ours:
            signal.connect(log)
            signal.connect(log, sender=store)
        assert len(theirs.send(store, size=32)) == 1
        assert len(ours.send(store, size=32)) == 2
        theirs.disconnect(log)
        ours.disconnect(log)
        assert len(theirs.send(store, size=32)) == 0
        assert len(ours.send(store, size=32)) == 1

    def test_none_as_the_sender(self) -> None:
        def log(sender: object, **kwargs: object) -> None: ...

        theirs, ours = blinker.Signal(), new_signal()
        for signal in theirs, ours:
            signal.connect(log, sender=None)
        assert len(theirs.send("a", size=32)) == 0
        assert len(theirs.send(None, size=32)) == len(theirs.send(size=32)) == 1
        assert len(ours.send("a", size=32)) == len(ours.send(None, size=32)) == 1

    @pytest.mark.parametrize("falsy", [0, False])
    def test_zero_as_the_sender(self, falsy: object) -> None:
        def log(sender: object, **kwargs: object) -> None: ...

        theirs, ours = blinker.Signal(), new_signal()
        with pytest.raises(AssertionError):
            theirs.connect(log, sender=falsy)
        ours.connect(log, sender=falsy)
        assert len(ours.send(falsy, size=32)) == 1
        assert len(ours.send("a", size=32)) == 0

    def test_equal_strings_as_senders(self) -> None:
        def log(sender: object, **kwargs: object) -> None: ...

        words = "down", "town"
        first, second = ("-".join(words) for _ in range(2))
        theirs, ours = blinker.Signal(), new_signal()
        for signal in theirs, ours:
            signal.connect(log, sender=first)
        assert len(theirs.send(second, size=32)) == 1
        assert len(ours.send(second, size=32)) == 0
        assert len(ours.send(first, size=32)) == 1

    def test_local_functions(self) -> None:
        theirs, ours = blinker.Signal(), new_signal()

        def connect() -> None:
            def log(sender: object, **kwargs: object) -> None: ...

            theirs.connect_via(Store)(log)
            receiver(ours, sender=Store, weak=False)(log)

        connect()
        gc.collect()
        assert len(theirs.send(Store, size=32)) == len(ours.send(Store, size=32)) == 1

    def test_async_and_sync_receivers(self) -> None:
        async def deliver(sender: object, **kwargs: object) -> str:
            return "async"

        def log(sender: object, **kwargs: object) -> str:
            return "sync"

        theirs, ours = blinker.Signal(), new_signal()
        for signal in theirs, ours:
            signal.connect(deliver)
        with pytest.raises(RuntimeError, match="coroutine function"):
            theirs.send(None, size=32)
        assert responses(ours.send(None, size=32)) == ["async"]
        assert responses(asyncio.run(theirs.send_async(None, size=32))) == ["async"]
        for signal in theirs, ours:
            signal.connect(log)
        with pytest.raises(RuntimeError, match="non-coroutine"):
            asyncio.run(theirs.send_async(None, size=32))
        assert responses(asyncio.run(ours.asend(None, size=32))) == ["sync", "async"]

    def test_async_receivers_are_awaited_one_after_the_other_there(self) -> None:
        steps = []

        async def work(name: str) -> None:
            steps.append(f"{name} starts")
            await asyncio.sleep(0)
            steps.append(f"{name} ends")

        async def first(sender: object, **kwargs: object) -> None:
            await work("first")

        async def second(sender: object, **kwargs: object) -> None:
            await work("second")

        theirs, ours = blinker.Signal(), new_signal()
        for signal in theirs, ours:
            signal.connect(first)
            signal.connect(second)
        asyncio.run(theirs.send_async(None, size=32))
        assert [step.split()[1] for step in steps] == ["starts", "ends", "starts", "ends"]
        steps.clear()
        asyncio.run(ours.asend(None, size=32))
        assert steps == ["first starts", "second starts", "first ends", "second ends"]

    def test_sender_as_a_key(self) -> None:
        def log(store: object, sender: object) -> object:
            return sender

        theirs, ours = blinker.Signal(), new_signal()
        theirs.connect(log)
        assert responses(theirs.send("a", sender="b")) == ["b"]
        with pytest.raises(PayloadError):
            ours.send("a", signal="b")

    def test_what_is_connected(self) -> None:
        def log(sender: object, **kwargs: object) -> None: ...

        theirs, ours = blinker.Signal(), new_signal()
        assert not theirs.receivers
        assert not ours.has_listeners()
        with theirs.connected_to(log, sender=Store), ours.connected(log, sender=Store):
            assert theirs.receivers
            assert ours.has_listeners(Store)
            assert theirs.has_receivers_for(Store)
            assert [each.receiver for each in ours.connections] == [log]
            assert list(theirs.receivers_for(Store)) == [log]
        assert not ours.has_listeners(Store)

    def test_muted(self) -> None:
        def log(sender: object, **kwargs: object) -> None: ...

        theirs, ours = blinker.Signal(), new_signal()
        for signal in theirs, ours:
            signal.connect(log)
        with theirs.muted(), mute(ours, everywhere=True):
            assert theirs.send(None, size=32) == ours.send(None, size=32) == []


class TestPyDispatcher:
    def test_only_what_the_receiver_names_is_passed_there(self) -> None:
        def log(size: int) -> int:
            return size

        theirs, ours = object(), new_signal()
        dispatcher.connect(log, signal=theirs)
        assert responses(dispatcher.send(theirs, Store, size=32, more=1)) == [32]
        with pytest.raises(ReceiverSignatureError, match=r"Add \*\*kwargs"):
            ours.connect(log)

    def test_parameters_that_are_never_sent(self) -> None:
        def required(sise: int, **kwargs: object) -> int:
            return sise

        def optional(sise: int = 0, **kwargs: object) -> int:
            return sise

        theirs, ours = object(), new_signal()
        dispatcher.connect(optional, signal=theirs)
        ours.connect(optional)
        assert responses(dispatcher.send(theirs, size=32)) == [0]
        assert responses(ours.send(None, size=32)) == [0]
        dispatcher.connect(required, signal=theirs)
        with pytest.raises(TypeError, match="missing 1 required"):
            dispatcher.send(theirs, size=32)
        with pytest.raises(ReceiverSignatureError, match="did you mean 'size'"):
            ours.connect(required)

    def test_parameters_after_a_star(self) -> None:
        def log(*, size: int = 0) -> int:
            return size

        def log_all(*, size: int = 0, **kwargs: object) -> int:
            return size

        theirs, ours = object(), new_signal()
        dispatcher.connect(log, signal=theirs)
        ours.connect(log_all)
        assert responses(dispatcher.send(theirs, size=32)) == [0]
        assert responses(ours.send(None, size=32)) == [32]

    def test_values_by_position(self) -> None:
        def log(size: int, **kwargs: object) -> int:
            return size

        theirs, ours = object(), new_signal()
        dispatcher.connect(log, signal=theirs)
        ours.connect(log)
        assert responses(dispatcher.send(theirs, Store, 32)) == [32]
        with pytest.raises(PayloadError, match="by position"):
            ours.send(Store, 32)

    def test_a_misspelt_signal_has_no_receivers_there(self) -> None:
        assert dispatcher.send("pizza-doen", Store) == []

    def test_receivers_for_all_senders_and_for_one(self) -> None:
        def log(**kwargs: object) -> None: ...

        theirs, ours = object(), new_signal()
        dispatcher.connect(log, signal=theirs)
        dispatcher.connect(log, signal=theirs, sender=Store)
        ours.connect(log)
        ours.connect(log, sender=Store)
        assert len(dispatcher.send(theirs, Store)) == 1
        assert len(ours.send(Store, size=32)) == 2
        assert len(dispatcher.sendExact(theirs, Store)) == 1

    def test_a_receiver_that_is_connected_again(self) -> None:
        def first(**kwargs: object) -> str:
            return "first"

        def second(**kwargs: object) -> str:
            return "second"

        theirs, ours = object(), new_signal()
        for function in first, second, first:
            dispatcher.connect(function, signal=theirs)
            ours.connect(function)
        assert responses(dispatcher.send(theirs)) == ["second", "first"]
        assert responses(ours.send(None, size=32)) == ["first", "second"]

    def test_disconnect_of_what_is_not_connected(self) -> None:
        def log(**kwargs: object) -> None: ...

        with pytest.raises(errors.DispatcherKeyError):
            dispatcher.disconnect(log, signal=object())
        assert not new_signal().disconnect(log)

    def test_async_receivers(self) -> None:
        async def deliver(**kwargs: object) -> str:
            return "delivered"

        theirs, ours = object(), new_signal()
        dispatcher.connect(deliver, signal=theirs)
        ours.connect(deliver)
        ((_, coroutine),) = dispatcher.send(theirs)
        coroutine.close()
        assert responses(ours.send(None, size=32)) == ["delivered"]

    def test_partials(self) -> None:
        def log(oven: int, **kwargs: object) -> int:
            return oven

        bound = partial(log, 7)
        theirs, ours = object(), new_signal()
        dispatcher.connect(bound, signal=theirs)
        ours.connect(bound)
        with pytest.raises(ValueError, match="partial"):
            dispatcher.send(theirs)
        assert responses(ours.send(None, size=32)) == [7]

    def test_robust_sends(self) -> None:
        def fail(**kwargs: object) -> None:
            raise ValueError

        theirs, ours = object(), new_signal()
        dispatcher.connect(fail, signal=theirs)
        ours.connect(fail)
        (their_error,) = responses(robust.sendRobust(theirs))
        (our_error,) = responses(ours.send_robust(None, size=32))
        assert type(their_error) is type(our_error) is ValueError

    def test_any_and_anonymous(self) -> None:
        def log(signal: object, **kwargs: object) -> object:
            return signal

        def anonymous(**kwargs: object) -> None: ...

        theirs = object()
        dispatcher.connect(log, signal=dispatcher.Any, sender=Store)
        assert responses(dispatcher.send(theirs, Store)) == [theirs]
        dispatcher.connect(anonymous, signal=theirs, sender=dispatcher.Anonymous)
        assert len(dispatcher.send(theirs)) == 1
        assert len(dispatcher.send(theirs, Model)) == 0


class TestPsygnal:
    def test_values_are_passed_from_the_left_there(self) -> None:
        seen: list[object] = []

        def log(toppings: object) -> None:
            seen.append(toppings)

        model = Model()
        model.pizza_done.connect(log)
        model.pizza_done.emit(["ham"], 32)
        assert seen == [["ham"]]

    def test_values_that_are_missing(self) -> None:
        def log(toppings: object) -> None: ...

        model = Model()
        model.pizza_done.connect(log)
        model.pizza_done.emit(["ham"])
        with pytest.raises(TypeError):
            model.pizza_done.emit(["ham"], check_nargs=True)
        with pytest.raises(PayloadError, match="missing 'size'"):
            new_signal().send(model)

    def test_what_a_send_returns_and_raises(self) -> None:
        def fail(*args: object, **kwargs: object) -> None:
            raise ValueError("no flour")

        model, ours = Model(), new_signal()
        result: object = model.pizza_done.emit([], 32)
        assert result is None
        model.pizza_done.connect(fail)
        with pytest.raises(psygnal.EmitLoopError) as caught:
            model.pizza_done.emit([], 32)
        assert isinstance(caught.value.__cause__, ValueError)
        ours.connect(fail)
        with pytest.raises(ValueError, match="no flour"):
            ours.send(model, size=32)

    def test_functions_are_kept_there(self) -> None:
        seen = []
        model, ours = Model(), new_signal()

        def connect() -> None:
            model.pizza_done.connect(lambda: seen.append("theirs"))
            ours.connect(lambda **kwargs: seen.append("ours"), weak=False)

        connect()
        gc.collect()
        model.pizza_done.emit([], 32)
        ours.send(model, size=32)
        assert seen == ["theirs", "ours"]

    def test_a_receiver_that_is_connected_twice(self) -> None:
        seen = []

        def log(*args: object, **kwargs: object) -> None:
            seen.append(kwargs)

        model, ours = Model(), new_signal()
        for _ in range(2):
            model.pizza_done.connect(log)
            ours.connect(log, sender=model)
        model.pizza_done.emit([], 32)
        assert len(seen) == len(model.pizza_done) == 2
        assert len(ours.send(model, size=32)) == len(ours.connections) == 1

    def test_the_default_order_of_sends_in_receivers(self) -> None:
        seen: list[tuple[str, object]] = []
        model, ours = Model(), new_signal()

        def first(toppings: object, size: int) -> None:
            seen.append(("first", size))
            if size > 30:
                model.pizza_done.emit([], 30)

        def second(toppings: object, size: int) -> None:
            seen.append(("second", size))

        def our_first(size: int, **kwargs: object) -> None:
            first([], size) if size <= 30 else seen.append(("first", size))
            if size > 30:
                ours.send(model, size=30)

        def our_second(size: int, **kwargs: object) -> None:
            second([], size)

        model.pizza_done.connect(first)
        model.pizza_done.connect(second)
        model.pizza_done.emit([], 32)
        theirs = seen.copy()
        seen.clear()
        ours.connect(our_first)
        ours.connect(our_second)
        ours.send(model, size=32)
        assert theirs == seen == [("first", 32), ("first", 30), ("second", 30), ("second", 32)]

    def test_a_receiver_there_can_send_a_signal_here(self) -> None:
        ours, seen = new_signal(), []

        def forward(toppings: object, size: int) -> None:
            ours.send(model, size=size)

        def log(size: int, **kwargs: object) -> None:
            seen.append(size)

        model = Model()
        model.pizza_done.connect(forward)
        ours.connect(log)
        model.pizza_done.emit([], 32)
        assert seen == [32]

    def test_what_connect_checks(self) -> None:
        def too_many(toppings: object, size: object, minutes: object) -> None: ...

        def other_types(toppings: str, size: str) -> None: ...

        model = Model()
        with pytest.raises(ValueError, match="at least 3 positional"):
            model.pizza_done.connect(too_many)
        model.pizza_done.connect(other_types)
        with pytest.raises(ValueError, match="Slot types"):
            model.pizza_done.connect(other_types, check_types=True)


class TestPluggy:
    """
    pytest's own plugin system.
    """

    def register(self, implementation: Callable[..., object]) -> pluggy.PluginManager:
        class Hooks:
            @pluggy.HookspecMarker("shop")
            def pizza_done(self, toppings: object, size: int) -> None: ...

        manager = pluggy.PluginManager("shop")
        manager.add_hookspecs(Hooks)
        marked = pluggy.HookimplMarker("shop")(implementation)
        manager.register(type("Plugin", (), {"pizza_done": staticmethod(marked)}))
        return manager

    def test_names_of_arguments_are_checked_at_registration(self) -> None:
        manager = self.register(lambda size: size)
        assert manager.hook.pizza_done(toppings=[], size=32) == [32]
        with pytest.raises(pluggy.PluginValidationError, match="'sise'"):
            self.register(lambda sise: sise)

    def test_an_argument_that_is_left_out_is_a_warning(self) -> None:
        manager = self.register(lambda size: size)
        with pytest.warns(UserWarning, match="toppings"):
            manager.hook.pizza_done(size=32)
