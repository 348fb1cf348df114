"""
Every send checks the payload against its declaration, then calls the receivers in order.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import sys
from typing import TYPE_CHECKING, Any, TypedDict
from unittest.mock import Mock

import pytest

from tests.support import LARGEST, SMALLEST, PizzaDone
from typed_signals import Signal
from typed_signals.exceptions import PayloadError, SignalError

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("each_way_of_sending")

METHODS = ("send", "send_robust", "asend", "asend_robust")
STRICT = ("send", "asend")
ROBUST = ("send_robust", "asend_robust")

pizza_done: Signal[object, PizzaDone] = Signal()


def dispatch(signal: object, method: str, /, *args: object, **payload: object) -> Any:
    """
    Send with *method*, and wait for it if it is async.
    """
    sent = getattr(signal, method)(*args, **payload)
    return asyncio.run(sent) if method.startswith("a") else sent


def recorder() -> tuple[Callable[..., None], list[dict[str, object]]]:
    calls: list[dict[str, object]] = []

    def record(**kwargs: object) -> None:
        calls.append(kwargs)

    return record, calls


# The payload


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("payload", [SMALLEST, LARGEST])
def test_receivers_are_called_with_signal_sender_and_payload(
    method: str, payload: dict[str, Any]
) -> None:
    record, calls = recorder()
    signal = Signal[object, PizzaDone]()
    signal.connect(record)
    assert dispatch(signal, method, "oven", **payload) == [(record, None)]
    assert calls == [{"signal": signal, "sender": "oven", **payload}]


@pytest.mark.parametrize("method", METHODS)
def test_sender_can_be_passed_by_keyword(method: str) -> None:
    record, calls = recorder()
    signal = Signal[object, PizzaDone]()
    signal.connect(record)
    dispatch(signal, method, **SMALLEST, sender="oven")
    assert calls == [{"signal": signal, "sender": "oven", **SMALLEST}]


REFUSED: dict[str, tuple[dict[str, object], tuple[str, ...], tuple[str, ...], str]] = {
    "missing": (
        {"toppings": []},
        ("size",),
        (),
        "missing 'size'; PizzaDone declares 'toppings', 'size' and optionally 'note'",
    ),
    "all missing": ({}, ("toppings", "size"), (), "missing 'toppings', 'size';"),
    "unexpected": (
        {**SMALLEST, "oven": 1},
        (),
        ("oven",),
        "unexpected 'oven'; PizzaDone declares",
    ),
    "misspelt": (
        {"toppings": [], "sizes": 30},
        ("size",),
        ("sizes",),
        "missing 'size', unexpected 'sizes' (did you mean 'size'?);",
    ),
    "misspelt and optional": (
        {**SMALLEST, "notes": ""},
        (),
        ("notes",),
        "unexpected 'notes' (did you mean 'note'?);",
    ),
    "all at once": (
        {"topings": [], "oven": 1, "crust": 2},
        ("toppings", "size"),
        ("topings", "oven", "crust"),
        (
            "missing 'toppings', 'size', unexpected 'topings' (did you mean 'toppings'?), "
            "unexpected 'oven', unexpected 'crust';"
        ),
    ),
    "signal": (
        {**SMALLEST, "signal": 1},
        (),
        ("signal",),
        "unexpected 'signal' (a reserved name);",
    ),
    "a key that is sent already is not suggested": (
        {**SMALLEST, "sizes": 30},
        (),
        ("sizes",),
        "unexpected 'sizes'; PizzaDone",
    ),
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", REFUSED)
def test_payload_with_other_keys_is_refused(method: str, case: str) -> None:
    payload, missing, unexpected, problem = REFUSED[case]
    with pytest.raises(PayloadError) as refused:
        dispatch(pizza_done, method, None, **payload)
    assert f"tests.test_sending.pizza_done.{method}(): {problem}" in str(refused.value)
    assert refused.value.missing == missing
    assert refused.value.unexpected == unexpected
    assert isinstance(refused.value, TypeError)
    assert isinstance(refused.value, SignalError)


@pytest.mark.parametrize("method", METHODS)
def test_payload_by_position_is_refused(method: str) -> None:
    with pytest.raises(PayloadError, match="1 passed by position"):
        dispatch(pizza_done, method, None, 30, toppings=[], size=30)


@pytest.mark.parametrize("method", METHODS)
def test_parameters_of_a_declaring_function_may_be_sent_by_position(method: str) -> None:
    @Signal.declare
    def pizza_cut(sender: object, pieces: int, wheel: str = "", *, size: int = 30) -> object:
        raise AssertionError

    record, calls = recorder()
    pizza_cut.connect(record)
    dispatch(pizza_cut, method, "me", 8, size=24)
    dispatch(pizza_cut, method, "me", 8, "steel")
    with pytest.raises(PayloadError, match="3 passed by position"):
        dispatch(pizza_cut, method, "me", 8, "steel", 24)
    with pytest.raises(PayloadError, match="1 passed by position"):
        dispatch(pizza_cut, method, "me", 8, pieces=8)
    sent = {"signal": pizza_cut, "sender": "me", "pieces": 8}
    assert calls == [{**sent, "size": 24}, {**sent, "wheel": "steel"}]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("payload", [{}, {"toppings": [], "sizes": 30}, {**SMALLEST, "oven": 1}])
def test_no_receiver_is_called_when_the_payload_is_refused(
    method: str, payload: dict[str, object]
) -> None:
    record, calls = recorder()
    signal = Signal[object, PizzaDone]()
    signal.connect(record)
    with pytest.raises(PayloadError):
        dispatch(signal, method, None, **payload)
    assert calls == []


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("nothing", [None, 0, False, "", []])
def test_key_counts_as_sent_with_any_value(method: str, nothing: object) -> None:
    record, calls = recorder()
    signal = Signal[object, PizzaDone]()
    signal.connect(record)
    dispatch(signal, method, None, toppings=nothing, size=nothing, note=nothing)
    [call] = calls
    assert call["toppings"] is call["size"] is call["note"] is nothing


Odd = TypedDict(
    "Odd", {"self": int, "args": int, "kwargs": int, "payload": int, "method": int, "class": int}
)


@pytest.mark.parametrize("method", METHODS)
def test_keys_may_have_the_names_of_our_own_parameters(method: str) -> None:
    record, calls = recorder()
    signal: Any = Signal[object, Odd]()
    signal.connect(record)
    payload = {"self": 1, "args": 2, "kwargs": 3, "payload": 4, "method": 5, "class": 6}
    dispatch(signal, method, None, **payload)
    assert calls == [{"signal": signal, "sender": None, **payload}]


@pytest.mark.parametrize("method", METHODS)
def test_untyped_signal_accepts_any_key_except_for_the_reserved_one(method: str) -> None:
    record, calls = recorder()
    signal: Any = Signal()
    signal.connect(record)
    dispatch(signal, method, None, anything=1)
    assert calls == [{"signal": signal, "sender": None, "anything": 1}]
    with pytest.raises(PayloadError, match=r"unexpected 'signal' \(a reserved name\)"):
        dispatch(signal, method, None, anything=1, signal=2)
    assert len(calls) == 1


# Calls


@pytest.mark.parametrize("method", METHODS)
def test_without_receivers_the_result_is_empty(method: str) -> None:
    assert dispatch(pizza_done, method, None, **SMALLEST) == []


@pytest.mark.parametrize("method", METHODS)
def test_responses_come_in_the_order_of_connection(method: str) -> None:
    signal = Signal[object, PizzaDone]()
    receivers: list[Any] = [functools.partial(lambda i, **kwargs: i, i) for i in range(5)]
    for receive in reversed(receivers):
        signal.connect(receive)
    responses = dispatch(signal, method, None, **SMALLEST)
    assert responses == [(receivers[i], i) for i in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize("method", METHODS)
def test_order_holds_across_receivers_of_one_and_of_all_senders(method: str) -> None:
    signal = Signal[object, PizzaDone]()
    calls: list[int] = []
    receivers: list[Any] = [
        functools.partial(lambda i, **kwargs: calls.append(i), i) for i in range(4)
    ]
    sender = Mock()
    for i, receive in enumerate(receivers):
        signal.connect(receive, sender=sender if i % 2 else None)
    dispatch(signal, method, sender, **SMALLEST)
    assert calls == [0, 1, 2, 3]


@pytest.mark.parametrize("method", METHODS)
def test_each_receiver_gets_its_own_keyword_arguments(method: str) -> None:
    def destroy(**kwargs: object) -> None:
        kwargs.clear()

    record, calls = recorder()
    signal = Signal[object, PizzaDone]()
    signal.connect(destroy)
    signal.connect(record)
    payload = dict(SMALLEST)
    dispatch(signal, method, None, **payload)
    assert calls == [{"signal": signal, "sender": None, **SMALLEST}]
    assert payload == SMALLEST


def test_receiver_may_send_another_signal() -> None:
    record, calls = recorder()
    inner: Any = Signal()
    outer: Any = Signal()

    def forward(sender: object, **kwargs: object) -> object:
        return inner.send(sender, forwarded=kwargs["number"])

    inner.connect(record)
    outer.connect(forward)
    assert outer.send("me", number=1) == [(forward, [(record, None)])]
    assert calls == [{"signal": inner, "sender": "me", "forwarded": 1}]


def test_receiver_may_send_the_same_signal() -> None:
    signal: Any = Signal()

    def count_down(number: int, **kwargs: object) -> list[int]:
        if not number:
            return [0]
        [(_, rest)] = signal.send(None, number=number - 1)
        return [number, *rest]

    signal.connect(count_down)
    assert signal.send(None, number=3) == [(count_down, [3, 2, 1, 0])]


# Failures


class TooHotError(Exception):
    pass


class Halt(BaseException):
    pass


def fail(**kwargs: object) -> None:
    raise TooHotError("too hot")


def halt(**kwargs: object) -> None:
    raise Halt


class FailingObject:
    def __call__(self, **kwargs: object) -> None:
        raise TooHotError("too hot")

    def method(self, **kwargs: object) -> None:
        raise TooHotError("too hot")


@pytest.mark.parametrize("method", STRICT)
def test_first_error_stops_a_send(method: str) -> None:
    before, called_before = recorder()
    after, called_after = recorder()
    signal: Any = Signal()
    for receive in (before, fail, after):
        signal.connect(receive)
    with pytest.raises(TooHotError, match="too hot"):
        dispatch(signal, method, None)
    assert len(called_before) == 1
    assert called_after == []


@pytest.mark.parametrize("method", ROBUST)
def test_robust_send_continues_and_returns_the_error(method: str) -> None:
    before, _ = recorder()
    after, called_after = recorder()
    signal: Any = Signal()
    for receive in (before, fail, after):
        signal.connect(receive)
    responses = dispatch(signal, method, None)
    assert [receive for receive, _ in responses] == [before, fail, after]
    error = responses[1][1]
    assert isinstance(error, TooHotError)
    assert error.__traceback__ is not None
    frames = error.__traceback__
    while frames.tb_next:
        frames = frames.tb_next
    assert frames.tb_frame.f_code is fail.__code__
    assert len(called_after) == 1


@pytest.mark.parametrize("method", METHODS)
def test_base_exceptions_stop_every_send(method: str) -> None:
    after, called_after = recorder()
    signal: Any = Signal()
    signal.connect(halt)
    signal.connect(after)
    with pytest.raises(Halt):
        dispatch(signal, method, None)
    assert called_after == []


FAILING: dict[str, tuple[Callable[..., Any], str]] = {
    "function": (fail, "fail"),
    "method": (FailingObject().method, "FailingObject.method"),
    "callable object": (FailingObject(), "tests.test_sending.FailingObject object"),
    "partial": (functools.partial(fail), "functools.partial(tests.test_sending.fail)"),
    "mock": (Mock(side_effect=TooHotError("too hot")), "unittest.mock.Mock object"),
}


@pytest.mark.parametrize("method", ROBUST)
@pytest.mark.parametrize("case", FAILING)
def test_robust_send_logs_each_failure(
    method: str, case: str, caplog: pytest.LogCaptureFixture
) -> None:
    receive, name = FAILING[case]
    signal: Any = Signal()
    signal_name = repr(signal).removeprefix("<Signal ").removesuffix(">")
    signal.connect(receive)
    with caplog.at_level(logging.DEBUG):
        [(_, error)] = dispatch(signal, method, None)
    [record] = [record for record in caplog.records if record.name != "asyncio"]
    assert record.name == "typed_signals"
    assert record.levelno == logging.ERROR
    assert record.getMessage() == f"Error calling {name} in {signal_name}.{method}() (too hot)"
    assert record.exc_info is not None
    assert record.exc_info[1] is error


@pytest.mark.parametrize("method", ROBUST)
def test_robust_send_without_failures_logs_nothing(
    method: str, caplog: pytest.LogCaptureFixture
) -> None:
    record, _ = recorder()
    signal: Any = Signal()
    signal.connect(record)
    with caplog.at_level(logging.DEBUG, logger="typed_signals"):
        assert dispatch(signal, method, None) == [(record, None)]
    assert [entry for entry in caplog.records if entry.name == "typed_signals"] == []


@pytest.mark.parametrize("method", METHODS)
def test_signal_works_after_a_failed_send(method: str) -> None:
    signal: Any = Signal()
    signal.connect(halt)
    with pytest.raises(Halt):
        dispatch(signal, method, None)
    assert signal.disconnect(halt)
    assert dispatch(signal, method, None) == []


def test_failure_is_a_response_if_logging_cannot_be_imported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    signal = Signal[object, PizzaDone]()
    failure = ValueError("burnt")
    receive = Mock(side_effect=failure)
    signal.connect(receive)
    monkeypatch.setitem(sys.modules, "logging", None)
    assert signal.send_robust(None, toppings=["ham"], size=30) == [(receive, failure)]
