"""
Watching the sends of signals on Django's dispatcher: Django's own and ours.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypedDict
from unittest import mock

import pytest
from django.db import connection
from django.db.models.signals import ModelSignal as DjangoModelSignal
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete
from django.dispatch import Signal as DjangoSignal
from django.test import TestCase

from tests.support import unchecked
from tests.test_watching import (
    GROUPS,
    ROBUST,
    SENDS,
    Hearing,
    Mute,
    Recorder,
    fail,
    fail_async,
    receive,
    receive_async,
)
from tests.test_watching import send_by as send_for_sender
from typed_signals import Call, observe
from typed_signals import Signal as CoreSignal
from typed_signals._send.stand_in import StandIn
from typed_signals._watch import watch
from typed_signals.django import ModelSignal, Signal
from typed_signals.django import receiver as on_commit
from typed_signals.exceptions import PayloadError

from .shop.models import Pizza, Topping

if TYPE_CHECKING:
    from collections.abc import Callable


class Store: ...


class Baked(TypedDict):
    size: int


class Chatty(DjangoSignal):
    """
    A signal with methods of its own, as projects have.
    """

    def __init__(self, use_caching: bool = False) -> None:
        super().__init__(use_caching)
        self.seen: list[Any] = []

    def send(self, sender: Any, **named: Any) -> Any:
        self.seen.append(responses := super().send(sender, **named))
        return responses

    def _live_receivers(self, sender: Any) -> Any:
        sync, asynchronous = super()._live_receivers(sender)
        assert not any(isinstance(each, StandIn) for each in sync)
        return sync, asynchronous


class Looping(DjangoSignal):
    """
    A signal that calls the receivers itself, as those of pretix do.
    """

    def send(self, sender: Any, **named: Any) -> Any:
        sync, _ = self._live_receivers(sender)
        return [(each, each(signal=self, sender=sender, **named)) for each in sync]


def send_by(signal: Any, method: str, **payload: Any) -> Any:
    return send_for_sender(signal, method, Store, **payload)


KINDS: Final[dict[str, Callable[[], Any]]] = {
    "Django's": DjangoSignal,
    "Django's, caching": partial(DjangoSignal, use_caching=True),
    "Django's, of models": partial(DjangoModelSignal, use_caching=True),
    "a project's": Chatty,
    "ours": Signal[Any, Baked],
    "ours, caching": partial(Signal[Any, Baked], use_caching=True),
    "ours, of models": ModelSignal[Any, Baked],
}


@pytest.fixture(params=KINDS)
def signal(request: pytest.FixtureRequest) -> Any:
    signal = KINDS[request.param]()
    # Ours generate methods.
    for _ in range(12):
        assert signal.send(Store, size=0) == []
    return signal


@pytest.mark.parametrize("method", SENDS)
@pytest.mark.parametrize("receivers", GROUPS)
def test_watched_send_does_the_same(signal: Any, method: str, receivers: list[Any]) -> None:
    for receiver in receivers:
        signal.connect(receiver)
    expected = send_by(signal, method, size=3)
    cls = type(signal)
    with watch([signal], recorder := Recorder(), everywhere=True):
        assert isinstance(signal, DjangoSignal)
        assert repr(type(signal)) == repr(cls)
        assert send_by(signal, method, size=3) == expected
        assert send_by(signal, method, size=3) == expected
    assert send_by(signal, method, size=3) == expected
    assert issubclass(cls, type(signal))
    assert not hasattr(signal, "_watching")
    record, _ = recorder.records
    assert (record.signal, record.method, record.sender) == (signal, method, Store)
    assert (record.payload, record.responses, record.error) == ({"size": 3}, expected, None)
    assert {call.receiver for call in recorder.begun} == {*receivers}
    assert sorted(recorder.ended, key=str) == sorted([*expected, *expected], key=str)
    assert all(call.payload == {"size": 3} for call in recorder.calls)


@pytest.mark.parametrize("method", SENDS)
@pytest.mark.parametrize("receivers", [[fail], [fail_async], [fail, receive_async]])
def test_failure_is_reported_and_stays_the_same(
    signal: Any, method: str, receivers: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    for receiver in receivers:
        signal.connect(receiver)
    messages = []
    for recorder in (Recorder(), Recorder()):
        handle = watch([signal], recorder, everywhere=True)
        caplog.clear()
        if method in ROBUST:
            responses = send_by(signal, method, size=3)
            receiver, error = responses[0]
            assert receiver is receivers[0]
            assert recorder.records[0].responses == responses
        else:
            with pytest.raises(ValueError, match="burnt") as raised:
                send_by(signal, method, size=3)
            error = raised.value
            assert recorder.records[0].error is error
        [failed] = [call for call in recorder.calls if call.error is not None]
        assert failed.error is error
        assert len(getattr(error, "__notes__", ())) == isinstance(signal, Signal)
        handle.stop()
        messages.append([record.getMessage() for record in caplog.records])
    caplog.clear()
    if method in ROBUST:
        send_by(signal, method, size=3)
        messages.append([record.getMessage() for record in caplog.records])
    assert all(each == messages[0] for each in messages)


@pytest.mark.parametrize("method", SENDS)
def test_muted_receivers_are_left_out(signal: Any, method: str) -> None:
    for receiver in (receive, receive_async, fail):
        signal.connect(receiver)
    with watch([signal], Mute(receive, fail), everywhere=True):
        assert send_by(signal, method, size=3) == [(receive_async, "async")]
    with watch([signal], Mute(), everywhere=True):
        assert send_by(signal, method, size=3) == []
        if isinstance(signal, Signal):
            with pytest.raises(PayloadError):
                send_by(signal, method)


def test_watch_of_this_context_is_not_seen_by_threads(signal: Any) -> None:
    signal.connect(receive)
    sent: list[Any] = []
    with watch([signal], Mute(), everywhere=False):
        sent.append(signal.send(Store, size=3))
        thread = threading.Thread(
            target=contextvars.Context().run,
            args=(
                lambda: sent.extend([signal.send(Store, size=3), send_by(signal, "asend", size=3)]),
            ),
        )
        thread.start()
        thread.join()
    assert sent == [[], [(receive, "sync")], [(receive, "sync")]]


def test_receiver_that_sends_the_same_signal_is_told_apart(signal: Any) -> None:
    def send_again(size: int, **_kwargs: Any) -> Any:
        return signal.send(Store, size=size - 1) if size else "end"

    signal.connect(send_again)
    with watch([signal], recorder := Recorder(), everywhere=True):
        responses = signal.send(Store, size=2)
    assert responses == [(send_again, [(send_again, [(send_again, "end")])])]
    assert [record.payload["size"] for record in recorder.records] == [0, 1, 2]
    assert [call.payload["size"] for call in recorder.calls] == [0, 1, 2]


def test_watch_can_stop_during_a_send(signal: Any) -> None:
    def stop(**_kwargs: Any) -> Any:
        handle.stop()
        return signal.has_listeners(Store)

    signal.connect(stop)
    signal.connect(receive)
    handle = watch([signal], recorder := Recorder(), everywhere=True)
    assert signal.send(Store, size=3) == [(stop, True), (receive, "sync")]
    assert len(recorder.records) == 1


def test_methods_of_a_project_see_the_receivers() -> None:
    signal = Chatty()
    signal.connect(receive)
    with watch([signal], recorder := Recorder(), everywhere=True):
        signal.send(Store, size=3)
    assert signal.seen[-1:] == [[(receive, "sync")]]
    assert recorder.ended == [(receive, "sync")]


def test_project_may_call_the_receivers_itself() -> None:
    signal = Looping()
    signal.connect(receive)
    with watch([signal], recorder := Recorder(), everywhere=True):
        assert signal.send(Store, size=3) == [(receive, "sync")]
    assert recorder.ended == [(receive, "sync")]


@pytest.mark.parametrize("method", SENDS)
def test_send_that_a_tool_has_replaced_is_watched(signal: Any, method: str) -> None:
    signal.connect(receive)
    send = getattr(DjangoSignal, method)
    through: list[Any] = []

    def replaced(self: Any, *args: Any, **kwargs: Any) -> Any:
        through.append(self)
        return send(self, *args, **kwargs)

    with (
        mock.patch.object(DjangoSignal, method, replaced),
        watch([signal], recorder := Recorder(), everywhere=True),
    ):
        assert send_by(signal, method, size=3) == [(receive, "sync")]
    assert through == [signal]
    assert recorder.ended == [(receive, "sync")]


@pytest.mark.parametrize("method", SENDS)
def test_receivers_that_a_tool_has_wrapped_are_watched(signal: Any, method: str) -> None:
    live_receivers: Any = DjangoSignal._live_receivers

    def wrapped(self: Any, sender: Any) -> Any:
        sync, asynchronous = live_receivers(self, sender)
        for index, each in enumerate(sync):
            sync[index] = partial(each, wrapped=True)
        return sync, asynchronous

    signal.connect(receive)
    with (
        mock.patch.object(DjangoSignal, "_live_receivers", wrapped),
        watch([signal], recorder := Recorder(), everywhere=True),
    ):
        [(receiver, _)] = send_by(signal, method, size=3)
    assert receiver.keywords == {"wrapped": True}
    assert recorder.ended == [(receiver, "sync")]


@pytest.mark.usefixtures("database")
def test_heard_model_signals_are_sent_by_fast_deletes_and_cascades() -> None:
    for name in ("ham", "egg", "oil"):
        Topping.objects.create(name=name)
    signals = [post_save, pre_delete, post_delete, m2m_changed]
    Topping.objects.all().delete()
    assert not pre_delete.has_listeners(Topping)
    for name in ("ham", "egg", "oil"):
        Topping.objects.create(name=name)

    class Capture(Recorder):
        def hears(self, _signal: Any, _sender: Any) -> bool:
            return True

    with watch(signals, recorder := Capture(), everywhere=False):
        Topping.objects.all().delete()
    assert [record.signal for record in recorder.records] == [
        *[pre_delete] * 3,
        *[post_delete] * 3,
    ]
    assert all(type(each) is DjangoModelSignal for each in signals)


def test_listener_is_heard_only_while_watched(signal: Any) -> None:
    assert not signal.has_listeners(Pizza)
    with watch([signal], Hearing(), everywhere=True):
        assert signal.has_listeners(Pizza)
    assert not signal.has_listeners(Pizza)


def test_name_is_that_of_list_signals() -> None:
    with watch([post_save], recorder := Recorder(), everywhere=True):
        unchecked(post_save).send(Pizza, size=3)
        assert {record.signal_name for record in recorder.records * 2} == {
            "django.db.models.signals.post_save"
        }
    assert recorder.records[0].signal_name == "django.db.models.signals.post_save"


def test_cancelled_receiver_is_reported(signal: Any) -> None:
    async def wait(**_kwargs: Any) -> None:
        await asyncio.sleep(60)

    async def cancel() -> None:
        task = asyncio.create_task(signal.asend(Store, size=3))
        for _ in range(5):
            await asyncio.sleep(0)
        task.cancel()
        await task

    signal.connect(wait)
    with (
        watch([signal], recorder := Recorder(), everywhere=True),
        pytest.raises(asyncio.CancelledError),
    ):
        asyncio.run(cancel())
    assert isinstance(recorder.records[0].error, asyncio.CancelledError)
    assert isinstance(recorder.calls[0].error, asyncio.CancelledError)


def record(sender: Any, **_kwargs: Any) -> None:
    recorded.append(sender)


recorded: list[Any] = []


@pytest.mark.usefixtures("database")
def test_receiver_on_commit_of_the_core_is_observed_when_it_runs() -> None:
    recorded.clear()
    signal: Any = CoreSignal[Any, Baked]()
    on_commit(signal, on_commit=True)(record)
    with watch([signal], recorder := Recorder(), everywhere=True):
        assert len(signal.send(Store, size=3)) == 1
        assert recorder.begun == recorded == []
        [callback] = callbacks_so_far()
        callback()
    assert [call.receiver for call in recorder.calls] == [record]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("method", SENDS[:2])
def test_receiver_on_commit_is_observed_when_it_runs(signal: Any, method: str) -> None:
    recorded.clear()
    on_commit(signal, on_commit=True)(record)
    with (
        TestCase.captureOnCommitCallbacks() as callbacks,
        watch([signal], Recorder(), everywhere=True),
        watch([signal], recorder := Recorder(), everywhere=True),
    ):
        [(receiver, response)] = send_by(signal, method, size=3)
        assert (receiver.receiver, response) == (record, None)
        assert recorder.begun == recorder.calls == recorded == []
        [callback] = callbacks_so_far()
        callback()
        assert recorded == [Store]
        assert [call.receiver for call in recorder.calls] == [record]
        assert recorder.calls[0].payload == {"size": 3}
    callbacks[0]()
    assert recorded == [Store, Store]
    assert len(recorder.calls) == 1


def callbacks_so_far() -> list[Any]:
    return [entry[1] for entry in connection.run_on_commit]


@pytest.mark.usefixtures("database")
def test_receiver_on_commit_is_muted_by_name(signal: Any) -> None:
    on_commit(signal, on_commit=True)(record)
    with watch([signal], Mute(record), everywhere=False):
        assert signal.send(Store, size=3) == []
    assert len(signal.send(Store, size=3)) == 1


djangos_signal = DjangoSignal()
our_signal = Signal[Any, Baked]()


def test_observed_by_name() -> None:
    calls: list[Call] = []
    for each in (djangos_signal, our_signal, post_save):
        each.connect(record)
    with observe("test_watching.*_signal", "post_save", after=calls.append):
        for each in (djangos_signal, our_signal):
            each.send(Store, size=3)
        unchecked(post_save).send(Pizza, size=3)
        late = [make() for make in KINDS.values()]
        for signal in late:
            signal.connect(record)
            for _ in range(64):
                signal.send(Store, size=3)
        assert not any(hasattr(signal, "_watching") for signal in late)
    for each in (djangos_signal, our_signal, post_save):
        unchecked(each).send(Pizza, size=3) if each is not our_signal else None
        each.disconnect(record)
    assert [call.signal_name for call in calls] == [
        f"{__name__}.djangos_signal",
        f"{__name__}.our_signal",
        "django.db.models.signals.post_save",
    ]


def test_signals_that_are_declared_later_are_observed(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Call] = []
    with observe("test_watching.late_*", after=calls.append):
        for number, make in enumerate(KINDS.values()):
            signal = make()
            monkeypatch.setitem(globals(), f"late_{number}", signal)
            signal.connect(record)
            signal.send(Store, size=3)
            assert signal.has_listeners(Store)
            signal.send(Store, size=3)
    assert [call.signal_name for call in calls] == [
        f"{__name__}.late_{number}" for number in range(len(KINDS)) for _ in range(2)
    ]
