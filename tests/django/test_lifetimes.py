"""
Receivers, senders and signals that die: no send calls them, and no signal keeps them alive.
"""

from __future__ import annotations

import gc
import operator
import sys
import threading
import tracemalloc
import weakref
from typing import TYPE_CHECKING, Any, Final, TypedDict

import pytest

from tests.support import unchecked
from typed_signals.django import ModelSignal, Signal, _routes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


# Longer than anything here takes: then there is a deadlock.
DEADLOCK: Final = 30


class PizzaDone(TypedDict):
    size: int


MAKES: Final[dict[str, Callable[[], Any]]] = {
    "declared": Signal[Any, PizzaDone],
    "undeclared": Signal,
    "caching": lambda: Signal[Any, PizzaDone](use_caching=True),
    "of models": ModelSignal[Any, PizzaDone],
    "of models, caching": lambda: ModelSignal[Any, PizzaDone](use_caching=True),
}


@pytest.fixture(params=MAKES)
def signal(request: pytest.FixtureRequest) -> Any:
    return MAKES[request.param]()


@pytest.fixture(params=[0, 1, 12], ids=["first-send", "second-send", "generated"])
def times(request: pytest.FixtureRequest) -> Any:
    """
    How often the signal was sent before something dies.
    """
    return request.param


@pytest.fixture(autouse=True)
def without_collector() -> Iterator[None]:
    """
    Let everything die when its last reference is deleted, or when the test collects it.
    """
    gc.collect()
    gc.disable()
    yield
    gc.enable()


class Sender:
    pass


class Listener:
    def receive(self, **kwargs: Any) -> str:
        return "method"


class CyclicListener(Listener):
    def __init__(self) -> None:
        self.cycle = self


def steady(**kwargs: Any) -> str:
    return "steady"


STORE: Final = Sender()


def send(signal: Any, sender: object = STORE, times: int = 1) -> list[Any]:
    """
    Send with both sync methods, *times* times, and return the last responses.
    """
    responses: list[Any] = []
    for _ in range(times):
        responses = [response for _, response in signal.send(sender, size=30)]
        assert [response for _, response in signal.send_robust(sender, size=30)] == responses
    return responses


# Receivers


def test_weak_function(signal: Any, times: int) -> None:
    def receive(**kwargs: Any) -> str:
        return "function"

    alive = weakref.ref(receive)
    signal.connect(receive)
    signal.connect(steady, sender=STORE)
    send(signal, times=times)
    del receive
    assert alive() is None
    assert send(signal) == ["steady"]
    assert signal.has_listeners(STORE)
    assert not signal.has_listeners(Sender)
    assert send(signal, times=12) == ["steady"]
    assert len(signal.receivers) == 1


@pytest.mark.parametrize("listener_class", [Listener, CyclicListener])
def test_object_of_a_weak_method(signal: Any, times: int, listener_class: Any) -> None:
    listener = listener_class()
    alive = weakref.ref(listener)
    signal.connect(listener.receive)
    signal.connect(listener.receive, sender=STORE, dispatch_uid="again")
    signal.connect(steady)
    send(signal, times=times)
    del listener
    gc.collect()
    assert alive() is None
    assert send(signal) == ["steady"]
    assert send(signal, times=12) == ["steady"]


def test_only_receiver(signal: Any, times: int) -> None:
    listener = Listener()
    signal.connect(listener.receive, sender=STORE)
    assert send(signal, times=times) == ["method"] * min(times, 1)
    del listener
    assert send(signal) == []
    assert not signal.has_listeners(STORE)
    signal.connect(steady)
    assert send(signal) == ["steady"]


def test_function_of_a_weak_method(signal: Any, times: int) -> None:
    class Changing:
        def receive(self, **kwargs: Any) -> str:
            return "old"

    listener: Any = Changing()
    signal.connect(listener.receive)
    signal.connect(steady)
    send(signal, times=times)
    unchecked(Changing).receive = lambda self, **kwargs: "new"
    assert send(signal) == ["steady"]
    signal.connect(listener.receive)
    assert send(signal) == ["steady", "new"]
    assert send(signal, times=times) == ["steady", "new"][: 2 * times]
    del Changing.receive
    assert send(signal) == ["steady"]


def test_function_of_a_weak_method_that_is_stored_elsewhere(signal: Any, times: int) -> None:
    class Changing:
        def receive(self, **kwargs: Any) -> str:
            return "old"

    listener, function = Changing(), Changing.receive
    signal.connect(listener.receive)
    send(signal, times=times)
    del Changing.receive
    assert send(signal) == ["old"]
    del function
    assert send(signal) == []


def test_strong_receiver_dies_with_its_connection(signal: Any, times: int) -> None:
    ways: list[Callable[[], object]] = [
        lambda: signal.disconnect(dispatch_uid="uid"),
        lambda: operator.delitem(signal.receivers, 0),
        lambda: operator.setitem(signal.receivers, slice(None), []),
        lambda: setattr(signal, "receivers", []),
    ]
    for disconnect in ways:
        listener = Listener()
        alive = weakref.ref(listener)
        signal.connect(listener.receive, weak=False, dispatch_uid="uid")
        del listener
        assert send(signal, times=times + 1) == ["method"]
        disconnect()
        signal.sender_receivers_cache.clear()
        assert alive() is None
        assert send(signal) == []


def test_receiver_that_another_one_deletes_is_still_called(signal: Any, times: int) -> None:
    listeners: list[Any] = []

    def delete(**kwargs: Any) -> str:
        listeners.clear()
        return "deleted"

    signal.connect(delete)
    signal.connect(steady)
    for _ in range(times + 1):
        listeners.append(Listener())
        alive = weakref.ref(listeners[0])
        signal.connect(listeners[0].receive, sender=STORE)
        responses = [response for _, response in signal.send(STORE, size=30)]
        assert responses == ["deleted", "steady", "method"]
        assert alive() is None
        assert send(signal) == ["deleted", "steady"]


def test_receiver_that_deletes_itself(signal: Any, times: int) -> None:
    signal.connect(steady)
    send(signal, times=times)
    for _ in range(3):
        listeners: list[Any] = []

        class Leaving(Listener):
            def receive(self, **kwargs: Any) -> str:
                listeners.clear()  # noqa: B023 - of this iteration
                return "left"

        listeners.append(Leaving())
        signal.connect(listeners[0].receive, sender=STORE)
        assert [response for _, response in signal.send(STORE, size=30)] == ["steady", "left"]
        assert send(signal) == ["steady"]


def test_no_references_are_kept(signal: Any, times: int) -> None:
    def receive(**kwargs: Any) -> str:
        return "function"

    listener, sender = Listener(), Sender()
    watched = (receive, listener, sender, Listener.receive)
    before = [sys.getrefcount(each) for each in watched]
    signal.connect(receive)
    signal.connect(listener.receive, sender=sender)
    signal.connect(listener.receive)
    send(signal, sender, times=times)
    send(signal, Sender, times=times)
    assert [sys.getrefcount(each) for each in watched] == before
    with pytest.raises(ZeroDivisionError):
        fail_in_the_middle(signal, sender)
    assert [sys.getrefcount(each) for each in watched] == before


def fail_in_the_middle(signal: Any, sender: object) -> None:
    def fail(**kwargs: Any) -> None:
        raise ZeroDivisionError

    signal.connect(fail)
    signal.connect(steady)
    signal.send(sender, size=30)


class Finalized:
    """
    Uses a signal when the collector finds it.
    """

    def __init__(self, finalize: Callable[[], None]) -> None:
        self.cycle = self
        self.finalize = finalize

    def receive(self, **kwargs: Any) -> str:
        return "finalized"

    def __del__(self) -> None:
        self.finalize()


def test_finalizer_uses_the_signal_that_the_collector_interrupted(signal: Any) -> None:
    finalized: list[Any] = []
    listener = Listener()

    def called() -> list[Any]:
        return [response for _, response in signal.send(STORE, size=30)]

    def finalize() -> None:
        def receive(**kwargs: Any) -> str:
            return "in the finalizer"

        signal.connect(receive)
        assert called().count("in the finalizer") == 1
        assert signal.disconnect(receive)
        finalized.append(receive)

    def work() -> None:
        for allocations in range(150):
            gc.disable()
            signal.connect(Finalized(finalize).receive, sender=STORE)
            # The collector runs after so many new objects.
            gc.set_threshold(gc.get_count()[0] + allocations % 50 + 1)
            gc.enable()
            signal.connect(listener.receive, sender=STORE)
            assert called().count("steady") == 1
            assert called().count("method") == 1
            assert signal.disconnect(listener.receive, sender=STORE)
            assert called().count("method") == 0
        succeeded.append(True)

    succeeded: list[bool] = []
    signal.connect(steady)
    thresholds = gc.get_threshold()
    thread = threading.Thread(target=work, daemon=True)
    try:
        thread.start()
        thread.join(DEADLOCK)
        assert not thread.is_alive()
    finally:
        gc.set_threshold(*thresholds)
        gc.disable()
    gc.collect()
    assert succeeded
    assert len(finalized) == 150
    assert send(signal) == ["steady"]
    assert len(signal.receivers) == 1


# Senders


def test_sender_dies(signal: Any, times: int) -> None:
    sender = Sender()
    alive = weakref.ref(sender)
    signal.connect(steady, sender=sender)
    assert send(signal, sender, times=times + 1) == ["steady"]
    del sender
    assert alive() is None
    assert send(signal) == []
    # Django 5.2 finds dead senders when a receiver or a sender of another connection dies.
    signal.connect(steady, sender=STORE)
    assert send(signal) == ["steady"]
    assert len(signal.receivers) == 1


def test_sender_without_receivers_of_its_own_dies(signal: Any, times: int) -> None:
    sender = Sender()
    alive = weakref.ref(sender)
    signal.connect(steady)
    send(signal, sender, times=times + 1)
    del sender
    assert alive() is None
    assert send(signal) == ["steady"]


def test_sender_in_a_cycle_dies(signal: Any, times: int) -> None:
    sender: Any = Sender()
    sender.cycle = [sender]
    alive = weakref.ref(sender)
    signal.connect(steady, sender=sender)
    send(signal, sender, times=times + 1)
    del sender
    gc.collect()
    assert alive() is None
    assert send(signal) == []


def test_sender_that_refers_to_the_signal_dies(times: int) -> None:
    for make in MAKES.values():
        sender: Any = Sender()
        sender.signal = make()
        alive = weakref.ref(sender), weakref.ref(sender.signal)
        # Before Django 6.1, a weak receiver keeps the signal alive.
        sender.signal.connect(steady, sender=sender, weak=False)
        sender.signal.connect(steady, weak=False)
        send(sender.signal, sender, times=times + 1)
        del sender
        gc.collect()
        assert [each() for each in alive] == [None, None]


def test_function_and_class_as_senders_die(signal: Any, times: int) -> None:
    class Model: ...

    makers: list[Callable[[], Any]] = [
        lambda: lambda: None,
        lambda: type("Model", (), {}),
        Model,
    ]
    for make in makers:
        sender = make()
        alive = weakref.ref(sender)
        signal.connect(steady, sender=sender)
        assert send(signal, sender, times=times + 1) == ["steady"]
        assert send(signal, make(), times=times) == []
        del sender
        gc.collect()
        assert alive() is None


def test_id_of_a_dead_sender_is_used_again(signal: Any, times: int) -> None:
    for _ in range(20):
        sender = Sender()
        signal.connect(steady, sender=sender)
        send(signal, sender, times=times)
        old = id(sender)
        del sender
        others = []
        for _ in range(100):
            others.append(Sender())
            assert send(signal, others[-1]) == []
            if id(others[-1]) == old:
                break


def test_id_of_a_dead_receiver_is_used_again(signal: Any, times: int) -> None:
    for _ in range(20):
        listener: Any = Listener()
        old = id(listener)
        signal.connect(listener.receive)
        send(signal, times=times)
        del listener
        others = [Listener() for _ in range(20)]
        again = [each for each in others if id(each) == old]
        for each in again:
            signal.connect(each.receive)
            assert signal.disconnect(each.receive)
            signal.connect(each.receive)
            assert send(signal) == ["method"]
            assert signal.disconnect(each.receive)
        assert send(signal) == []


def test_receiver_of_a_dead_sender_dies(signal: Any, times: int) -> None:
    sender, listener = Sender(), Listener()
    alive = weakref.ref(listener)
    signal.connect(listener.receive, sender=sender, weak=False)
    signal.connect(steady)
    send(signal, sender, times=times)
    send(signal, times=times)
    del listener, sender
    assert send(signal) == ["steady"]
    signal.connect(steady, dispatch_uid="again")
    assert alive() is None


def test_receiver_that_only_a_dead_sender_kept_leaves_no_connection(
    signal: Any, times: int
) -> None:
    def receive(**kwargs: Any) -> str:
        return "function"

    sender = Sender()
    signal.connect(receive)
    signal.connect(receive, sender=sender, weak=False)
    assert send(signal, sender, times) == (["function", "function"] if times else [])
    del receive, sender
    assert not signal.has_listeners(STORE)
    assert [*signal.receivers] == []


def test_senders_leave_nothing_behind(signal: Any) -> None:
    signal.connect(steady, weak=False)
    send(signal, times=12)

    def send_from_many() -> None:
        senders = [Sender() for _ in range(100)]
        for each in senders:
            # Before 6.1, Django stores something until a weak receiver dies.
            signal.connect(steady, sender=each, weak=False)
            send(signal, each)
        send(signal, Sender())
        for each in senders:
            signal.disconnect(steady, sender=each)
        for each in senders:
            send(signal, each)

    send_from_many()
    tracemalloc.start()
    try:
        for _ in range(2):
            send_from_many()
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(20):
            send_from_many()
        send(signal)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # A tuple for each sender would be more.
    assert after - before < 20 * 100 * 32


def test_any_number_of_classes_that_send_leave_little_behind(
    signal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_routes, "_MANY", 10)
    signal.connect(steady)
    signal.connect(steady, sender=STORE)
    senders = [type(f"Model{number}", (), {}) for number in range(50)]
    for _ in range(3):
        for sender in senders:
            assert send(signal, sender) == ["steady"]
    assert len(signal.receivers.routes.plan[-1]) == 10
    assert send(signal) == ["steady", "steady"]


# Senders that cannot be weakly referenced


@pytest.mark.parametrize("sender", ["store", 30, ("a", 1), 10**20])
def test_values_are_senders_by_identity(sender: Any, times: int) -> None:
    signal: Any = Signal[Any, PizzaDone]()
    equal = eval(repr(sender), {"Store": None})  # noqa: S307 - another object, if not cached
    signal.connect(steady, sender=sender)
    assert send(signal, sender, times=times + 1) == ["steady"]
    assert send(signal, equal, times=times + 1) == (["steady"] if equal is sender else [])
    assert send(signal, Sender(), times=times) == []
    assert signal.disconnect(steady, sender=sender)
    assert send(signal, sender) == []


def test_equal_senders_are_different(times: int) -> None:
    class Equal:
        def __eq__(self, other: object) -> bool:
            return isinstance(other, Equal)

        def __hash__(self) -> int:
            return 1

    signal: Any = Signal[Any, PizzaDone]()
    one, other = Equal(), Equal()
    signal.connect(steady, sender=one)
    assert send(signal, one, times=times + 1) == ["steady"]
    assert send(signal, other, times=times + 1) == []
    assert send(signal, one) == ["steady"]


class Strange:
    """
    Cannot be compared.
    """

    def __eq__(self, other: object) -> bool:
        raise ZeroDivisionError

    def __hash__(self) -> int:
        raise ZeroDivisionError

    def __bool__(self) -> bool:
        raise ZeroDivisionError


@pytest.mark.parametrize("use_caching", [False, True])
@pytest.mark.parametrize(
    "sender",
    [None, "store", 30, [1], {"a": 1}, Strange()],
    ids=lambda sender: type(sender).__name__,
)
def test_sender_that_django_cannot_look_up_has_the_same_result_in_each_send(
    sender: Any, use_caching: bool
) -> None:
    signal: Any = Signal[Any, PizzaDone](use_caching=use_caching)
    assert send(signal, sender) == []
    signal.connect(steady)
    results = []
    for method in [signal.send] * 12 + [signal.send_robust] * 12:
        try:
            results.append(method(sender, size=30))
        except (TypeError, ZeroDivisionError) as error:
            results.append(type(error))
    assert results == [results[0]] * 24
    assert send(signal) == ["steady"]


# Signals


def test_signal_dies(times: int) -> None:
    for make in MAKES.values():
        listener, sender = Listener(), Sender()
        signal = make()
        alive = weakref.ref(signal)
        # Before Django 6.1, a weak receiver keeps the signal alive.
        for each in (listener.receive, steady):
            signal.connect(each, weak=False)
            signal.connect(each, sender=sender, weak=False, dispatch_uid="uid")
        send(signal, sender, times=times)
        del signal
        gc.collect()
        assert alive() is None
