"""
Watching the sends of signals: the mechanism behind captures, mutes and observers.
"""

from __future__ import annotations

import asyncio
import contextvars
import copy
import gc
import threading
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypedDict

import pytest

from typed_signals import Signal
from typed_signals._send.stand_in import StandIn
from typed_signals._watch import Call, Sent, Watcher, watch
from typed_signals.exceptions import PayloadError

if TYPE_CHECKING:
    from collections.abc import Callable

SENDS = ("send", "send_robust", "asend", "asend_robust")
ROBUST = ("send_robust", "asend_robust")

pytestmark = pytest.mark.usefixtures("each_way_of_sending")


class Baked(TypedDict):
    size: int


class Recorder(Watcher):
    """
    Records everything.
    """

    def __init__(self) -> None:
        self.records: list[Sent[Any, Any]] = []
        self.calls: list[Call] = []
        self.begun: list[Call] = []

    def sent(self, record: Sent[Any, Any]) -> None:
        self.records.append(record)

    def before(self, call: Call) -> None:
        assert call.seconds == 0
        self.begun.append(call)

    def after(self, call: Call) -> None:
        assert call.seconds >= 0
        self.calls.append(call)

    @property
    def ended(self) -> list[Any]:
        return [(call.receiver, call.response) for call in self.calls]


class Mute(Watcher):
    def __init__(self, *receivers: Any) -> None:
        self.receivers = receivers

    def is_muted(self, _signal: Any, _sender: Any, receiver: Any) -> bool:
        return not self.receivers or receiver in self.receivers


class Hearing(Watcher):
    def hears(self, _signal: Any, sender: Any) -> bool:
        return sender is not None


def baked() -> Any:
    return Signal[object, Baked]()


def send_by(signal: Any, method: str, sender: Any = None, **payload: Any) -> Any:
    send = getattr(signal, method)
    if method.startswith("a"):

        async def asend() -> Any:
            return await send(sender, **payload)

        return asyncio.run(asend())
    return send(sender, **payload)


def receive(**_kwargs: Any) -> str:
    return "sync"


async def receive_async(**_kwargs: Any) -> str:
    await asyncio.sleep(0)
    return "async"


async def receive_async_too(**_kwargs: Any) -> str:
    return "async, too"


def fail(**_kwargs: Any) -> None:
    raise ValueError("burnt")


async def fail_async(**_kwargs: Any) -> None:
    raise ValueError("burnt")


GROUPS: list[list[Callable[..., Any]]] = [
    [],
    [receive],
    [receive_async],
    [receive, receive_async],
    [receive_async, receive, receive_async_too],
]


@pytest.mark.parametrize("method", SENDS)
@pytest.mark.parametrize("receivers", GROUPS)
def test_watched_send_does_the_same(method: str, receivers: list[Any]) -> None:
    signal = baked()
    for receiver in receivers:
        signal.connect(receiver)
    expected = send_by(signal, method, size=3)
    with watch([signal], recorder := Recorder(), everywhere=True):
        assert send_by(signal, method, size=3) == expected
    assert send_by(signal, method, size=3) == expected
    [record] = recorder.records
    assert (record.signal, record.method, record.sender) == (signal, method, None)
    assert (record.payload, record.responses, record.error) == ({"size": 3}, expected, None)
    assert {call.receiver for call in recorder.begun} == {*receivers}
    assert sorted(recorder.ended, key=str) == sorted(expected, key=str)
    assert all(call.payload == {"size": 3} for call in recorder.calls)


@pytest.mark.parametrize("method", SENDS)
@pytest.mark.parametrize("receivers", [[fail], [fail_async], [fail, receive_async]])
def test_failure_is_reported_and_stays_the_same(
    method: str, receivers: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    signal = baked()
    for receiver in receivers:
        signal.connect(receiver)
    with watch([signal], recorder := Recorder(), everywhere=True):
        if method in ROBUST:
            (receiver, error), *_ = send_by(signal, method, size=3)
            assert receiver is receivers[0]
            assert recorder.records[0].error is None
            [logged] = caplog.records
            assert logged.__dict__["receiver"] is receivers[0]
        else:
            with pytest.raises(ValueError, match="burnt") as raised:
                send_by(signal, method, size=3)
            error = raised.value
            assert recorder.records[0].responses is None
            assert recorder.records[0].error is error
    assert recorder.calls[0].error is error
    assert recorder.calls[0].response is None
    [noted] = getattr(error, "__notes__", [])
    assert f"{__name__}.{receivers[0].__name__} (" in noted


class Forgetting(Watcher):
    """
    Is told of everything, and keeps nothing alive.
    """

    def sent(self, _record: Sent[Any, Any]) -> None: ...

    def before(self, _call: Call) -> None: ...

    def after(self, _call: Call) -> None: ...


def test_failure_leaves_no_cycle_that_keeps_the_receiver_alive() -> None:
    def fail_too(**_kwargs: Any) -> None:
        raise ValueError("burnt")

    signal, reference = baked(), weakref.ref(fail_too)
    signal.connect(fail_too)
    gc.disable()
    try:
        with watch([signal], Forgetting(), everywhere=True), suppress(ValueError):
            signal.send(None, size=3)
        del fail_too
        assert reference() is None
    finally:
        gc.enable()


def test_refused_payload_is_not_a_send() -> None:
    signal = baked()
    with watch([signal], recorder := Recorder(), everywhere=True), pytest.raises(PayloadError):
        signal.send(None, weight=3)
    assert recorder.records == []


@pytest.mark.parametrize("method", SENDS)
def test_muted_receivers_are_left_out_and_the_payload_is_checked(method: str) -> None:
    signal = baked()
    for receiver in (receive, receive_async, fail):
        signal.connect(receiver)
    with watch([signal], Mute(receive, fail), everywhere=True):
        assert send_by(signal, method, size=3) == [(receive_async, "async")]
    with watch([signal], Mute(), everywhere=True):
        assert send_by(signal, method, size=3) == []
        with pytest.raises(PayloadError):
            send_by(signal, method)


def test_watcher_can_hear_without_receivers() -> None:
    signal = baked()
    assert not signal.has_listeners(Baked)
    with watch([signal], Hearing(), everywhere=True):
        assert signal.has_listeners(Baked)
        assert not signal.has_listeners(None)
    assert not signal.has_listeners(Baked)


def test_watch_of_this_context_is_inherited_by_tasks_and_not_by_threads() -> None:
    signal = baked()
    signal.connect(receive)
    responses: dict[str, Any] = {}

    def send(name: str) -> None:
        responses[name] = signal.send(None, size=3)

    async def send_in_task() -> None:
        send("task")

    with watch([signal], Mute(), everywhere=False):
        send("here")
        thread = threading.Thread(target=contextvars.Context().run, args=(send, "thread"))
        thread.start()
        thread.join()
        asyncio.run(send_in_task())
    send("after")
    muted = {name for name, value in responses.items() if value == []}
    assert muted == {"here", "task"}


def test_watchers_stop_in_any_order_and_more_than_once() -> None:
    signal = baked()
    recorders = [Recorder() for _ in range(3)]
    handles = [
        watch([signal, signal], recorder, everywhere=number == 1)
        for number, recorder in enumerate(recorders)
    ]
    signal.send(None, size=3)
    for handle in (handles[1], handles[0], handles[2], handles[0]):
        handle.stop()
        signal.send(None, size=3)
    assert [len(recorder.records) for recorder in recorders] == [2, 1, 3]


def test_context_that_outlives_a_watch_sends_as_usual() -> None:
    signal = baked()
    signal.connect(receive)
    handle = watch([signal], Mute(), everywhere=False)
    context = contextvars.copy_context()
    other = watch([signal], Recorder(), everywhere=True)
    handle.stop()
    assert context.run(signal.send, None, size=3) == [(receive, "sync")]
    other.stop()


def test_only_signals_can_be_watched() -> None:
    signal = baked()
    with pytest.raises(TypeError, match="'shop' is not a signal"):
        watch([signal, "shop"], Mute(), everywhere=True)
    signal.connect(receive)
    assert signal.send(None, size=3) == [(receive, "sync")]


def test_nothing_is_added_to_a_watch_that_has_stopped() -> None:
    signal = baked()
    signal.connect(receive)
    with watch([], Mute(), everywhere=True) as handle:
        handle.add(signal)
        assert signal.send(None, size=3) == []
    handle.add(signal)
    assert signal.send(None, size=3) == [(receive, "sync")]


def test_stand_in_can_be_copied() -> None:
    def receive(**kwargs: object) -> None: ...

    copied = copy.copy(StandIn(receive))
    assert copied.receiver is receive
    assert copied.__name__ == "receive"
