"""
Code that patches or overrides the methods of Django's signals: it has the effect that its author
expects, also on signals that were sent before.
"""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any, Final, TypedDict
from unittest import mock

import django.dispatch.dispatcher
import pytest
from django.db.models.signals import ModelSignal as DjangoModelSignal
from django.dispatch import Signal as DjangoSignal
from django.dispatch.dispatcher import NO_RECEIVERS

from tests.support import unchecked
from typed_signals.django import ModelSignal, Signal
from typed_signals.exceptions import PayloadError, ReceiverSignatureError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.any_python

METHODS: Final = ("send", "send_robust", "asend", "asend_robust")

# Longer than anything here takes: then there is a deadlock.
DEADLOCK: Final = 30


class PizzaDone(TypedDict):
    size: int


class Store: ...


class OwnSignal(Signal[Any, PizzaDone]): ...


MAKES: Final[dict[str, Callable[[], Any]]] = {
    "declared": Signal[Any, PizzaDone],
    "undeclared": Signal,
    "caching": lambda: Signal[Any, PizzaDone](use_caching=True),
    "of models": ModelSignal[Any, PizzaDone],
    "of a subclass": OwnSignal,
}


@pytest.fixture(params=MAKES)
def signal(request: pytest.FixtureRequest) -> Any:
    return MAKES[request.param]()


@pytest.fixture(params=[0, 12], ids=["first-send", "generated"])
def connected(request: pytest.FixtureRequest, signal: Any) -> Any:
    """
    The signal with two receivers, after some sends with each method.
    """
    signal.connect(first)
    signal.connect(second, sender=Store)
    for method in METHODS:
        for _ in range(request.param):
            assert dispatch(signal, method) == BOTH
    return signal


@pytest.fixture(params=METHODS)
def method(request: pytest.FixtureRequest) -> Any:
    return request.param


def first(size: int, **kwargs: Any) -> int:
    return size


def second(**kwargs: Any) -> str:
    return "second"


BOTH: Final = [(first, 30), (second, "second")]


def dispatch(signal: Any, method: str) -> Any:
    """
    Send with *method*, and wait for it if it is async.
    """
    sent = getattr(signal, method)(Store, size=30)
    return asyncio.run(sent) if method.startswith("a") else sent


def classes_of(signal: Any) -> list[Any]:
    """
    Return the classes on which a user may set a method, the most special one first.
    """
    public = [OwnSignal, ModelSignal, Signal, DjangoModelSignal, DjangoSignal]
    return [each for each in public if isinstance(signal, each)]


def new_patch(target: Any, name: str, new: Any) -> Any:
    return mock.patch.object(target, name, new)


# _live_receivers


def without_second(original: Any) -> Any:
    """
    Return a method that finds all receivers except for ``second``, as some tools do.
    """

    def _live_receivers(self: Any, sender: Any) -> Any:
        sync_receivers, async_receivers = original(self, sender)
        return [each for each in sync_receivers if each is not second], async_receivers

    return _live_receivers


@pytest.mark.parametrize("depth", range(4))
def test_search_of_receivers_is_patched_on_a_class(connected: Any, method: str, depth: int) -> None:
    classes = classes_of(connected)
    target = classes[min(depth, len(classes) - 1)]
    with new_patch(target, "_live_receivers", without_second(target._live_receivers)):
        assert dispatch(connected, method) == BOTH[:1]
        connected.disconnect(first)
        assert dispatch(connected, method) == []
        assert not connected.has_listeners(Store)
        connected.connect(first)
        assert dispatch(connected, method) == BOTH[:1]
    assert sorted(dispatch(connected, method), key=str) == sorted(BOTH, key=str)


def test_search_of_receivers_is_patched_on_a_signal(connected: Any, method: str) -> None:
    patched = without_second(type(connected)._live_receivers).__get__(connected)
    with new_patch(connected, "_live_receivers", patched):
        for _ in range(12):
            assert dispatch(connected, method) == BOTH[:1]
        other: Any = Signal()
        other.connect(second)
        assert dispatch(other, method) == BOTH[1:]
    assert dispatch(connected, method) == BOTH


def test_search_of_receivers_is_replaced_for_good(
    connected: Any, method: str, djangos_search: Any
) -> None:
    """
    Sentry assigns its method to Django's class, which replaces each sync receiver.
    """

    def sentry_patched_live_receivers(self: Any, sender: Any) -> Any:
        sync_receivers, async_receivers = djangos_search(self, sender)
        for index, each in enumerate(sync_receivers):
            sync_receivers[index] = wrapper_of(each)
        return sync_receivers, async_receivers

    def wrapper_of(receiver: Any) -> Any:
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            return "seen", receiver(*args, **kwargs)

        return wrapper

    unchecked(DjangoSignal)._live_receivers = sentry_patched_live_receivers
    responses = [response for _, response in dispatch(connected, method)]
    assert responses == [("seen", 30), ("seen", "second")]
    unchecked(DjangoSignal)._live_receivers = djangos_search
    assert dispatch(connected, method) == BOTH


@pytest.fixture
def djangos_search() -> Iterator[Any]:
    original = unchecked(DjangoSignal)._live_receivers
    yield original
    unchecked(DjangoSignal)._live_receivers = original


@pytest.mark.parametrize("name", ["_live_receivers", *METHODS])
def test_subclass_overrides_after_its_signals_were_sent(name: str, method: str) -> None:
    class Own(Signal[Any, PizzaDone]): ...

    signal: Any = Own()
    signal.connect(first)
    signal.connect(second)
    for _ in range(12):
        assert dispatch(signal, method) == BOTH
    calls: list[str] = []
    original = getattr(Signal, name)

    def override(self: Any, *args: Any, **kwargs: Any) -> Any:
        calls.append(name)
        return original(self, *args, **kwargs)

    setattr(Own, name, override)
    assert dispatch(signal, method) == BOTH
    assert calls == ([name] if name in {method, "_live_receivers"} else [])
    delattr(Own, name)
    assert dispatch(signal, method) == BOTH
    assert len(calls) < 2


class PluginSignal(Signal[Any, PizzaDone]):
    """
    Sends to some receivers only, as the signals of pretix do.
    """

    active = (first,)

    def connect(self, receiver: Any, sender: Any = None, *args: Any, **kwargs: Any) -> None:
        if sender is not None:
            raise TypeError("the sender is the event")
        return super().connect(receiver, sender, *args, **kwargs)

    def send(self, sender: Any, **named: Any) -> Any:
        if not self.receivers or self.sender_receivers_cache.get(sender) is NO_RECEIVERS:
            return []
        sync_receivers, _ = unchecked(self)._live_receivers(sender)
        return [
            (receiver, receiver(signal=self, sender=sender, **named))
            for receiver in sorted(sync_receivers, key=lambda receiver: receiver.__name__)
            if receiver in self.active
        ]

    def send_all(self, sender: Any, **named: Any) -> Any:
        return super().send(sender, **named)


@pytest.mark.parametrize("use_caching", [False, True])
def test_subclass_sends_to_receivers_of_active_plugins(use_caching: bool) -> None:
    signal: Any = PluginSignal(use_caching)
    assert signal.send(Store, size=30) == []
    signal.connect(second)
    signal.connect(first, dispatch_uid="first")
    with pytest.raises(TypeError, match="the sender is the event"):
        signal.connect(first, Store)
    for _ in range(12):
        assert signal.send(Store, size=30) == BOTH[:1]
        assert signal.send_all(Store, size=30) == BOTH[::-1]
    with pytest.raises(PayloadError):
        signal.send_all(Store, sise=30)


def test_subclass_has_its_own_method_of_sending() -> None:
    """
    Openedx-events has a subclass whose ``send`` does nothing.
    """

    class PublicSignal(Signal[Any, PizzaDone]):
        is_enabled = True

        def send_event(self, *, send_robust: bool = True, **kwargs: Any) -> Any:
            if not self.is_enabled:
                return []
            if send_robust:
                return super().send_robust(sender=None, **kwargs)
            return super().send(sender=None, **kwargs)

        def send(self, sender: Any, **kwargs: Any) -> Any:
            return "use send_event"

        def send_robust(self, sender: Any, **kwargs: Any) -> Any:
            return "use send_event"

    signal: Any = PublicSignal()

    def fail(**kwargs: Any) -> None:
        raise ZeroDivisionError

    signal.connect(first)
    for _ in range(12):
        assert signal.send(None, size=30) == signal.send_robust(None) == "use send_event"
        assert signal.send_event(size=30) == signal.send_event(size=30, send_robust=False)
        assert signal.send_event(size=30) == BOTH[:1]
    signal.connect(fail)
    [_, (_, failure)] = signal.send_event(size=30)
    assert isinstance(failure, ZeroDivisionError)
    with pytest.raises(ZeroDivisionError):
        signal.send_event(size=30, send_robust=False)
    for robust in (True, False):
        with pytest.raises(PayloadError):
            signal.send_event(sise=30, send_robust=robust)
    with new_patch(PublicSignal, "is_enabled", new=False):
        assert signal.send_event(size=30) == []


# The send methods


@pytest.mark.parametrize("depth", range(4))
def test_send_is_patched_on_a_class(connected: Any, method: str, depth: int) -> None:
    classes = classes_of(connected)
    target = classes[min(depth, len(classes) - 1)]
    calls: list[Any] = []
    original = getattr(target, method)

    def patched(self: Any, *args: Any, **kwargs: Any) -> Any:
        calls.append((args, kwargs))
        return original(self, *args, **kwargs)

    with new_patch(target, method, patched):
        for _ in range(2):
            assert dispatch(connected, method) == BOTH
    assert calls in ([((Store,), {"size": 30})] * 2, [((), {"sender": Store, "size": 30})] * 2)
    assert dispatch(connected, method) == BOTH
    assert len(calls) == 2


def test_send_is_mocked_on_djangos_class(connected: Any) -> None:
    with mock.patch.object(DjangoSignal, "send", return_value="mocked") as send:
        assert connected.send(Store, size=30) == "mocked"
        send.assert_called_once_with(Store, size=30)
    assert connected.send(Store, size=30) == BOTH


def test_send_is_mocked_on_a_signal(connected: Any, method: str) -> None:
    with mock.patch.object(connected, method, lambda *args, **kwargs: (args, kwargs)):
        assert getattr(connected, method)(Store, size=30) == ((Store,), {"size": 30})
    for _ in range(12):
        assert dispatch(connected, method) == BOTH


def test_send_is_wrapped_by_an_autospec(connected: Any) -> None:
    with mock.patch.object(Signal, "send", autospec=True) as send:
        connected.send(Store, size=30)
    send.assert_called_once_with(connected, Store, size=30)
    assert connected.send(Store, size=30) == BOTH


def test_send_is_patched_in_one_thread_while_others_send(connected: Any) -> None:
    failures: list[BaseException] = []
    seen: list[Any] = []
    is_over = threading.Event()

    def send() -> None:
        try:
            while not is_over.is_set():
                seen.append(connected.send(Store, size=30))
        except BaseException as failure:  # noqa: BLE001 - asserted below
            failures.append(failure)

    def mocked(self: Any, sender: Any, **named: Any) -> str:
        return "mocked"

    def nobody(self: Any, sender: Any) -> Any:
        return [], []

    threads = [threading.Thread(target=send) for _ in range(3)]
    for each in threads:
        each.start()
    try:
        for _ in range(100):
            with new_patch(DjangoSignal, "send", mocked):
                assert connected.send(Store, size=30) == "mocked"
            assert connected.send(Store, size=30) == BOTH
            with new_patch(DjangoSignal, "_live_receivers", nobody):
                assert connected.send(Store, size=30) == []
            assert connected.send(Store, size=30) == BOTH
    finally:
        is_over.set()
        for each in threads:
            each.join(DEADLOCK)
    assert failures == []
    assert {str(each) for each in seen} <= {"mocked", "[]", str(BOTH)}


# connect and the others


def test_connect_is_patched_on_djangos_class(signal: Any) -> None:
    calls: list[Any] = []
    original: Any = DjangoSignal.connect

    def connect(self: Any, receiver: Any, *args: Any, **kwargs: Any) -> Any:
        calls.append(receiver)
        return original(self, receiver, *args, **kwargs)

    with new_patch(DjangoSignal, "connect", connect):
        signal.connect(first)
        signal.connect(first)
        signal.connect(second, sender=Store, dispatch_uid="second")
        assert dispatch(signal, "send") == BOTH
    assert calls == [first, first, second]
    assert signal.disconnect(sender=Store, dispatch_uid="second")
    assert dispatch(signal, "send") == BOTH[:1]


def test_connect_is_mocked_on_djangos_class(signal: Any) -> None:
    calls: list[Any] = []

    def connect(self: Any, receiver: Any, *args: Any, **kwargs: Any) -> None:
        calls.append(receiver)

    with new_patch(DjangoSignal, "connect", connect):
        signal.connect(first)
    assert calls == [first]
    assert signal.receivers == []
    signal.connect(first)
    assert dispatch(signal, "send") == BOTH[:1]


def test_disconnect_is_patched_on_djangos_class(connected: Any) -> None:
    def disconnect(self: Any, *args: Any, **kwargs: Any) -> str:
        return "patched"

    with new_patch(DjangoSignal, "disconnect", disconnect):
        assert connected.disconnect(first) == "patched"
    assert dispatch(connected, "send") == BOTH
    assert connected.disconnect(first)
    assert dispatch(connected, "send") == BOTH[1:]


def test_ids_are_patched(signal: Any) -> None:
    """
    Django's own tests give two senders the same id.
    """
    original: Any = unchecked(django.dispatch.dispatcher)._make_id

    def make_id(target: Any) -> Any:
        return 0 if isinstance(target, Store) else original(target)

    store, other = Store(), Store()
    with new_patch(django.dispatch.dispatcher, "_make_id", make_id):
        signal.connect(first, sender=store)
        assert signal.send(store, size=30) == BOTH[:1]
        assert signal.send(other, size=30) in ([], BOTH[:1])
        assert signal.send(Store, size=30) == []


def test_receivers_are_selected_by_their_dispatch_uid(signal: Any) -> None:
    """
    Taiga reads the keys in the list, and stores the whole list on the signal.
    """
    signal.connect(first, dispatch_uid="first")
    signal.connect(second, sender=Store, dispatch_uid="second")
    ids = [entry[0][0] for entry in signal.receivers]
    assert ids == ["first", "second"]
    signal.backup_receivers = signal.receivers
    signal.receivers = []
    signal.sender_receivers_cache.clear()
    assert dispatch(signal, "send") == []
    signal.receivers = [entry for entry in signal.backup_receivers if entry[0][0] == "second"]
    signal.sender_receivers_cache.clear()
    del signal.backup_receivers
    assert dispatch(signal, "send") == BOTH[1:]
    with pytest.raises(ReceiverSignatureError):
        signal.connect(lambda sise: None)
    assert signal.disconnect(sender=Store, dispatch_uid="second")
    assert signal.receivers == []
