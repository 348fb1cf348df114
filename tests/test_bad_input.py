"""
Invalid input raises an error of a documented class that says what is wrong, and changes nothing.
"""

from __future__ import annotations

import asyncio
import functools
import operator
from types import FunctionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired, TypedDict

import pytest
from typing_extensions import Unpack

from tests import hostile
from tests.hostile import (
    BY_METHOD,
    BY_SPARE_ATTRIBUTE,
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
    fail,
    log,
    refusal,
    serve,
    table,
)
from tests.support import PizzaDone, unchecked
from typed_signals import BaseSignal, Signal, receiver
from typed_signals._shared.callables import enqueueing_method
from typed_signals.exceptions import (
    ContractWarning,
    DeclarationError,
    PayloadError,
    ReceiverTypeError,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def bake(sender: object, size: int, **kwargs: object) -> None: ...


class NoSignal:
    connect = "connect"


def make_signal() -> Any:
    """
    Return a signal to which two receivers are connected, one of them to one sender only.
    """
    signal: Any = Signal[type[Store], PizzaDone]()
    signal.connect(log)
    signal.connect(bake, sender=Store, dispatch_uid="bake")
    return signal


@pytest.fixture
def signal() -> Any:
    return make_signal()


# connect


@pytest.mark.parametrize("case", RECEIVERS)
def test_connect_refuses_invalid_receivers(signal: Any, case: str) -> None:
    make, error, words = RECEIVERS[case]
    wrong = make()
    other = make_signal()
    for call in (
        lambda signal, _: signal.connect(wrong),
        lambda signal, _: signal.connect(wrong, dispatch_uid="new", sender=Store),
        lambda signal, _: receiver(signal)(wrong),
        lambda signal, other: receiver([other, signal])(wrong),
    ):
        refused = refusal(call, signal, other)
        assert type(refused) is error
        assert " cannot connect " in str(refused)
        assert words in str(refused)


def test_error_while_a_receiver_is_inspected_is_the_cause(signal: Any) -> None:
    refused = refusal(lambda signal: signal.connect(HOSTILE["__signature__"]()), signal)
    assert isinstance(refused.__cause__, Raised)
    assert "inspecting it raised Raised(): connect a function that calls it" in str(refused)


@pytest.mark.parametrize("case", BY_METHOD | BY_SPARE_ATTRIBUTE)
@pytest.mark.parametrize("weak", [True, False])
def test_other_messages_do_not_stop_a_receiver(signal: Any, case: str, weak: bool) -> None:
    receive = HOSTILE[case]()
    signal.connect(receive, weak=weak)
    signal.connect(receive, weak=weak)
    assert [response for each, response in signal.send(None, **PAYLOAD) if each is receive] == [
        None
    ]
    assert "object, " in repr(signal.receivers[-1])
    assert signal.disconnect(receive)


UIDS: dict[str, tuple[Callable[[], Any], str]] = {
    "unhashable": (lambda: [1], "dispatch_uid must be hashable, but [1] is not: use a string"),
    "long": (lambda: [LONG], "dispatch_uid must be hashable, but ['xxx"),
    "unhashable inside": (lambda: ("a", {}), "dispatch_uid must be hashable, but ('a', {}) is"),
    "__hash__": (HOSTILE["__hash__"], "dispatch_uid must be hashable, but <"),
    "__eq__": (HOSTILE["__eq__"], "dispatch_uid must be comparable, but <"),
    "__bool__": (HOSTILE["__bool__"], "dispatch_uid must be comparable, but <"),
    "__len__": (HOSTILE["__len__"], "dispatch_uid must be comparable, but <"),
    "dead proxy": (dead_proxy, "dispatch_uid must be comparable, but <"),
}


@pytest.mark.parametrize("case", UIDS)
def test_invalid_dispatch_uid_is_refused(signal: Any, case: str) -> None:
    make, words = UIDS[case]
    uid, weak = make(), True
    other = make_signal()
    for call in (
        lambda signal, _: signal.connect(serve, dispatch_uid=uid),
        lambda signal, _: signal.connect(serve, Store, weak, uid),
        lambda signal, _: signal.disconnect(log, dispatch_uid=uid),
        lambda signal, _: signal.disconnect(dispatch_uid=uid),
        lambda signal, _: receiver(signal, dispatch_uid=uid)(serve),
        lambda signal, other: receiver((other, signal), dispatch_uid=uid)(serve),
    ):
        refused = refusal(call, signal, other)
        assert type(refused) is TypeError
        assert words in str(refused)


@pytest.mark.parametrize("case", ["__repr__", "__str__", "__getattr__", "__class__", "metaclass"])
def test_any_other_dispatch_uid_is_used(signal: Any, case: str) -> None:
    uid = HOSTILE[case]()
    signal.connect(serve, dispatch_uid=uid)
    signal.connect(log, dispatch_uid=uid)
    assert signal.receivers[-1].dispatch_uid is uid
    assert "dispatch_uid=<" in repr(signal.receivers[-1])
    assert signal.disconnect(dispatch_uid=uid)


@pytest.mark.parametrize("case", ["__bool__", "__len__", "dead proxy"])
def test_weak_must_be_true_or_false(signal: Any, case: str) -> None:
    weak = HOSTILE[case]()
    other = make_signal()
    for call in (
        lambda signal, _: signal.connect(serve, weak=weak),
        lambda signal, other: receiver([other, signal], weak=weak)(serve),
    ):
        refused = refusal(call, signal, other)
        assert type(refused) is TypeError
        assert "weak must be True or False, not <" in str(refused)


@pytest.mark.parametrize("weak", [1, "yes", 0, None, []])
def test_weak_accepts_any_truth_value(signal: Any, weak: Any) -> None:
    signal.connect(serve, weak=weak)
    assert signal.receivers[-1].weak == bool(weak)


@pytest.mark.parametrize("case", HOSTILE)
def test_any_object_can_be_a_sender(signal: Any, case: str) -> None:
    sender = HOSTILE[case]()
    signal.connect(serve, sender=sender)
    assert signal.has_listeners(sender)
    assert [each for each, _ in signal.send(sender, **PAYLOAD)] == [log, serve]
    assert "serve, sender=" in repr(signal.receivers[-1])
    assert signal.disconnect(serve, sender=sender)


def test_sender_that_dies_as_it_is_connected_leaves_nothing(signal: Any) -> None:
    before = table(signal)
    signal.connect(serve, sender=Store())
    assert table(signal) == before


@pytest.mark.parametrize("length", [198, 199])
def test_values_are_shortened_to_two_hundred_characters(length: int) -> None:
    text = "".join(chr(ord("a") + number % 26) for number in range(length))
    quoted = repr(text)
    expected = quoted if length == 198 else f"{quoted[:100]}...{quoted[-100:]}"
    refused = refusal(lambda: receiver(unchecked(text))(serve))
    assert f" not {expected}:" in str(refused)


# What does not fit the parameters


ARGUMENTS: dict[str, tuple[Callable[[Any], object], str]] = {
    **hostile.ARGUMENTS,
    "connect too much": (
        lambda signal: signal.connect(*[None] * 5),
        "connect() takes from 2 to 5 positional arguments but 6 were given",
    ),
    "connect twice": (
        lambda signal: signal.connect(serve, receiver=serve),
        "connect() got multiple values for argument 'receiver'",
    ),
    "disconnect too much": (
        lambda signal: signal.disconnect(log, None, None, None),
        "disconnect() takes from 1 to 4 positional arguments but 5 were given",
    ),
    "has_listeners too much": (
        lambda signal: signal.has_listeners(None, None),
        "has_listeners() takes from 1 to 2 positional arguments but 3 were given",
    ),
    "a signal too much": (lambda signal: unchecked(Signal)(1, 2), "__init__() takes from 1 to 2"),
    "a signal with more": (
        lambda signal: unchecked(Signal)(providing_args=[]),
        "__init__() got an unexpected keyword argument 'providing_args'",
    ),
    "declare nothing": (lambda signal: unchecked(Signal).declare(), "declare() missing 1 required"),
    "receiver of nothing": (lambda signal: unchecked(receiver)(), "receiver() missing 1 required"),
    "receiver of two": (lambda signal: unchecked(receiver)(signal, signal), "receiver() takes 1"),
    "decorating nothing": (lambda signal: unchecked(receiver(signal))(), "__call__() missing 1"),
    "decorating two": (
        lambda signal: unchecked(receiver(signal))(serve, serve),
        "__call__() takes",
    ),
    "receiver with more": (
        lambda signal: receiver(signal, wek=False)(serve),
        ">: got an unexpected keyword argument 'wek'",
    ),
    "receiver with a receiver": (
        lambda signal: receiver(signal, receiver=serve)(serve),
        ">: multiple values for argument 'receiver'",
    ),
    "receiver by a number": (
        lambda signal: receiver(signal, **unchecked({1: 2})),
        "keywords must be strings",
    ),
}


@pytest.mark.parametrize("case", ARGUMENTS)
def test_arguments_that_have_no_parameter_are_refused(signal: Any, case: str) -> None:
    call, words = ARGUMENTS[case]
    refused = refusal(call, signal)
    assert type(refused) is TypeError
    assert words in str(refused)


def test_disconnecting_an_unconnected_receiver_finds_nothing(signal: Any) -> None:
    before = table(signal)
    for case, make in HOSTILE.items():
        assert signal.disconnect(make()) is False, case
        assert signal.disconnect(log, sender=make()) is False, case
    nothing: Any
    for nothing in (None, 1, LONG, [], {}, Store, signal):
        assert signal.disconnect(nothing) is False
        assert signal.disconnect(log, nothing or Store) is False
    assert signal.disconnect() is False
    assert table(signal) == before


def test_any_object_can_be_passed_to_has_listeners(signal: Any) -> None:
    for case, make in HOSTILE.items():
        assert signal.has_listeners(make()), case
    signal.disconnect(log)
    for case, make in HOSTILE.items():
        assert not signal.has_listeners(make()), case


# receiver


NO_SIGNALS: dict[str, tuple[Callable[[Any], object], str]] = {
    "none": (lambda signal: None, "None"),
    "a string": (lambda signal: LONG, "'xxx"),
    "a number": (lambda signal: 1, "1"),
    "a function": (lambda signal: log, "tests.hostile.log"),
    "a method": (lambda signal: signal.connect, "typed_signals._signal.Signal.connect"),
    "no connect": (lambda signal: Store(), "<tests.hostile.Store object at"),
    "no method": (lambda signal: NoSignal(), f"<{__name__}.NoSignal object at"),
    "a set": (lambda signal: {signal}, "{<Signal "),
    "a dict": (lambda signal: {signal: 1}, "{<Signal "),
    "a generator": (lambda signal: (each for each in [signal]), "<generator object"),
    "an iterator": (lambda signal: iter([signal]), "<list_iterator object"),
    **{
        f"hostile {name}": (lambda signal, make=make: make(), "")  # type: ignore[misc]
        for name, make in HOSTILE.items()
    },
}


@pytest.mark.parametrize("case", NO_SIGNALS)
def test_receiver_accepts_only_signals(signal: Any, case: str) -> None:
    make, shown = NO_SIGNALS[case]
    wrong = make(signal)
    for call in (
        lambda signal: receiver(unchecked(wrong))(serve),
        lambda signal: receiver([signal, wrong])(serve),
        lambda signal: receiver((wrong, signal))(serve),
    ):
        refused = refusal(call, signal)
        assert type(refused) is TypeError
        assert f"receiver() takes a signal or a list of signals, not {shown}" in str(refused)
        is_function = type(wrong) is FunctionType
        fix = "call it with your signal" if is_function else "pass the signal itself"
        assert f": {fix}, as in @receiver(" in str(refused)


class StoreSignal(Signal[type[Store], PizzaDone]):
    pass


CREATE = "create a signal with () after the class and any type arguments"
USE_AN_ENGINE = "use typed_signals.Signal or typed_signals.django.Signal, with () at the end"


@pytest.mark.parametrize(
    ("cls", "shown", "fix"),
    [
        (Signal, "Signal", CREATE),
        (Signal[type[Store], PizzaDone], "Signal", CREATE),
        (StoreSignal, "StoreSignal", CREATE),
        (BaseSignal, "BaseSignal", USE_AN_ENGINE),
        (BaseSignal[type[Store], PizzaDone], "BaseSignal", USE_AN_ENGINE),
    ],
)
def test_receiver_refuses_a_signal_class(signal: Any, cls: Any, shown: str, fix: str) -> None:
    for call in (
        lambda signal: receiver(unchecked(cls))(serve),
        lambda signal: receiver([signal, cls])(serve),
    ):
        refused = refusal(call, signal)
        assert type(refused) is TypeError
        assert str(refused) == (
            f"receiver() takes a signal or a list of signals, but {shown} is a class, not a "
            f"signal: {fix}"
        )


@pytest.mark.parametrize("nested", [list, tuple])
def test_lists_of_signals_are_not_nested(signal: Any, nested: Any) -> None:
    refused = refusal(lambda signal: receiver(nested([signal, nested([signal])]))(serve), signal)
    assert type(refused) is TypeError
    assert "receiver() takes a signal or a list of signals, not " in str(refused)


def test_empty_list_of_signals_connects_to_none(signal: Any) -> None:
    before = table(signal)
    empty: Any
    for empty in ([], ()):
        assert receiver(empty)(serve) is serve
    assert table(signal) == before


class ThirdPartySignal:
    """
    A signal of another package.
    """

    def __init__(self, error: type[Exception] | None = None) -> None:
        self.error = error
        self.receivers: list[object] = []

    def connect(self, receiver: object, sender: object = None, **more: object) -> None:
        if self.error is not None:
            raise self.error
        self.receivers.append(receiver)


class Compiled:
    """
    The parameters of its ``connect`` are unknown.
    """

    connect = max


def wrong_declaration() -> Any:
    return Signal[type[Store], int]()  # type: ignore[signal-declaration]


ALL_OR_NONE: dict[str, tuple[Callable[[Any, Any], object], type[Exception], str]] = {
    "an unknown keyword": (
        lambda one, other: receiver([one, other], wek=False)(serve),
        TypeError,
        "connect() of <Signal <unnamed signal made at",
    ),
    "two receivers": (
        lambda one, other: receiver([one, other], receiver=serve)(serve),
        TypeError,
        "multiple values for argument 'receiver'",
    ),
    "no weak references": (
        lambda one, other: receiver([one, other])(Slotted()),
        ReceiverTypeError,
        "Slotted objects cannot be weakly referenced: pass weak=False",
    ),
    "a wrong declaration": (
        lambda one, other: receiver([one, other, wrong_declaration()])(serve),
        DeclarationError,
        "the payload int is not a TypedDict",
    ),
    "another package": (
        lambda one, other: receiver([one, ThirdPartySignal(Raised), other])(serve),
        Raised,
        "",
    ),
    "another package, which is not written in Python": (
        lambda one, other: receiver([Compiled(), one, other], apps=None)(serve),
        TypeError,
        "unexpected keyword argument 'apps'",
    ),
}


@pytest.mark.parametrize("case", ALL_OR_NONE)
def test_receiver_connects_to_all_or_to_none(case: str) -> None:
    call, error, words = ALL_OR_NONE[case]
    refused = refusal(call, make_signal(), make_signal())
    assert type(refused) is error
    assert words in str(refused)


@pytest.mark.parametrize(
    "arguments",
    [
        {"wek": False},
        {"sender": Store, "weak": True, "dispatch_uid": "log", "wek": False},
        {"dispatch_uid": [1]},
        {"receiver": log},
    ],
)
def test_receivers_refused_by_our_signals_are_not_connected_to_others(
    signal: Any, arguments: dict[str, Any]
) -> None:
    third_party = ThirdPartySignal()
    refused = refusal(lambda signal: receiver([third_party, signal], **arguments)(serve), signal)
    assert type(refused) is TypeError
    assert third_party.receivers == []


def test_receiver_connects_to_all() -> None:
    signals = [make_signal(), ThirdPartySignal(), make_signal()]
    assert receiver(signals, sender=Store, dispatch_uid=("a", 1))(serve) is serve
    assert receiver((signals[1],), anything=1)(serve) is serve
    for own in (signals[0], signals[2]):
        assert own.receivers[-1].receiver is serve
    assert unchecked(signals[1]).receivers == [serve, serve]


# Sends


def dispatch(signal: Any, method: str, args: tuple[Any, ...], payload: dict[Any, Any]) -> Any:
    sent = getattr(signal, method)(*args, **payload)
    return asyncio.run(sent) if method.startswith("a") else sent


@pytest.mark.usefixtures("each_way_of_sending")
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", SENDS)
def test_send_refuses_an_invalid_payload(signal: Any, method: str, case: str) -> None:
    args, payload, error, words = SENDS[case]
    signal.send(Store, **PAYLOAD)
    signal.send_robust(Store, **PAYLOAD)
    refused = refusal(lambda signal: dispatch(signal, method, args, payload), signal)
    assert type(refused) is error
    assert words in str(refused)
    if error is PayloadError:
        assert f"{method}(): " in str(refused)


@pytest.mark.usefixtures("each_way_of_sending")
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", HOSTILE)
def test_any_object_can_send_and_be_sent(method: str, case: str, signal: Any) -> None:
    value = HOSTILE[case]()
    responses = dispatch(signal, method, (value,), {"toppings": value, "size": value})
    assert [each for each, _ in responses] == [log]


@pytest.mark.usefixtures("each_way_of_sending")
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("key", ["", "1 a", "class", "\ud800", "\N{LATIN SMALL LIGATURE FI}", LONG])
def test_any_string_can_be_a_key(method: str, key: str) -> None:
    carrying: Any = TypedDict("carrying", {key: int})  # type: ignore[misc]
    for signal in (Signal(), Signal[type[Store], carrying]()):
        unchecked(signal).connect(serve)
        assert dispatch(signal, method, (Store,), {key: 1}) == [(serve, None)]


@pytest.mark.parametrize("case", BY_SPARE_ATTRIBUTE)
@pytest.mark.parametrize("method", ["send_robust", "asend_robust"])
def test_receiver_without_a_name_can_fail_in_a_robust_send(
    signal: Any, case: str, method: str
) -> None:
    receive = HOSTILE[case]()
    type.__setattr__(type(receive), "__call__", fail)
    signal.connect(receive)
    [_, (failed, response)] = dispatch(signal, method, (None,), PAYLOAD)
    assert failed is receive
    assert isinstance(response, Raised)


# Code is not generated for so many keys.
many = {f"key_{number}": number for number in range(1_000)}
Many: Any = TypedDict("Many", dict.fromkeys(many, int))  # type: ignore[misc]


def test_payload_of_a_thousand_keys_can_be_sent() -> None:
    signal: Any = unchecked(Signal)[Store, Many]()
    signal.connect(serve)
    for _ in range(12):
        assert signal.send(Store, **many) == [(serve, None)]
    refused = refusal(lambda signal: signal.send(Store), signal)
    assert "missing 'key_0', 'key_1', " in str(refused)
    assert "'key_19', and 980 more; Many declares 'key_0'" in str(refused)
    assert unchecked(refused).missing == tuple(many)


@pytest.mark.parametrize("count", [19, 20, 21, 22])
def test_at_most_twenty_unexpected_keys_are_named(signal: Any, count: int) -> None:
    unexpected = {f"key_{number}": 1 for number in range(count)}
    refused = refusal(lambda signal: signal.send(Store, **PAYLOAD, **unexpected), signal)
    assert str(refused).count("unexpected 'key_") == min(count, 20)
    more = f"and {count - 20} more unexpected keys"
    assert (more in str(refused)) == (count > 20)
    assert ("more" in str(refused)) == (count > 20)


@pytest.mark.parametrize("count", [20, 21])
def test_at_most_twenty_missing_keys_are_named(count: int) -> None:
    keys = [f"key_{number}" for number in range(count)]
    payload: Any = TypedDict("payload", dict.fromkeys(keys, int))  # type: ignore[misc]
    signal = unchecked(Signal)[Store, payload]()
    refused = refusal(lambda signal: signal.send(Store), signal)
    shown = ", ".join([*map(repr, keys[:20]), *["and 1 more"] * (count - 20)])
    assert str(refused).endswith(f": missing {shown}; payload declares {shown}")


# Declarations


def star(*sender: object, size: int) -> None: ...
def stars(**sender: object) -> None: ...
def by_keyword(*, sender: object, size: int) -> None: ...
def last(size: int, sender: object) -> None: ...
def nobody() -> None: ...
def only_keys(*, size: int) -> None: ...
def method(self: object, size: int) -> None: ...
def other_name(store: object, size: int) -> None: ...
def with_args(sender: object, *sizes: int) -> None: ...
def by_position(sender: object, size: int, /) -> None: ...
def reserved(sender: object, signal: object) -> None: ...
def twice(sender: object, size: int, **kwargs: Unpack[PizzaDone]) -> None: ...  # type: ignore[misc]
def not_typed_dict(sender: object, **kwargs: Unpack[Store]) -> None: ...  # type: ignore[misc]
def positional(sender: object, /, size: int) -> None: ...
def with_default(sender: object = None, *, size: int = 1) -> None: ...


def endless(sender: object) -> None: ...


unchecked(endless).__wrapped__ = endless


def no_signature(sender: object) -> None: ...


unchecked(no_signature).__signature__ = 1

FIRST = "the first parameter of"
MOVED = "must be 'sender': make it the first positional parameter"
DECLARED: dict[str, tuple[Callable[..., object], str]] = {
    "star": (star, f"{FIRST} star {MOVED}"),
    "stars": (stars, f"{FIRST} stars {MOVED}"),
    "by_keyword": (by_keyword, f"{FIRST} by_keyword {MOVED}"),
    "last": (last, f"{FIRST} last {MOVED}"),
    "nobody": (nobody, f"{FIRST} nobody must be 'sender': add it"),
    "only_keys": (only_keys, f"{FIRST} only_keys must be 'sender': add it"),
    "other_name": (
        other_name,
        f"{FIRST} other_name must be 'sender': add it, or rename 'store' if that is the sender",
    ),
    "method": (method, f"{FIRST} method must be 'sender': rename 'self'"),
    "<lambda>": (
        lambda size: None,
        f"{FIRST} <lambda> must be 'sender': add it, or rename 'size' if that is the sender",
    ),
    "with_args": (
        with_args,
        "'*sizes' cannot be passed by keyword, but a payload is sent by keyword",
    ),
    "by_position": (by_position, "'size' cannot be passed by keyword"),
    "reserved": (reserved, "declares 'signal', but this name is reserved"),
    "twice": (twice, "the parameter 'size' is also a key of PizzaDone: remove one of the two"),
    "not_typed_dict": (not_typed_dict, "the payload Store is not a TypedDict: declare its keys in"),
    "endless": (endless, "inspecting its declaration raised ValueError('wrapper"),
    "no_signature": (
        no_signature,
        "inspecting its declaration raised TypeError('unexpected object 1",
    ),
}


@pytest.mark.parametrize("name", DECLARED)
def test_invalid_declaring_function_is_refused_at_the_first_use(name: str) -> None:
    function, words = DECLARED[name]
    signal: Any = unchecked(Signal).declare(function)
    for call in (
        lambda signal: signal.connect(serve),
        lambda signal: signal.send(Store),
        lambda signal: asyncio.run(signal.asend(Store)),
        lambda signal: receiver(signal)(serve),
    ):
        refused = refusal(call, signal)
        assert type(refused) is DeclarationError
        assert str(refused).startswith(f"{__name__}.{name}: ")
        assert words in str(refused)
        assert "swapped" not in str(refused)


@pytest.mark.parametrize("function", [positional, with_default, lambda sender, size: None])
def test_function_whose_first_parameter_is_the_sender_is_a_declaration(function: Any) -> None:
    signal: Any = Signal.declare(function)
    signal.connect(bake) if function is not with_default else signal.connect(serve)
    assert len(signal.send(Store, size=1)) == 1


@pytest.mark.parametrize(
    "make",
    [
        *(lambda value=value: value for value in (None, Store, int, len, LONG, Store().__str__)),
        *(Store, Signal, Slotted, lambda: functools.partial(positional), *HOSTILE.values()),
    ],
)
def test_declare_accepts_functions_only(make: Callable[[], Any]) -> None:
    refused = refusal(lambda: unchecked(Signal).declare(make()))
    assert type(refused) is TypeError
    assert "Signal.declare takes a function, not " in str(refused)
    assert ": write @Signal.declare above def pizza_done(sender, ...)" in str(refused)


Numbered: Any = TypedDict("Numbered", {1: int, "note": NotRequired[str]})  # type: ignore[misc]
OptionalNumbers: Any = TypedDict("OptionalNumbers", {1: int}, total=False)  # type: ignore[misc]
Reserved: Any = TypedDict("Reserved", {"sender": int, "signal": int})
LongKey: Any = TypedDict("LongKey", {LONG: int})  # type: ignore[misc]

PAYLOADS: dict[str, tuple[Any, Any, str]] = {
    "swapped": (
        PizzaDone,
        Store,
        "sender and payload seem to be swapped, write Signal[sender, payload]",
    ),
    "a class": (Store, Store, "the payload Store is not a TypedDict: declare its keys in a class"),
    "none": (Store, None, "the payload None is not a TypedDict: use an empty TypedDict"),
    # Not 1: the cache of typing may return the type for True.
    "a number": (Store, 7, "the payload 7 is not a TypedDict"),
    "a dict": (Store, {"size": int}, "the payload {'size': <class 'int'>} is not a TypedDict"),
    "a list": (Store, [PizzaDone], "is not a TypedDict"),
    "two of them": (Store, PizzaDone | Reserved, "is not a TypedDict"),
    "optional": (Store, unchecked(PizzaDone) | None, "is not a TypedDict"),
    "TypedDict itself": (Store, TypedDict, "is not a TypedDict"),
    "a long literal": (Store, Literal["x" * 100_000], "the payload typing.Literal['xxx"),
    "no repr": (Store, HOSTILE["__repr__"](), "Hostile object, repr failed> is not a TypedDict"),
    "numbers": (
        Store,
        Numbered,
        "Numbered has keys that are not strings (1), but a payload is sent by keyword: make",
    ),
    "optional numbers": (
        Store,
        OptionalNumbers,
        "OptionalNumbers has keys that are not strings (1), but",
    ),
    "reserved": (Store, Reserved, "declares 'sender', 'signal', but these names are reserved"),
}


@pytest.mark.parametrize("case", PAYLOADS)
def test_invalid_payload_type_is_refused_at_the_first_use(case: str) -> None:
    sender, payload, words = PAYLOADS[case]
    signal = unchecked(Signal)[sender, payload]()
    for call in (
        lambda signal: signal.connect(serve),
        lambda signal: signal.send(Store),
        lambda signal: signal.send_robust(Store, **{"1": 2}),
        lambda signal: asyncio.run(signal.asend(Store)),
        lambda signal: receiver([make_signal(), signal])(serve),
    ):
        refused = refusal(call, signal)
        assert type(refused) is DeclarationError
        assert str(refused).startswith(f"<unnamed signal made at {__file__}:")
        assert words in str(refused)


@pytest.mark.parametrize("sender", [Store, None, 1, {}, [], "nowhere", Store(), PizzaDone])
def test_anything_can_be_the_sender_of_a_declaration(sender: Any) -> None:
    signal = unchecked(Signal)[sender, PizzaDone]()
    signal.connect(bake)
    assert len(signal.send(Store, **PAYLOAD)) == 1


def test_class_of_signals_takes_four_arguments() -> None:
    arguments = (Store, PizzaDone, int, ..., int)
    for count in range(1, 5):
        assert unchecked(Signal)[arguments[:count]]().send(Store, **PAYLOAD) == []
    refused = refusal(lambda: unchecked(Signal)[arguments])
    assert type(refused) is TypeError
    assert "Too many arguments" in str(refused)


# Annotations may be recursive.
Own = Annotated["Own", "itself"]  # type: ignore[misc]
Json = dict[str, "Json"] | list["Json"] | None


class OfOwn(TypedDict):
    size: Own
    note: NotRequired[Json]


in_circles: Own = Signal()
in_json: Json = unchecked(Signal())
nested: "(" * 5_000 = Signal()  # type: ignore[valid-type]  # noqa: F722


def test_recursive_types_are_supported() -> None:
    with pytest.warns(ContractWarning, match=r"\* 5000\" in its declaration is not defined"):
        nested.send(Store, anything=1)
    for signal in (in_circles, in_json, nested):
        assert unchecked(signal).send(Store, anything=1) == []
    assert Signal[type[Store], OfOwn]().send(Store, size=1) == []
    refused = refusal(lambda: Signal[type[Store], OfOwn]().send(Store))  # type: ignore[signal-send]
    assert "missing 'size'; OfOwn declares 'size' and optionally 'note'" in str(refused)


# Connections are read-only


@pytest.mark.parametrize("attribute", ["receiver", "sender", "weak", "connected_at", "other"])
def test_connections_are_read_only(signal: Any, attribute: str) -> None:
    [connection, _] = signal.receivers
    with pytest.raises(AttributeError):
        setattr(connection, attribute, None)
    assert operator.attrgetter("receiver", "weak")(connection) == (log, True)


def test_object_that_raises_is_not_a_task() -> None:
    class Hostile:
        def __getattr__(self, name: str) -> object:
            raise ZeroDivisionError

    assert enqueueing_method(Hostile()) is None
