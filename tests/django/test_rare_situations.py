"""
Situations that other tests rarely or never reach, on both dispatchers.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import Any, TypedDict
from unittest import mock

import blinker
import pytest
from django.core.management import CommandError
from django.db import transaction
from django.dispatch import Signal as DjangoSignal

from typed_signals import Signal as CoreSignal
from typed_signals._send import choice
from typed_signals._shared.callables import receiver_module
from typed_signals._shared.weak_map import WeakMap
from typed_signals._watch.kinds import kinds, signal_kind
from typed_signals._watch.scopes import end_watching, start_watching
from typed_signals._watch.sending import _ToItsEnd
from typed_signals.django import Signal, receiver
from typed_signals.django._dispatcher import _renew_locks
from typed_signals.django._gather import gather
from typed_signals.django._live_connections import is_misjudged
from typed_signals.django.management.commands.list_signals import _check_patterns
from typed_signals.testing import capture


class Baked(TypedDict):
    size: int


def receive(**kwargs: Any) -> None: ...


def test_kind_of_signals_whose_module_was_never_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    with_blinker = list(kinds())
    monkeypatch.setattr("typed_signals._watch.kinds._used", {})
    monkeypatch.delitem(sys.modules, "blinker")
    assert len(list(kinds())) == len(with_blinker) - 1


@pytest.mark.parametrize("make", [blinker.Signal, Signal, CoreSignal])
def test_signal_that_was_never_watched_can_be_left_alone(make: Any) -> None:
    signal = make()
    signal_kind(signal).set_audience(signal, None)
    assert type(signal) is make


def test_observed_receiver_that_never_starts() -> None:
    async def wait() -> None: ...

    sending: Any = None  # is told nothing
    never_awaited: Any = wait()
    observed = _ToItsEnd(never_awaited, receive, sending, 0.0)
    observed.close()


def test_connection_is_not_put_back_in_the_place_of_another_one() -> None:
    signal = CoreSignal[Any, Baked]()
    signal.connect(receive, dispatch_uid="one")
    connections = signal._connections
    link = connections.find("one", -1)
    assert link is not None
    assert signal.disconnect(dispatch_uid="one")

    def other(**kwargs: Any) -> None: ...

    signal.connect(other, dispatch_uid="one")
    assert not connections._put_back(link, None)
    assert signal.send(None, size=1) == [(other, None)]


@pytest.mark.usefixtures("committing_database")
def test_on_commit_without_any_watcher(monkeypatch: pytest.MonkeyPatch) -> None:
    signal = Signal[Any, Baked]()
    called: list[int] = []

    @receiver(signal, on_commit=True)
    def note(size: int, **kwargs: Any) -> None:
        called.append(size)

    monkeypatch.delitem(sys.modules, "typed_signals._watch")
    with transaction.atomic():
        signal.send(None, size=7)
        assert called == []
    assert called == [7]


def test_lock_that_another_thread_held_during_a_fork() -> None:
    signal = Signal[Any, Baked]()
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        signal.lock.acquire()
        held.set()
        done.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    _renew_locks()  # as in the child, where this thread does not exist
    signal.connect(receive)
    assert signal.send(None, size=1) == [(receive, None)]
    done.set()
    thread.join()


@pytest.mark.parametrize("times", [1, 15])
@pytest.mark.parametrize("method", ["send_robust", "asend_robust"])
def test_overridden_log_of_failures_is_called(method: str, times: int) -> None:
    logged: list[Any] = []
    error = None

    class Quiet(Signal[Any, Baked]):
        def _log_robust_failure(self, receiver: Any, err: Exception) -> None:
            logged.append((receiver, err))

    def fail(**kwargs: Any) -> None:
        raise ValueError

    signal = Quiet()
    signal.connect(fail)
    for _ in range(times):
        sent: Any = getattr(signal, method)(None, size=1)
        [(_, error)] = asyncio.run(sent) if method == "asend_robust" else sent
    assert len(logged) == times
    assert logged[-1] == (fail, error)


def test_cancelled_gather_of_receivers_that_have_failed() -> None:
    async def fail(**kwargs: Any) -> None:
        raise ValueError

    async def main(steps: int) -> bool:
        arguments = {"signal": Signal(), "sender": None}
        task = asyncio.create_task(gather("asend", [fail], arguments))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        return task.cancelled() or isinstance(task.exception(), ValueError)

    assert all(asyncio.run(main(steps)) for steps in range(4))


def test_method_is_replaced_while_another_one_is_generated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    signal = Signal[Any, Baked]()
    answers = iter([True, False])
    monkeypatch.setattr(signal._engine, "can_generate", lambda _signal: next(answers, True))
    monkeypatch.setattr(choice, "SENDS_BEFORE_GENERATION", 0)
    assert signal.send(None, size=1) == []
    assert type(signal) is Signal
    assert signal.send(None, size=1) == []
    assert type(signal) is not Signal


class WithoutModule:
    """
    A receiver that raises when it is inspected.
    """

    @property
    def __module__(self) -> str:  # type: ignore[override]
        raise RuntimeError

    def __call__(self, **kwargs: Any) -> None: ...


class WithoutClass:
    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        raise RuntimeError


def test_receivers_that_raise_when_they_are_inspected() -> None:
    without_name: Any = WithoutModule()
    without_name.__dict__["__qualname__"] = "receive"
    assert receiver_module(without_name) == ""
    assert is_misjudged(WithoutClass())


def test_what_is_no_entry_stays_when_something_died() -> None:
    signal = Signal[Any, Baked]()
    signal.receivers.append(())
    signal._dead_receivers = True
    with pytest.raises(IndexError):
        signal.connect(receive)
    assert signal.receivers == [()]


def test_entry_of_a_new_object_with_the_same_id_remains() -> None:
    entries: WeakMap[int] = WeakMap()
    key = CoreSignal()
    entries.set(key, 1)
    reference = entries._entries[id(key)][0]
    entries.set(key, 2)
    forget: Any = reference.__callback__
    forget(reference)
    assert entries.get(key) == 2


def test_end_of_a_watch_that_has_ended_changes_nothing() -> None:
    signal, first, second = CoreSignal(), mock.Mock(), mock.Mock()
    start_watching(signal, first)
    start_watching(signal, second)
    end_watching(signal, first)
    audience = signal_kind(signal).audience_of(signal)
    end_watching(signal, first)
    assert signal_kind(signal).audience_of(signal) is audience


def test_finalizer_that_connects_while_dead_receivers_are_removed() -> None:
    signal: Any = Signal()
    signal.connect(receive, weak=False)
    finalizers = [lambda: signal.connect(receive, dispatch_uid="new", weak=False)]

    def is_dead(_: object) -> bool:
        while finalizers:
            finalizers.pop()()
        return False

    with mock.patch("typed_signals.django._routes.is_dead", is_dead):
        signal.receivers.clear_dead()
    assert len(signal.receivers) == 2


def test_receivers_with_attributes_of_wrappers_are_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Endless:
        @property
        def __wrapped__(self) -> Endless:
            return Endless()

        def __call__(self, **kwargs: Any) -> Endless:
            return self

    search = DjangoSignal._live_receivers

    def search_like_a_tool(self: Any, sender: Any) -> Any:
        return search(self, sender)

    monkeypatch.setattr(DjangoSignal, "_live_receivers", search_like_a_tool)
    signal, endless = DjangoSignal(), Endless()
    signal.connect(endless)
    signal.connect(receive)
    with capture(signal) as sent:
        signal.send(None)
    assert sent.one(signal).responses == [(endless, endless), (receive, None)]


def test_filter_where_there_is_no_receiver() -> None:
    with pytest.raises(CommandError, match=r"^No receiver matches 'log' in [^,]*: list_signals"):
        _check_patterns("receiver", ["log"], [], "--django")
