"""
Signals with a declared payload on Django's own dispatcher.
"""

from __future__ import annotations

import asyncio
import functools
import gc
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

import django.db.models.signals
import django.dispatch
import pytest

import typed_signals
from tests.support import assert_carries, refusal_of, unchecked
from typed_signals.django import ModelSignal, Signal
from typed_signals.exceptions import (
    DeclarationError,
    PayloadError,
    ReceiverSignatureError,
    ReceiverTypeError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

METHODS = ("send", "send_robust", "asend", "asend_robust")


class PizzaDone(TypedDict):
    toppings: list[str]
    size: int
    note: NotRequired[str]


class Store: ...


class SpecialSignal(Signal[type[Store], PizzaDone]): ...


plain = Signal[type[Store], PizzaDone]()
caching = Signal[type[Store], PizzaDone](use_caching=True)
of_models = ModelSignal[type[Store], PizzaDone](use_caching=True)
special = SpecialSignal()
annotated: Signal[type[Store], PizzaDone] = Signal()


class Kitchen:
    pizza_done = Signal[type[Store], PizzaDone]()


@Signal.declare
def declared(sender: type[Store], toppings: list[str], size: int, note: str = "") -> object:
    """
    A pizza is done.
    """


SIGNALS: dict[str, Any] = {
    "plain": plain,
    "caching": caching,
    "of_models": of_models,
    "special": special,
    "annotated": annotated,
    "Kitchen.pizza_done": Kitchen.pizza_done,
    "declared": declared,
}


@pytest.fixture(params=SIGNALS)
def signal(request: pytest.FixtureRequest) -> Any:
    signal = SIGNALS[request.param]
    yield signal
    signal.receivers = []
    signal.sender_receivers_cache.clear()


def dispatch(signal: Any, method: str, /, **payload: object) -> Any:
    """
    Send with *method*, and wait for it if it is async.
    """
    sent = getattr(signal, method)(Store, **payload)
    return asyncio.run(sent) if method.startswith("a") else sent


# What they are


def test_it_is_a_django_signal(signal: Any) -> None:
    assert isinstance(signal, django.dispatch.Signal)
    assert isinstance(signal, Signal)
    is_model_signal = isinstance(signal, django.db.models.signals.ModelSignal)
    assert is_model_signal == isinstance(signal, ModelSignal) == (signal is of_models)
    assert signal.use_caching == (signal in (caching, of_models))


def test_it_knows_its_name() -> None:
    for name, signal in SIGNALS.items():
        assert f" {__name__}.{name}>" in repr(signal)


def test_it_keeps_its_connections_as_djangos_does(signal: Any) -> None:
    of_django: Any = django.dispatch.Signal()

    def receive(**kwargs: object) -> None: ...

    async def receive_later(**kwargs: object) -> None: ...

    for each in (signal, of_django):
        each.connect(receive)
        each.connect(receive, sender=Store, weak=False)
        each.connect(receive_later, dispatch_uid="later")
    assert signal.receivers == of_django.receivers


def test_declaration_keeps_the_docstring() -> None:
    assert unchecked(declared).__doc__.strip() == "A pizza is done."


def test_signals_differ(signal: Any) -> None:
    assert [other for other in SIGNALS.values() if other == signal] == [signal]
    assert {signal: 1}[signal] == 1


# Payloads


def test_payload_is_the_declared_one(signal: Any) -> None:
    assert_carries(signal, "toppings size", "note")


@pytest.mark.parametrize("method", METHODS)
def test_every_send_reaches_receivers_with_the_payload(signal: Any, method: str) -> None:
    def receive(**kwargs: object) -> object:
        return kwargs

    async def receive_later(size: int, **kwargs: object) -> object:
        return size

    signal.connect(receive)
    if method.startswith("a"):
        signal.connect(receive_later, sender=Store)
    payload = {"toppings": ["ham"], "size": 30, "note": "hot"}
    assert dispatch(signal, method, **payload) == [
        (receive, {"signal": signal, "sender": Store, **payload}),
        *([(receive_later, 30)] if method.startswith("a") else []),
    ]


@pytest.mark.parametrize("method", METHODS)
def test_every_send_refuses_another_payload(signal: Any, method: str) -> None:
    calls: list[object] = []

    def receive(**kwargs: object) -> None:
        calls.append(kwargs)

    signal.connect(receive)
    with pytest.raises(PayloadError, match=rf"{method}\(\): missing 'size', unexpected 'sise'"):
        dispatch(signal, method, toppings=[], sise=30)
    with pytest.raises(PayloadError):
        dispatch(signal, method, toppings=[], size=30, signal=1)
    assert calls == []


def test_untyped_signal_accepts_any_payload() -> None:
    for signal in (Signal(), ModelSignal()):
        assert signal.send(None, anything=1) == []


@pytest.mark.parametrize("method", ["send_robust", "asend_robust"])
def test_wrong_payload_raises_in_robust_sends(signal: Any, method: str) -> None:
    def fail(**kwargs: object) -> None:
        raise ZeroDivisionError

    signal.connect(fail)
    [(_, response)] = dispatch(signal, method, toppings=[], size=30)
    assert isinstance(response, ZeroDivisionError)
    with pytest.raises(PayloadError):
        dispatch(signal, method, size=30)


def test_wrong_declaration_is_refused() -> None:
    signal: Any = Signal[type[Store], int]()  # type: ignore[signal-declaration]
    with pytest.raises(DeclarationError, match="the payload int is not a TypedDict"):
        signal.send(Store)


def test_key_with_the_name_of_a_parameter_of_djangos_send_is_refused() -> None:
    class Selfish(TypedDict):
        self: int

    signal: Any = Signal[type[Store], Selfish]()
    with pytest.raises(DeclarationError, match=r"Selfish declares 'self', .*: rename the key$"):
        signal.connect(lambda **kwargs: None, weak=False)
    own: Any = typed_signals.Signal[type[Store], Selfish]()
    assert own.send(Store, self=1) == []


# Receivers


@pytest.mark.parametrize(
    ("receiver", "problem"),
    [
        (lambda **kwargs: None, None),
        (lambda sender, size, note="", **kwargs: None, None),
        (lambda size: None, "must accept keyword arguments"),
        (lambda sise, **kwargs: None, "did you mean 'size'"),
        (lambda note, **kwargs: None, "'note' is not always sent"),
        (lambda sender, /, **kwargs: None, "'sender' cannot be positional-only"),
        (functools.partial(lambda size, **kwargs: None, 1), "'size' is sent by keyword"),
    ],
)
def test_connect_checks_the_contract(
    signal: Any, receiver: Callable[..., object], problem: str | None
) -> None:
    if problem is None:
        signal.connect(receiver)
        assert len(signal.receivers) == 1
    else:
        refusal = refusal_of(signal, receiver)
        assert isinstance(refusal, ReceiverSignatureError)
        assert problem in str(refusal)
        assert signal.receivers == []


def test_connect_refuses_objects_that_are_not_callable(signal: Any) -> None:
    assert isinstance(refusal_of(signal, None), ReceiverTypeError)


def test_receiver_of_several_signals_is_connected_to_all_or_to_none(signal: Any) -> None:
    other: Any = Signal[type[Store], PizzaDone]()
    own: Any = typed_signals.Signal[object, PizzaDone]()
    fewer: Any = django.dispatch.Signal()

    def receive(size: int, **kwargs: object) -> None: ...

    def wrong(sise: int, **kwargs: object) -> None: ...

    signals = [fewer, own, other, signal]
    with pytest.raises(ReceiverSignatureError):
        typed_signals.receiver(signals)(wrong)
    assert [len(each.receivers) for each in signals] == [0, 0, 0, 0]
    assert typed_signals.receiver(signals, sender=Store)(receive) is receive
    assert [len(each.receivers) for each in signals] == [1, 1, 1, 1]


def test_djangos_decorator_connects_to_it(signal: Any) -> None:
    @django.dispatch.receiver(signal, sender=Store)
    def receive(size: int, **kwargs: object) -> int:
        return size

    assert signal.send(Store, toppings=[], size=30) == [(receive, 30)]
    with pytest.raises(ReceiverSignatureError):

        @django.dispatch.receiver(signal)
        def wrong(sise: int, **kwargs: object) -> None: ...


def test_receiver_is_weakly_referenced_as_in_django(signal: Any) -> None:
    def receive(**kwargs: object) -> None: ...

    signal.connect(receive)
    assert signal.has_listeners(Store)
    del receive
    gc.collect()
    assert not signal.has_listeners(Store)


def test_disconnect_undoes_connect(signal: Any) -> None:
    def receive(**kwargs: object) -> None: ...

    signal.connect(receive, sender=Store)
    assert signal.disconnect(receive, sender=Store)
    assert not signal.disconnect(receive, sender=Store)
    assert signal.receivers == []
