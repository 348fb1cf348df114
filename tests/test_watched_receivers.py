"""
Receivers of watched signals that are rare: of other forms, interrupted, or never started.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypedDict

import pytest
from asgiref.sync import markcoroutinefunction

from tests.support import call_in_plugin
from tests.test_watching import SENDS, Recorder, receive_async, send_by
from typed_signals import Signal
from typed_signals._watch import Watcher, watch

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator


class Baked(TypedDict):
    size: int


class Awaitable:
    """
    Not a coroutine.
    """

    def __init__(self, error: BaseException | None) -> None:
        self.error = error

    def __await__(self) -> Generator[Any, Any, str]:
        yield from asyncio.sleep(0).__await__()
        if self.error is not None:
            raise self.error
        return "awaited"


def returning(error: BaseException | None = None) -> Any:
    def receiver(**_kwargs: Any) -> Awaitable:
        return Awaitable(error)

    return markcoroutinefunction(receiver)


@pytest.fixture
def signal() -> Any:
    return Signal[object, Baked]()


@pytest.fixture
def recorder(signal: Any) -> Iterator[Recorder]:
    with watch([signal], recorder := Recorder(), everywhere=True):
        yield recorder


@pytest.mark.parametrize("others", [0, 1])
def test_receiver_may_return_any_awaitable(signal: Any, recorder: Recorder, others: int) -> None:
    receivers = [returning(), *[receive_async] * others]
    for receiver in receivers:
        signal.connect(receiver)
    assert send_by(signal, "asend", size=3)[0] == (receivers[0], "awaited")
    assert (receivers[0], "awaited") in recorder.ended


def test_failure_of_any_awaitable_is_reported(signal: Any, recorder: Recorder) -> None:
    signal.connect(receiver := returning(error := ValueError("burnt")))
    assert send_by(signal, "asend_robust", size=3) == [(receiver, error)]
    assert [call.error for call in recorder.calls] == [error]


@pytest.mark.parametrize("method", SENDS)
def test_interrupt_is_reported(signal: Any, recorder: Recorder, method: str) -> None:
    def interrupt(**_kwargs: Any) -> None:
        raise KeyboardInterrupt

    signal.connect(interrupt)
    with pytest.raises(KeyboardInterrupt):
        send_by(signal, method, size=3)
    for error in (recorder.records[0].error, recorder.calls[0].error):
        assert isinstance(error, KeyboardInterrupt)


def test_receiver_whose_send_is_closed_is_reported(signal: Any, recorder: Recorder) -> None:
    signal.connect(receive_async)
    sending = signal.asend(None, size=3)
    sending.send(None)
    sending.close()
    assert isinstance(recorder.calls[0].error, GeneratorExit)


def test_receiver_that_never_starts_is_not_reported(signal: Any, recorder: Recorder) -> None:
    async def fail(**_kwargs: Any) -> None:
        raise ValueError("burnt")

    signal.connect(fail)
    signal.connect(receive_async)
    with pytest.raises(ValueError, match="burnt"):
        send_by(signal, "asend", size=3)
    assert {call.receiver for call in recorder.begun} <= {fail, receive_async}
    assert len(recorder.begun) == len(recorder.calls)


def test_tasks_have_the_names_of_receivers(signal: Any, recorder: Recorder) -> None:
    names = []

    async def note_name(**_kwargs: Any) -> None:
        await asyncio.sleep(0)
        task: Any = asyncio.current_task()
        names.append(task.get_coro().__qualname__)

    signal.connect(note_name)
    signal.connect(receive_async)
    send_by(signal, "asend", size=3)
    assert names == [note_name.__qualname__]
    assert len(recorder.calls) == 2


@pytest.mark.parametrize("method", SENDS)
def test_payload_that_mypy_would_refuse_is_not_sent(
    signal: Any, recorder: Recorder, method: str
) -> None:
    signal.connect(receive_async)
    assert call_in_plugin(send_by, signal, method) == []
    assert recorder.records == []


def test_record_has_a_readable_form(signal: Any, recorder: Recorder) -> None:
    signal.send(None, size=3)
    [record] = recorder.records
    assert record.signal_name.startswith("<unnamed signal made at ")
    assert f"{record.signal_name}.send(" in repr(record)


def test_watcher_does_nothing_by_default(signal: Any) -> None:
    watcher = Watcher()
    assert not watcher.is_muted(signal, None, receive_async)
    assert not watcher.hears(signal, None)
    assert not any(map(watcher.does, ("is_muted", "hears", "sent", "before", "after")))


@pytest.mark.parametrize("others", [0, 1])
def test_what_a_wrapper_does_before_it_returns_the_coroutine_is_measured(
    signal: Any, recorder: Recorder, set_clock: Callable[[Callable[[], float]], None], others: int
) -> None:
    def wrapper(**kwargs: Any) -> Any:
        now[0] += 2
        return bake(**kwargs)

    async def bake(**_kwargs: Any) -> None:
        await asyncio.sleep(0)
        now[0] += 3

    now = [0.0]
    set_clock(lambda: now[0])
    signal.connect(markcoroutinefunction(wrapper))
    for _ in range(others):
        signal.connect(receive_async)
    send_by(signal, "asend", size=3)
    assert max(call.seconds for call in recorder.calls) == 5


@pytest.mark.parametrize("method", ["asend", "asend_robust"])
def test_failure_before_a_wrapper_returns_the_coroutine_is_reported(
    signal: Any, recorder: Recorder, method: str
) -> None:
    def wrapper(**_kwargs: Any) -> Any:
        raise ValueError("burnt")

    signal.connect(markcoroutinefunction(wrapper))
    if method == "asend":
        with pytest.raises(ValueError, match="burnt"):
            send_by(signal, method, size=3)
    else:
        assert len(send_by(signal, method, size=3)) == 1
    assert [str(call.error) for call in recorder.calls] == ["burnt"]
    assert len(recorder.begun) == 1


def test_receiver_that_raises_when_its_send_is_closed_is_reported(
    signal: Any, recorder: Recorder
) -> None:
    async def clean_up(**_kwargs: Any) -> None:
        try:
            await asyncio.sleep(0)
        finally:
            raise ValueError("burnt")

    signal.connect(clean_up)
    sending = signal.asend(None, size=3)
    sending.send(None)
    with pytest.raises(ValueError, match="burnt"):
        sending.close()
    assert [str(call.error) for call in recorder.calls] == ["burnt"]
