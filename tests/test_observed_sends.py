"""
Sends of signals of ours of which only the calls are observed; they have generated methods.
"""

from __future__ import annotations

import contextvars
import gc
import weakref
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

import pytest

from tests.counting import called
from typed_signals import Call, Signal, observe
from typed_signals._watch import Watcher, watch

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("each_way_of_sending")

METHODS = ("send", "send_robust")


class Baked(TypedDict):
    size: int
    note: NotRequired[str]


class Sender: ...


class Eater:
    def eat(self, size: int, **_kwargs: object) -> int:
        return size


def double(size: int, **_kwargs: object) -> int:
    return 2 * size


def len_of(**kwargs: object) -> int:
    return len(kwargs)


def burn(**_kwargs: object) -> None:
    raise ValueError("burnt")


@pytest.fixture(params=[Signal[object, Baked], Signal])
def signal(request: pytest.FixtureRequest) -> Any:
    return request.param()


class Both:
    """
    Observers before and after.
    """

    def __init__(self) -> None:
        self.begun: list[Call] = []
        self.ended: list[Call] = []

    def observe(self, signal: Any, *names: str) -> Any:
        callbacks: dict[str, Any] = {"before": self.begun.append, "after": self.ended.append}
        return observe(signal, **{name: callbacks[name] for name in names})


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("names", [["before"], ["after"], ["before", "after"]])
def test_calls_are_complete(signal: Any, method: str, names: list[str]) -> None:
    eaters = [Eater() for _ in range(2)]
    forms: list[list[Callable[..., Any]]] = [
        [],
        [double],
        [eaters[0].eat],
        [double, lambda **_: 2],
        [each.eat for each in eaters],
        [double, eaters[0].eat],
    ]
    for receivers in forms:
        for receiver in receivers:
            signal.connect(receiver)
        told = Both()
        with told.observe(signal, *names):
            responses = getattr(signal, method)(Sender, size=3)
        assert [receiver for receiver, _ in responses] == receivers
        calls = told.begun if "before" in names else told.ended
        assert told.begun == (calls if "before" in names else [])
        assert told.ended == (calls if "after" in names else [])
        assert [call.receiver for call in calls] == receivers
        for call, (_, response) in zip(calls, responses, strict=True):
            assert (call.signal, call.sender, call.payload) == (signal, Sender, {"size": 3})
            assert call.payload is calls[0].payload
            assert call.error is None
            assert call.response == response
            assert call.seconds > 0
        for receiver in receivers:
            signal.disconnect(receiver)


@pytest.mark.parametrize("names", [["before"], ["after"], ["before", "after"]])
@pytest.mark.parametrize("others", [[], [double]])
def test_failure_is_told_noted_and_raised(signal: Any, names: list[str], others: list[Any]) -> None:
    for receiver in [*others, burn]:
        signal.connect(receiver)
    told = Both()
    with told.observe(signal, *names):
        with pytest.raises(ValueError, match="burnt") as raised:
            signal.send(Sender, size=3)
        *_, (receiver, response) = signal.send_robust(Sender, size=3)
    assert (receiver, str(response)) == (burn, "burnt")
    for error in (raised.value, response):
        (note,) = error.__notes__
        assert note.startswith(f"Raised in the receiver {__name__}.burn ")
    if "after" in names:
        failed = [call.error for call in told.ended if call.receiver is burn]
        assert failed == [raised.value, response]


@pytest.mark.parametrize("receivers", [[double], [double, Eater().eat]])
@pytest.mark.parametrize("method", METHODS)
def test_observer_that_raises_is_logged(
    signal: Any, method: str, receivers: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_call: Call) -> None:
        raise LookupError("lost")

    told = Both()
    for receiver in receivers:
        signal.connect(receiver, weak=False)
    with observe(signal, before=fail, after=fail), told.observe(signal, "before", "after"):
        assert len(getattr(signal, method)(Sender, size=3)) == len(receivers)
    assert len(told.begun) == len(told.ended) == len(receivers)
    assert len(caplog.records) == 2 * len(receivers)
    assert "Error in the observer" in caplog.text


@pytest.mark.parametrize("name", ["before", "after"])
def test_only_observer_that_raises_is_logged(
    signal: Any, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_call: Call) -> None:
        raise LookupError("lost")

    callback: dict[str, Any] = {name: fail}
    signal.connect(double)
    signal.connect(len_of)
    with observe(signal, **callback):
        assert len(signal.send(Sender, size=3)) == 2
    assert len(caplog.records) == 2


def test_interrupt_of_an_observer_is_raised(signal: Any) -> None:
    def interrupt(_call: Call) -> None:
        raise KeyboardInterrupt

    signal.connect(double)
    with observe(signal, after=interrupt), pytest.raises(KeyboardInterrupt):
        signal.send(Sender, size=3)


@pytest.mark.parametrize("others", [[], [double, Eater().eat]])
def test_lost_receiver_is_left_out(signal: Any, others: list[Any]) -> None:
    def make() -> Callable[..., None]:
        return lambda **_kwargs: None

    lost = [make(), make()]
    responses: list[object] = []
    with observe(signal, after=lambda call: responses.append(call.response)):
        for receiver in others:
            signal.connect(receiver, weak=False)
        for receiver in lost:
            signal.connect(receiver)
        del receiver
        while True:
            responses.clear()
            assert len(signal.send(Sender, size=3)) == len(others) + len(lost)
            assert responses == [each(size=3) for each in others] + [None] * len(lost)
            if not lost:
                break
            lost.pop()


def test_invalid_payload_is_refused_and_keys_may_be_left_out() -> None:
    signal: Any = Signal[object, Baked]()
    signal.connect(double)
    told = Both()
    with told.observe(signal, "after"):
        for wrong in ({}, {"size": 3, "other": 4}):
            with pytest.raises(TypeError):
                signal.send(Sender, **wrong)
        assert signal.send(Sender, size=3, note="hot") == [(double, 6)]
    assert [call.payload for call in told.ended] == [{"size": 3, "note": "hot"}]


def test_watchers_that_do_more_are_told_more(signal: Any) -> None:
    class Recorder(Watcher):
        def sent(self, record: Any) -> None:
            records.append(record)

    records: list[Any] = []
    told = Both()
    signal.connect(double)
    with told.observe(signal, "after"):
        signal.send(Sender, size=3)
        with watch([signal], Recorder(), everywhere=True):
            signal.send(Sender, size=3)
        signal.send(Sender, size=3)
    signal.send(Sender, size=3)
    assert len(told.ended) == 3
    assert [record.responses for record in records] == [[(double, 6)]]


def test_method_that_was_read_before_an_observer_came_or_went(signal: Any) -> None:
    signal.connect(double)
    told = Both()
    plain = signal.send
    with told.observe(signal, "after"):
        observed = signal.send
        assert observed(Sender, size=3) == [(double, 6)]
        with observe(signal, before=lambda _call: None):
            assert observed(Sender, size=3) == [(double, 6)]
        assert len(told.ended) == 2
    assert observed(Sender, size=3) == plain(Sender, size=3) == [(double, 6)]
    assert len(told.ended) == 2


def test_observers_keep_nothing_alive(signal: Any) -> None:
    class Topping: ...

    signal.connect(double)
    signal.connect(burn)
    with observe(signal, before=lambda _call: None, after=lambda _call: None):
        sender = Topping()
        reference = weakref.ref(sender)
        gc.disable()
        try:
            with pytest.raises(ValueError, match="burnt"):
                signal.send(sender, size=3)
            del sender
            assert reference() is None
        finally:
            gc.enable()


def test_stopped_watcher_is_not_kept_alive_by_copies_of_the_context(signal: Any) -> None:
    class Recorder(Watcher):
        pass

    watcher = Recorder()
    reference = weakref.ref(watcher)
    with watch([signal], watcher, everywhere=False):
        copied = contextvars.copy_context()
    del watcher
    gc.collect()
    assert reference() is None
    assert copied.run(signal.send, Sender, size=3) == []


def test_observed_send_calls_nothing_but_itself(
    signal: Any, sends_are_generated: Callable[..., None]
) -> None:
    sends_are_generated(are_generated=True)
    signal.connect(double)
    signal.connect(len_of)
    with observe(signal, after=lambda _call: None):
        assert len(signal.send(Sender, size=3)) == 2
        # One of them for the optional key, or for any keys.
        assert called(lambda: signal.send(Sender, size=3)) == {"send": 2}
