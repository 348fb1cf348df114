"""
What Django's own tests check of its signals, on ours; the nox session ``djangos_tests`` runs those.

Each test also describes Django's signals.
"""

from __future__ import annotations

import gc
import logging
import sys
import threading
import weakref
from typing import TYPE_CHECKING, Any, Final, TypedDict
from unittest import mock

import pytest
from django.apps.registry import Apps
from django.db import models
from django.db.models.signals import ModelSignal as DjangoModelSignal
from django.dispatch import Signal as DjangoSignal
from django.dispatch import receiver as djangos_receiver

from typed_signals.django import ModelSignal, Signal, receiver
from typed_signals.exceptions import ReceiverSignatureError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.any_python

# Longer than anything here takes: then there is a deadlock.
DEADLOCK: Final = 30


class PizzaDone(TypedDict):
    size: int


class Store: ...


MAKES: Final[dict[str, Callable[..., Any]]] = {
    "Django's": DjangoSignal,
    "declared": Signal[Any, PizzaDone],
    "undeclared": Signal,
    "caching": lambda: Signal[Any, PizzaDone](use_caching=True),
    "of models": ModelSignal[Any, PizzaDone],
}

WITHOUT_CACHING: Final = [each for name, each in MAKES.items() if name != "caching"]


@pytest.fixture(params=MAKES)
def make(request: pytest.FixtureRequest) -> Any:
    return MAKES[request.param]


@pytest.fixture
def signal(make: Any) -> Any:
    return make()


@pytest.fixture(params=[0, 12], ids=["first-send", "generated"], autouse=True)
def sent_before(request: pytest.FixtureRequest, signal: Any) -> None:
    """
    Send before the test connects its receivers.
    """
    signal.connect(echo)
    for method in (signal.send, signal.send_robust):
        for _ in range(request.param):
            assert method(Store, size=30) == [(echo, 30)]
    signal.disconnect(echo)


@pytest.fixture(params=["send", "send_robust"])
def method(request: pytest.FixtureRequest) -> Any:
    return request.param


def echo(size: int, **kwargs: Any) -> int:
    return size


class Kitchen:
    def __call__(self, size: int, **kwargs: Any) -> int:
        return size

    def double(self, size: int, **kwargs: Any) -> int:
        return 2 * size


def assert_is_clean(signal: Any) -> None:
    """
    Assert that nothing is connected, after what died was removed.
    """
    assert not signal.has_listeners(Store)
    assert signal.receivers == []
    assert signal.send(Store, size=30) == []


# Whom a send calls


def test_receiver_of_the_sender(signal: Any, method: str) -> None:
    signal.connect(echo, sender=Store)
    assert getattr(signal, method)(sender=Store, size=30) == [(echo, 30)]
    assert getattr(signal, method)(Kitchen, size=30) == []
    assert signal.disconnect(echo, sender=Store)
    assert_is_clean(signal)


def test_receiver_of_every_sender(signal: Any, method: str) -> None:
    signal.connect(echo)
    for sender in (Store, Kitchen, Store()):
        assert getattr(signal, method)(sender, size=30) == [(echo, 30)]
    assert signal.disconnect(echo)
    assert_is_clean(signal)


def test_receiver_of_a_base_class_is_not_called_for_a_subclass(signal: Any) -> None:
    class BigStore(Store): ...

    signal.connect(echo, sender=Store)
    assert signal.send(BigStore, size=30) == []
    assert signal.send(Store(), size=30) == []


@pytest.mark.parametrize("make", WITHOUT_CACHING)
def test_sender_without_weak_references(signal: Any, method: str) -> None:
    sender = object()
    signal.connect(echo, sender=sender)
    for _ in range(12):
        assert getattr(signal, method)(sender, size=30) == [(echo, 30)]
        assert getattr(signal, method)(object(), size=30) == []
    assert signal.disconnect(echo, sender=sender)
    assert_is_clean(signal)


@pytest.mark.parametrize("make", WITHOUT_CACHING)
def test_receiver_of_none_is_one_of_every_sender(signal: Any) -> None:
    signal.connect(echo, sender=Store)
    assert signal.send(None, size=30) == []
    signal.connect(echo)
    assert signal.send(None, size=30) == [(echo, 30)]
    assert signal.send(Store, size=30) == [(echo, 30)] * 2


def test_receivers_are_called_in_order(signal: Any) -> None:
    names: list[str] = []

    def named(name: str) -> Any:
        def receive(**kwargs: Any) -> None:
            names.append(name)

        return receive

    for number in range(6):
        signal.connect(named(str(number)), sender=[None, Store][number % 2], weak=False)
    signal.send(Store, size=30)
    assert names == list("012345")
    names.clear()
    signal.send(Kitchen, size=30)
    assert names == list("024")


def test_receiver_gets_the_signal_and_the_sender(signal: Any) -> None:
    seen: list[Any] = []

    def receive(**kwargs: Any) -> None:
        seen.append(kwargs)

    signal.connect(receive)
    signal.send(Store, size=30)
    assert seen == [{"signal": signal, "sender": Store, "size": 30}]


# Connections


def test_receiver_is_connected_once(signal: Any) -> None:
    kitchen = Kitchen()
    for _ in range(5):
        signal.connect(kitchen)
        signal.connect(kitchen.double)
    assert signal.send(Store, size=30) == [(kitchen, 30), (kitchen.double, 60)]
    assert len(signal.receivers) == 2
    del kitchen
    gc.collect()
    assert_is_clean(signal)


def test_first_connection_wins(signal: Any) -> None:
    kitchen = Kitchen()
    signal.connect(kitchen.double)
    signal.connect(kitchen.double, weak=False)
    del kitchen
    gc.collect()
    assert_is_clean(signal)


def test_dispatch_uid_is_connected_once(signal: Any) -> None:
    def other(**kwargs: Any) -> None: ...

    signal.connect(echo, dispatch_uid="uid")
    signal.connect(other, dispatch_uid="uid")
    assert signal.send(Store, size=30) == [(echo, 30)]
    signal.connect(other, sender=Store, dispatch_uid="uid")
    assert signal.send(Store, size=30) == [(echo, 30), (other, None)]
    assert not signal.disconnect(echo)
    assert signal.disconnect(dispatch_uid="uid")
    assert signal.disconnect(sender=Store, dispatch_uid="uid")
    assert_is_clean(signal)


@pytest.mark.parametrize("uid", ["", 0, (), None, False])
def test_falsy_dispatch_uid_is_ignored(signal: Any, uid: Any) -> None:
    signal.connect(echo, dispatch_uid=uid)
    signal.connect(echo)
    assert len(signal.receivers) == 1
    assert signal.disconnect(echo, dispatch_uid=uid)
    assert_is_clean(signal)


def test_dispatch_uid_does_not_have_to_be_hashable(signal: Any) -> None:
    signal.connect(echo, dispatch_uid=["uid"])
    signal.connect(Kitchen().double, weak=False, dispatch_uid=["uid"])
    signal.connect(echo, dispatch_uid=["other"])
    assert [response for _, response in signal.send(Store, size=30)] == [30, 30]
    assert signal.disconnect(dispatch_uid=["uid"])
    assert not signal.disconnect(dispatch_uid=["uid"])
    assert signal.send(Store, size=30) == [(echo, 30)]


class Meddling:
    """
    A ``dispatch_uid`` that disconnects something when it is first compared.
    """

    def __init__(self, disconnect: Callable[[], object]) -> None:
        self.disconnect = disconnect

    def __eq__(self, other: object) -> bool:
        disconnect, self.disconnect = self.disconnect, int
        disconnect()
        return self is other

    def __hash__(self) -> int:
        return 1


@pytest.mark.parametrize("make", [each for name, each in MAKES.items() if name != "Django's"])
@pytest.mark.parametrize("others", [1, 2, 20])
def test_comparison_disconnects_another_receiver(signal: Any, others: int) -> None:
    # Django's signals would wait for their own lock.
    kitchens = [Kitchen() for _ in range(others)]
    uid = Meddling(int)
    for kitchen in kitchens:
        signal.connect(kitchen)
    signal.connect(echo, dispatch_uid=uid)
    signal.connect(kitchens[0].double)
    uid.disconnect = lambda: signal.disconnect(kitchens[0])
    assert signal.disconnect(dispatch_uid=uid)
    called = [receiver for receiver, _ in signal.send(Store, size=30)]
    assert called == [*kitchens[1:], kitchens[0].double]
    assert signal.disconnect(kitchens[0].double)
    assert [receiver for receiver, _ in signal.send(Store, size=30)] == kitchens[1:]


def test_disconnect_returns_whether_there_was_a_connection(signal: Any) -> None:
    kitchen, other = Kitchen(), Kitchen()
    signal.connect(kitchen)
    assert signal.disconnect(kitchen) is True
    assert signal.disconnect(other) is False
    assert signal.disconnect(kitchen) is False
    assert_is_clean(signal)


def test_dead_receiver_between_others(signal: Any) -> None:
    first, second, third = Kitchen(), Kitchen(), Kitchen()
    for each in (first, second, third):
        signal.connect(each)
    assert signal.disconnect(first)
    del second
    gc.collect()
    assert signal.send(Store, size=30) == [(third, 30)]
    assert signal.disconnect(third)
    assert_is_clean(signal)


def test_signal_has_listeners(signal: Any) -> None:
    kitchen = Kitchen()
    assert not signal.has_listeners(sender=Store)
    signal.connect(kitchen, sender=Store)
    assert not signal.has_listeners(sender=Kitchen)
    assert signal.has_listeners(sender=Store)
    signal.connect(kitchen)
    assert signal.has_listeners(sender=Kitchen)
    assert signal.disconnect(kitchen, sender=Store)
    del kitchen
    gc.collect()
    assert_is_clean(signal)


def test_cache_keeps_no_sender_alive(signal: Any) -> None:
    class Sender: ...

    alive = weakref.ref(Sender)
    signal.connect(echo)
    signal.send(Sender, size=30)
    del Sender
    gc.collect()
    assert alive() is None
    assert signal.send(Store, size=30) == [(echo, 30)]


@pytest.mark.parametrize("decorator", [djangos_receiver, receiver])
def test_decorators(make: Any, signal: Any, decorator: Any) -> None:
    second, third = make(), make()
    sizes: list[int] = []

    def note(size: int, **kwargs: Any) -> None:
        sizes.append(size)

    assert decorator([signal, second, third])(note) is note
    assert decorator(signal, sender=Store, dispatch_uid="again")(note) is note

    for number, each in enumerate((signal, third, second)):
        each.send(Store, size=number)
    assert sizes == [0, 0, 1, 2]


# Receivers that connect and disconnect


def test_receivers_disconnect_themselves(signal: Any) -> None:
    class Once:
        calls = 0

        def __call__(self, signal: Any, sender: Any, **kwargs: Any) -> None:
            self.calls += 1
            assert signal.disconnect(self, sender)

    once, other = Once(), Once()
    signal.connect(once, sender=Store, weak=False)
    signal.connect(echo)
    signal.connect(other, sender=Store, weak=False)
    assert len(signal.send(Store, size=30)) == 3
    assert signal.send(Store, size=30) == [(echo, 30)]
    assert (once.calls, other.calls) == (1, 1)


def test_receiver_disconnects_the_others(signal: Any, method: str) -> None:
    def disconnect(**kwargs: Any) -> None:
        signal.disconnect(echo)
        signal.disconnect(disconnect)

    signal.connect(disconnect)
    signal.connect(echo)
    # They were found before.
    assert getattr(signal, method)(Store, size=30) == [(disconnect, None), (echo, 30)]
    assert_is_clean(signal)


def test_receiver_connects_others(signal: Any, method: str) -> None:
    kitchen = Kitchen()

    def connect(**kwargs: Any) -> None:
        signal.connect(kitchen.double)
        signal.connect(echo, sender=Store)

    signal.connect(connect)
    assert getattr(signal, method)(Store, size=30) == [(connect, None)]
    expected = [(connect, None), (kitchen.double, 60), (echo, 30)]
    assert getattr(signal, method)(Store, size=30) == expected


def test_receiver_sends_the_same_signal(signal: Any, method: str) -> None:
    def countdown(size: int, **kwargs: Any) -> Any:
        return signal.send(Store, size=size - 1)[0][1] + 1 if size else 0

    signal.connect(countdown)
    assert getattr(signal, method)(Store, size=50) == [(countdown, 50)]


# Errors


def test_error_ends_a_send(signal: Any) -> None:
    def fail(**kwargs: Any) -> None:
        raise ValueError("burnt")

    kitchen = mock.Mock()
    kitchen.__name__ = "kitchen"
    signal.connect(fail)
    signal.connect(lambda **kwargs: kitchen(), weak=False)
    for _ in range(2):
        with pytest.raises(ValueError, match="burnt"):
            signal.send(Store, size=30)
    kitchen.assert_not_called()


def test_robust_send_logs_errors(signal: Any, caplog: pytest.LogCaptureFixture) -> None:
    def fail(**kwargs: Any) -> None:
        raise ValueError("burnt")

    signal.connect(fail)
    signal.connect(echo)
    [(_, error), response] = signal.send_robust(Store, size=30)
    assert response == (echo, 30)
    assert (type(error), error.args) == (ValueError, ("burnt",))
    assert error.__traceback__
    [record] = caplog.records
    name = f"{test_robust_send_logs_errors.__name__}.<locals>.fail"
    assert record.getMessage() == f"Error calling {name} in Signal.send_robust() (burnt)"
    assert (record.name, record.levelno) == ("django.dispatch", logging.ERROR)
    assert record.exc_info
    assert record.exc_info[1] is error


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_other_exceptions_end_every_send(signal: Any, method: str, error: Any) -> None:
    def stop(**kwargs: Any) -> None:
        raise error

    signal.connect(stop)
    with pytest.raises(error):
        getattr(signal, method)(Store, size=30)


# Models


@pytest.mark.parametrize("make", [DjangoModelSignal, ModelSignal[Any, PizzaDone]])
def test_sender_by_name(signal: Any) -> None:
    registry = Apps()
    signal.connect(echo, sender="kitchen.Oven", apps=registry)
    assert signal.send(Store, size=30) == []

    class Oven(models.Model):
        class Meta:
            app_label = "kitchen"
            apps = registry

    assert signal.send(Oven, size=30) == [(echo, 30)]
    assert signal.disconnect(echo, sender="kitchen.Oven", apps=registry) is None
    assert signal.send(Oven, size=30) == []
    with pytest.raises(ValueError, match="Invalid model reference"):
        signal.connect(echo, sender="kitchen")


def test_weak_references_are_only_made_if_needed(signal: Any) -> None:
    """
    Django's own test patches ``weakref.ref``.
    """
    with mock.patch("weakref.ref") as ref:
        signal.connect(echo, weak=False)
        signal.disconnect(echo)
        ref.assert_not_called()
        signal.connect(echo)
        signal.disconnect(echo)
        ref.assert_called()


# DEBUG


def test_receivers_are_always_checked_on_ours(signal: Any) -> None:
    def wrong(sender: Any) -> None: ...

    with mock.patch("django.conf.settings.DEBUG", new=True):
        with pytest.raises(ValueError, match=r"Signal receivers must accept keyword arguments"):
            signal.connect(wrong)
        with pytest.raises(TypeError, match=r"Signal receivers must be callable"):
            signal.connect(object())
    assert_is_clean(signal)
    if isinstance(signal, Signal):
        with pytest.raises(ReceiverSignatureError):
            signal.connect(wrong)
        assert_is_clean(signal)


# Threads


@pytest.fixture
def _switching_all_the_time() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def run_at_once(jobs: list[Callable[[], None]]) -> list[BaseException]:
    """
    Run each of *jobs* again and again in its own thread, and return the errors.
    """
    failures: list[BaseException] = []
    is_over = threading.Event()

    def repeat(job: Callable[[], None]) -> None:
        try:
            while not is_over.is_set():
                job()
        except BaseException as failure:  # noqa: BLE001 - returned
            failures.append(failure)

    threads = [threading.Thread(target=repeat, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    is_over.wait(0.3)
    is_over.set()
    for thread in threads:
        thread.join(DEADLOCK)
        assert not thread.is_alive()
    return failures


@pytest.mark.usefixtures("_switching_all_the_time")
def test_connected_receivers_are_called_while_threads_disconnect_others(signal: Any) -> None:
    kept = [Kitchen() for _ in range(10)]

    def move_to_the_end(kitchens: list[Kitchen], sender: Any) -> None:
        kitchen = kitchens.pop(0)
        assert signal.disconnect(kitchen, sender=sender)
        called = [receiver for receiver, _ in signal.send(Store, size=30)]
        assert kitchen not in called
        assert {*kitchens} <= {*called}
        signal.connect(kitchen, sender=sender)
        kitchens.append(kitchen)
        called = [receiver for receiver, _ in signal.send_robust(Store, size=30)]
        assert [each for each in called if each in kitchens] == kitchens

    def come_and_go() -> None:
        kitchen, sender = Kitchen(), Kitchen()
        signal.connect(kitchen.double, sender=sender)
        assert (kitchen.double, 60) in signal.send(sender, size=30)
        assert (kitchen.double, 60) not in signal.send(Store, size=30)

    def mover(sender: Any) -> Callable[[], None]:
        kitchens = [Kitchen() for _ in range(10)]
        for kitchen in kitchens:
            signal.connect(kitchen, sender=sender)
        return lambda: move_to_the_end(kitchens, sender)

    def send() -> None:
        called = {receiver for receiver, _ in signal.send(Store, size=30)}
        assert {*kept} <= called

    jobs: list[Callable[[], None]] = [mover(None), mover(Store), come_and_go, send]
    for each in kept:
        signal.connect(each)
    assert run_at_once(jobs) == []
