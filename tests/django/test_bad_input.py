"""
Invalid input changes nothing on Django's dispatcher, and raises errors of Django's classes.
"""

from __future__ import annotations

import asyncio
import functools
from typing import TYPE_CHECKING, Any

import django.db.models.signals
import django.dispatch
import pytest
from django.db import transaction
from django.db.models.signals import ModelSignal as DjangoModelSignal
from django.test import override_settings

import typed_signals
from tests import hostile
from tests.hostile import (
    BY_METHOD,
    HOSTILE,
    LONG,
    METHODS,
    PAYLOAD,
    RECEIVERS,
    SENDS,
    Raised,
    Slotted,
    Store,
    dead_proxy,
    log,
    serve,
)
from tests.support import PizzaDone, unchecked
from typed_signals.django import ModelSignal, Signal, _on_commit, receiver
from typed_signals.exceptions import (
    ContractWarning,
    DeclarationError,
    ReceiverTypeError,
)

if TYPE_CHECKING:
    from collections.abc import Callable


async def serve_later(**kwargs: object) -> None: ...


def make_signal(cls: Any = Signal) -> Any:
    signal = cls[type[Store], PizzaDone]() if cls in (Signal, ModelSignal) else cls()
    signal.connect(log)
    signal.connect(log, sender=Store, dispatch_uid="log")
    return signal


@pytest.fixture(params=[Signal, ModelSignal])
def signal(request: pytest.FixtureRequest) -> Any:
    return make_signal(request.param)


@pytest.fixture(params=["at once", "on commit"])
def decorate(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """
    Return the decorator in one of its two forms.
    """

    def decorate(signal: Any, **arguments: Any) -> Any:
        return receiver(signal, on_commit=request.param == "on commit", **arguments)

    return decorate


def refusal(call: Callable[..., object], *signals: Any) -> Exception:
    """
    Return the error of *call* with *signals*, which did not change them or on-commit callbacks.
    """
    kept = dict(_on_commit._kept)
    error = hostile.refusal(call, *signals)
    assert _on_commit._kept == kept
    return error


@pytest.mark.parametrize("case", RECEIVERS)
def test_invalid_receiver_is_refused(signal: Any, decorate: Callable[..., Any], case: str) -> None:
    make, error, words = RECEIVERS[case]
    wrong = make()
    other = make_signal()
    for call in (
        lambda signal, _: signal.connect(wrong),
        lambda signal, _: signal.connect(wrong, Store, dispatch_uid="new"),
        lambda signal, _: decorate(signal)(wrong),
        lambda signal, other: decorate([other, signal])(wrong),
    ):
        refused = refusal(call, signal, other)
        assert type(refused) is error
        assert " cannot connect " in str(refused)
        assert words in str(refused)


def test_receivers_without_weak_references_can_be_connected_strongly(
    signal: Any, decorate: Callable[..., Any]
) -> None:
    receive = Slotted()
    signal.connect(receive, weak=False)
    assert signal.disconnect(receive)
    decorate([signal, make_signal()], weak=False)(receive)
    assert signal.disconnect(receive)


@pytest.mark.parametrize("case", ["__getattr__", "__getattribute__", "__func__", "__class__"])
def test_receiver_that_django_cannot_inspect_is_refused(
    signal: Any, decorate: Callable[..., Any], case: str
) -> None:
    wrong = HOSTILE[case]()
    for call in (lambda signal: signal.connect(wrong), lambda signal: decorate(signal)(wrong)):
        refused = refusal(call, signal)
        assert type(refused) is ReceiverTypeError
        assert ": inspecting it raised Raised(" in str(refused)


def test_async_receiver_cannot_wait_for_the_commit(signal: Any) -> None:
    refused = refusal(lambda signal: receiver(signal, on_commit=True)(serve_later), signal)
    assert type(refused) is ReceiverTypeError
    assert "on_commit=True does not support async receivers" in str(refused)


UIDS: dict[str, Callable[[], Any]] = {
    **{name: BY_METHOD[name] for name in ("__bool__", "__eq__", "__len__")},
    "dead proxy": dead_proxy,
}


@pytest.mark.parametrize("case", UIDS)
def test_uid_that_cannot_be_compared_is_refused(
    signal: Any, decorate: Callable[..., Any], case: str
) -> None:
    uid = UIDS[case]()
    other = make_signal()
    for call in (
        lambda signal, _: signal.connect(serve, dispatch_uid=uid),
        lambda signal, _: decorate(signal, dispatch_uid=uid)(serve),
        lambda signal, other: decorate([other, signal], dispatch_uid=uid)(serve),
    ):
        refused = refusal(call, signal, other)
        assert type(refused) is TypeError
        assert "dispatch_uid must be comparable, but <" in str(refused)


@pytest.mark.parametrize("uid", ["serve", 1, ("a", 1), ["unhashable"], LONG, b"bytes"])
def test_dispatch_uid_accepted_by_django_is_accepted(
    signal: Any, decorate: Callable[..., Any], uid: Any
) -> None:
    signal.connect(serve, dispatch_uid=uid)
    assert signal.disconnect(dispatch_uid=uid)
    decorate([signal, make_signal()], dispatch_uid=uid)(serve)
    assert signal.disconnect(dispatch_uid=uid)


@pytest.mark.parametrize("case", ["__bool__", "__len__", "dead proxy"])
def test_flags_must_be_true_or_false(signal: Any, decorate: Callable[..., Any], case: str) -> None:
    value = HOSTILE[case]()
    for name, call in (
        ("weak", lambda signal: signal.connect(serve, weak=value)),
        ("weak", lambda signal: decorate([signal, make_signal()], weak=value)(serve)),
        ("robust", lambda signal: decorate(signal, robust=value)(serve)),
        ("on_commit", lambda signal: receiver(signal, on_commit=value)(serve)),
    ):
        refused = refusal(call, signal)
        assert type(refused) is TypeError
        assert f"{name} must be True or False, not <" in str(refused)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"weak": HOSTILE["__bool__"]()}, "weak must be True or False, not <"),
        ({"dispatch_uid": HOSTILE["__eq__"]()}, "dispatch_uid must be comparable, but <"),
        ({"wek": True}, "unexpected keyword argument 'wek'"),
    ],
)
def test_on_commit_they_are_refused_for_signals_without_a_declaration(
    arguments: dict[str, Any], words: str
) -> None:
    refused = refusal(
        lambda signal: receiver(signal, on_commit=True, **arguments)(serve),
        make_signal(django.dispatch.Signal),
    )
    assert type(refused) is TypeError
    assert words in str(refused)


@pytest.mark.parametrize("case", ["__getattr__", "__getattribute__", "dead proxy"])
def test_sender_that_django_cannot_inspect_is_refused(
    signal: Any, decorate: Callable[..., Any], case: str
) -> None:
    sender = HOSTILE[case]()
    other = make_signal()
    for call in (
        lambda signal, _: signal.connect(serve, sender),
        lambda signal, other: decorate([other, signal], sender=sender)(serve),
    ):
        refused = refusal(call, signal, other)
        assert type(refused) is TypeError
        assert " cannot use the sender <" in str(refused)
        assert "inspecting it raised R" in str(refused)


UNREADABLE = ("__class__", "__func__", "__getattr__", "__getattribute__", "dead proxy", "metaclass")


def test_most_objects_can_be_a_sender(signal: Any) -> None:
    for case, make in HOSTILE.items():
        if case not in UNREADABLE:
            sender = make()
            signal.connect(serve, sender=sender)
            assert signal.has_listeners(sender), case
            assert signal.disconnect(serve, sender=sender), case


@pytest.mark.parametrize("name", ["shop", "shop.Order.more", ""])
def test_sender_by_name_is_a_model(decorate: Callable[..., Any], name: str) -> None:
    signal, other = make_signal(ModelSignal), make_signal()
    for call in (
        lambda signal, _: signal.connect(serve, sender=name),
        lambda signal, other: decorate([other, signal], sender=name)(serve),
    ):
        refused = refusal(call, signal, other)
        assert type(refused) is ValueError
        assert "model" in str(refused)


def test_no_signal_keeps_a_receiver_of_an_invalid_name(decorate: Callable[..., Any]) -> None:
    own, plain, of_models = typed_signals.Signal(), django.dispatch.Signal(), DjangoModelSignal()
    call = lambda *signals: decorate(signals, sender="shop")(serve)  # noqa: E731
    refused = refusal(call, plain, own, of_models)
    assert type(refused) is ValueError
    assert decorate([plain, own], sender="shop")(serve) is serve


def test_no_signal_keeps_a_receiver_that_django_refuses_with_debug() -> None:
    @functools.wraps(lambda sender: None)
    def log(*args: object, **kwargs: object) -> None: ...

    make: list[Callable[[], Any]] = [
        typed_signals.Signal[object, PizzaDone],
        Signal[object, PizzaDone],
        ModelSignal[Any, PizzaDone],
        django.dispatch.Signal,
    ]
    for core_is_first in (True, False):
        signals = [each() for each in (make if core_is_first else reversed(make))]
        with (
            override_settings(DEBUG=True),
            pytest.warns(ContractWarning, match="may be unable to call"),
        ):
            refused = refusal(lambda *signals: receiver(signals)(log), *signals)
        assert type(refused) is ValueError
        assert str(refused) == "Signal receivers must accept keyword arguments (**kwargs)."


def test_sender_by_name_is_found(decorate: Callable[..., Any]) -> None:
    from tests.django.shop.models import Table

    signal, other = make_signal(ModelSignal), make_signal()
    decorate([other, signal], sender="shop.Table")(serve)
    assert [each for each, _ in signal.send(Table, **PAYLOAD)] != [log]


ARGUMENTS: dict[str, tuple[Callable[[Any], object], str]] = {
    **hostile.ARGUMENTS,
    "connect too much": (lambda signal: signal.connect(*[None] * 6), "positional arguments but 7"),
    "a signal with more": (lambda signal: type(signal)(providing_args=[]), "unexpected keyword"),
    "using a number": (
        lambda signal: unchecked(receiver)(signal, on_commit=True, using=1),
        "using must be a database alias, not 1: pass a string",
    ),
    "using at once": (
        lambda signal: unchecked(receiver)(signal, using="other"),
        "receiver() accepts using= and robust= only with on_commit=True",
    ),
    "robust at once": (
        lambda signal: unchecked(receiver)(signal, robust=True),
        "receiver() accepts using= and robust= only with on_commit=True",
    ),
}


@pytest.mark.parametrize("case", ARGUMENTS)
def test_arguments_that_have_no_parameter_are_refused(signal: Any, case: str) -> None:
    call, words = ARGUMENTS[case]
    refused = refusal(call, signal)
    assert type(refused) is TypeError
    assert words in str(refused)


@pytest.mark.parametrize("arguments", [{"wek": False}, {"receiver": serve}])
def test_receiver_is_connected_to_all_or_none(
    signal: Any, decorate: Callable[..., Any], arguments: dict[str, Any]
) -> None:
    djangos, own = make_signal(django.dispatch.Signal), typed_signals.Signal()
    for signals in ([signal], [signal, make_signal()], [djangos, own, signal], [own, djangos]):
        refused = refusal(lambda *signals: decorate(signals, **arguments)(serve), *signals)
        assert type(refused) is TypeError
        assert " argument '" in str(refused)
    if not isinstance(signal, ModelSignal):
        models = make_signal(ModelSignal)
        call = lambda *signals: decorate(signals, apps=None)(serve)  # noqa: E731
        assert "unexpected keyword argument 'apps'" in str(refusal(call, models, signal))
        assert decorate(models, apps=None)(serve) is serve


@pytest.mark.parametrize("wrong", [None, LONG, 1, {1: 2}, log, *HOSTILE])
def test_receiver_accepts_only_signals(
    signal: Any, decorate: Callable[..., Any], wrong: Any
) -> None:
    wrong = HOSTILE.get(wrong, lambda: wrong)() if isinstance(wrong, str) else wrong
    for call in (
        lambda signal: decorate(wrong)(serve),
        lambda signal: decorate([signal, wrong])(serve),
    ):
        refused = refusal(call, signal)
        assert type(refused) is TypeError
        assert "receiver() takes a signal or a list of signals, not " in str(refused)


@pytest.mark.parametrize("cls", [Signal, Signal[Any, PizzaDone], ModelSignal[Any, PizzaDone]])
def test_receiver_refuses_a_signal_class(
    signal: Any, decorate: Callable[..., Any], cls: Any
) -> None:
    for call in (
        lambda signal: decorate(cls)(serve),
        lambda signal: decorate([signal, cls])(serve),
    ):
        refused = refusal(call, signal)
        assert type(refused) is TypeError
        assert "Signal is a class, not a signal: create" in str(refused)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", SENDS)
def test_send_refuses_an_invalid_payload(signal: Any, method: str, case: str) -> None:
    args, payload, error, words = SENDS[case]

    def send(signal: Any) -> None:
        sent = getattr(signal, method)(*args, **payload)
        if method.startswith("a"):
            asyncio.run(sent)

    refused = refusal(send, signal)
    assert type(refused) is error
    assert words in str(refused)


@pytest.mark.parametrize("function", [None, Store, LONG, lambda size: None, *HOSTILE])
def test_declare_shows_what_it_accepts(function: Any) -> None:
    made = HOSTILE[function]() if function in HOSTILE else function
    for cls in (Signal, ModelSignal):
        refused = refusal(lambda cls=cls: unchecked(cls).declare(made).connect(serve))
        assert isinstance(refused, TypeError)
        assert "declar" in str(refused) or "must be 'sender'" in str(refused)


@pytest.mark.usefixtures("database")
def test_exceptions_of_receivers_on_commit_are_raised_unchanged(signal: Any) -> None:
    receive = HOSTILE["__repr__"]()
    receiver(signal, on_commit=True)(receive)
    signal.send(None, **PAYLOAD)
    assert transaction.get_connection().run_on_commit[-1][1].args[0] is receive
    assert signal.disconnect(receive)
    assert issubclass(Raised, Exception)


def test_wrong_declaration_is_refused_with_on_commit() -> None:
    wrong = Signal[object, int]()  # type: ignore[signal-declaration]
    for on_commit in (True, False):
        refused = refusal(lambda on_commit=on_commit: receiver(wrong, on_commit=on_commit)(serve))
        assert isinstance(refused, DeclarationError)
        assert "the payload int is not a TypedDict" in str(refused)
