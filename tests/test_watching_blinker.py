"""
Watching the sends of blinker's signals.
"""

from __future__ import annotations

import asyncio
import contextvars
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import Mock

import blinker
import pytest

from tests.test_watching import Hearing, Mute, Recorder
from typed_signals import Call, observe
from typed_signals._watch import watch

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS: Final[dict[str, Callable[[], Any]]] = {
    "plain": blinker.Signal,
    "named": partial(blinker.NamedSignal, "baked"),
}
sold = blinker.Signal()


@pytest.fixture(params=KINDS)
def signal(request: pytest.FixtureRequest) -> Any:
    return KINDS[request.param]()


def receive(sender: Any, **_kwargs: Any) -> Any:
    return sender


def fail(_sender: Any, **_kwargs: Any) -> None:
    raise ValueError("burnt")


async def eat(sender: Any, **_kwargs: Any) -> Any:
    await asyncio.sleep(0)
    return sender


def in_loop(receiver: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        return asyncio.run(receiver(*args, **kwargs))

    return call


def in_coroutine(receiver: Callable[..., Any]) -> Callable[..., Any]:
    async def call(*args: Any, **kwargs: Any) -> Any:
        return receiver(*args, **kwargs)

    return call


def send(signal: Any, method: str) -> Any:
    if method == "send":
        return signal.send("sender", size=3, _async_wrapper=in_loop)
    return asyncio.run(signal.send_async("sender", size=3, _sync_wrapper=in_coroutine))


@pytest.mark.parametrize("method", ["send", "send_async"])
@pytest.mark.parametrize("receivers", [[], [receive], [eat], [receive, eat]])
def test_watched_send_does_the_same(signal: Any, method: str, receivers: list[Any]) -> None:
    for receiver in receivers:
        signal.connect(receiver)
    expected = send(signal, method)
    cls = type(signal)
    with watch([signal], recorder := Recorder(), everywhere=True):
        assert isinstance(signal, cls)
        assert send(signal, method) == expected
    assert type(signal) is cls
    assert send(signal, method) == expected
    [record] = recorder.records
    assert (record.signal, record.method, record.sender) == (signal, method, "sender")
    assert (record.payload, record.responses) == ({"size": 3}, expected)
    assert recorder.ended == expected


@pytest.mark.parametrize("method", ["send", "send_async"])
def test_failure_is_reported(signal: Any, method: str) -> None:
    signal.connect(fail)
    with (
        watch([signal], recorder := Recorder(), everywhere=True),
        pytest.raises(ValueError, match="burnt") as raised,
    ):
        send(signal, method)
    assert recorder.records[0].error is recorder.calls[0].error is raised.value


@pytest.mark.parametrize("method", ["send", "send_async"])
def test_muted_receivers_are_left_out(signal: Any, method: str) -> None:
    for receiver in (receive, eat, fail):
        signal.connect(receiver)
    with watch([signal], Mute(receive, fail), everywhere=False):
        assert send(signal, method) == [(eat, "sender")]


@pytest.mark.parametrize("method", ["send", "send_async"])
def test_context_without_watchers_sends_as_usual(signal: Any, method: str) -> None:
    signal.connect(receive)
    handle = watch([signal], Mute(), everywhere=False)
    with watch([signal], Mute(eat), everywhere=False):
        handle.stop()
        assert send(signal, method) == [(receive, "sender")]
        assert list(signal.receivers_for("sender")) == [receive]


def test_mute_of_blinker_works_while_watched(signal: Any) -> None:
    signal.connect(receive)
    with watch([signal], recorder := Recorder(), everywhere=True), signal.muted():
        assert signal.send("sender") == []
    assert len(recorder.records) == 1


def test_watcher_can_hear_without_receivers(signal: Any) -> None:
    with watch([signal], Hearing(), everywhere=True):
        assert signal.has_receivers_for("sender")
    assert not signal.has_receivers_for("sender")


def test_observed_by_name() -> None:
    calls: list[Call] = []
    sold.connect(receive)
    with observe("sold", after=calls.append):
        sold.send("sender")
        late = blinker.Signal()
        late.connect(receive)
        late.send("sender")
    assert [call.signal_name for call in calls] == [f"{__name__}.sold"]
    assert type(sold) is type(late) is blinker.Signal


def test_name_without_a_module_is_blinkers(signal: Any) -> None:
    calls: list[Call] = []
    signal.connect(receive)
    with observe(signal, after=calls.append):
        signal.send("sender")
    assert calls[0].signal_name == getattr(signal, "name", repr(signal))


def test_signal_that_cannot_name_itself_is_sent() -> None:
    class Odd(blinker.Signal):  # type: ignore[misc]  # it may not be installed
        name = property(lambda self: 1 / 0)

        def __repr__(self) -> str:
            raise ZeroDivisionError

    calls: list[Call] = []
    signal = Odd()
    signal.connect(receive)
    with observe("*.other", after=calls.append), observe(signal, after=calls.append):
        signal.send("sender")
    assert [call.signal_name for call in calls] == ["<Odd object, repr failed>"]


@pytest.mark.parametrize("method", ["send", "send_async"])
def test_mock_is_itself_in_responses(signal: Any, method: str) -> None:
    signal.connect(mock := Mock(return_value=3))
    for watcher in (Recorder(), Hearing()):
        with watch([signal], watcher, everywhere=True):
            assert send(signal, method) == [(mock, 3)]


@pytest.mark.parametrize("method", ["send", "send_async"])
def test_watch_of_another_context_is_not_seen(signal: Any, method: str) -> None:
    signal.connect(receive)
    signal.connect(eat)
    with watch([signal], Mute(), everywhere=False):
        responses = contextvars.Context().run(send, signal, method)
    assert sorted(responses, key=str) == sorted(send(signal, method), key=str)
    assert len(responses) == 2


def test_old_blinker_is_refused_with_the_version_to_install(
    signal: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(blinker.base, "hashable_identity", id, raising=False)
    with pytest.raises(TypeError, match=r"cannot be watched: install blinker 1\.8 or newer"):
        observe(signal, after=print)
    with observe("*", after=print):
        assert type(signal) in (blinker.Signal, blinker.NamedSignal)
        signal.send("sender")
    assert "install blinker 1.8 or newer" in caplog.text
