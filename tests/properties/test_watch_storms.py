"""
Watchers come and go in some threads while others send: no receiver is missed or called twice, and
a mute only silences the thread that asked for it.
"""

from __future__ import annotations

import contextvars
import faulthandler
import sys
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import blinker
import django.dispatch
import pytest
from django.db.models.signals import ModelSignal as DjangoModelSignal

import typed_signals.django
from tests.support import PizzaDone
from typed_signals import Call, Signal, observe
from typed_signals._watch import Sent, Watcher, watch
from typed_signals.testing import capture, mute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Longer than a test takes on the busiest machine: then there is a deadlock.
DEADLOCK = 60

ROUNDS: Final = 25

KINDS: Final[dict[str, Callable[[], Any]]] = {
    "core": Signal[object, PizzaDone],
    "on Django": typed_signals.django.Signal[object, PizzaDone],
    "Django's": django.dispatch.Signal,
    "Django's, caching": lambda: DjangoModelSignal(use_caching=True),
    "blinker's": blinker.Signal,
}


class Sender: ...


class Mute(Watcher):
    def is_muted(self, *_: Any) -> bool:
        return True


class Recorder(Watcher):
    def __init__(self) -> None:
        self.records: list[Sent[Any, Any]] = []

    def sent(self, record: Sent[Any, Any]) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def _often_switching() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    faulthandler.dump_traceback_later(DEADLOCK, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()
    sys.setswitchinterval(interval)


@pytest.fixture(autouse=True)
def _few_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Search the names of signals in one module, because all of them take most of the time.
    """
    modules = {__name__: sys.modules[__name__]}
    monkeypatch.setattr("typed_signals._shared.named_objects.sys", SimpleNamespace(modules=modules))


def receive(*_args: Any, **kwargs: Any) -> Any:
    return kwargs["size"]


def receive_too(*_args: Any, **kwargs: Any) -> Any:
    return -kwargs["size"]


def receive_unless_muted(*_args: Any, **_kwargs: Any) -> None: ...


class Storm:
    """
    What the threads do with one signal.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make
        self.signal = make()
        for receiver in (receive, receive_too, receive_unless_muted):
            self.signal.connect(receiver)
        self.failures: list[BaseException] = []
        self.is_over = threading.Event()

    def send(self, size: int) -> list[Any]:
        responses = self.signal.send(Sender, toppings=[], size=size)
        return sorted(response for _, response in responses if response is not None)

    def send_unwatched(self) -> None:
        size = 0
        while not self.is_over.is_set():
            size += 1
            assert self.send(size) == [-size, size]

    def mute_here(self) -> None:
        for size in range(1, ROUNDS):
            with watch([self.signal], Mute(), everywhere=False):
                assert self.send(size) == []
            assert self.send(size) == [-size, size]

    def capture_here(self) -> None:
        for size in range(1, ROUNDS):
            with watch([self.signal], recorder := Recorder(), everywhere=False):
                assert self.send(size) == [-size, size]
            assert [record.payload["size"] for record in recorder.records] == [size]

    def observe_all(self) -> None:
        for size in range(1, ROUNDS):
            calls: list[Call] = []
            with observe(self.signal, after=calls.append):
                assert self.send(size) == [-size, size]
            responses = [call.response for call in calls]
            assert {size, -size} <= {*responses}

    def observe_before(self) -> None:
        for size in range(1, ROUNDS):
            calls: list[Call] = []
            with observe(self.signal, before=calls.append), observe(self.signal, after=id):
                assert self.send(size) == [-size, size]
            assert size in [call.payload["size"] for call in calls]

    def capture_everywhere(self) -> None:
        for size in range(1, ROUNDS):
            with capture(self.signal, everywhere=True) as sent:
                assert self.send(size) == [-size, size]
            assert size in [record.payload["size"] for record in sent]

    def mute_one_everywhere(self) -> None:
        for size in range(1, ROUNDS):
            with mute(self.signal, receivers=[receive_unless_muted], everywhere=True):
                assert len(self.signal.send(Sender, toppings=[], size=size)) == 2
                assert self.send(size) == [-size, size]

    def observe_by_name(self) -> None:
        for size in range(1, ROUNDS):
            with observe("nowhere.*", after=print):
                late = self.make()
                late.connect(receive)
                assert late.send(Sender, toppings=[], size=size) == [(receive, size)]

    def thread(self, act: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            try:
                act()
            except BaseException as error:  # noqa: BLE001 - the test asserts that there are none
                self.failures.append(error)

        thread = threading.Thread(target=contextvars.Context().run, args=(run,))
        thread.start()
        return thread


@pytest.mark.parametrize("kind", KINDS)
def test_no_receiver_is_missed_or_silenced_elsewhere(kind: str) -> None:
    storm = Storm(KINDS[kind])
    usual = type(storm.signal)
    acts = (
        storm.mute_here,
        storm.mute_one_everywhere,
        storm.capture_here,
        storm.capture_everywhere,
        storm.observe_all,
        storm.observe_before,
        storm.observe_by_name,
    )
    watching = [storm.thread(act) for act in acts]
    sending = [storm.thread(storm.send_unwatched) for _ in range(2)]
    for thread in watching:
        thread.join()
    storm.is_over.set()
    for thread in sending:
        thread.join()
    assert storm.failures == []
    assert issubclass(type(storm.signal), usual)
    assert not hasattr(storm.signal, "_watching")
    assert getattr(storm.signal, "_path", None) is None
