"""
Sends that are generated for the keys of a payload.
"""

from __future__ import annotations

import asyncio
import gc
import inspect
import traceback
import weakref
from typing import TYPE_CHECKING, Any, ClassVar, NotRequired, TypedDict
from unittest import mock

import pytest

from tests.support import LARGEST, SMALLEST, PizzaDone, unchecked
from typed_signals import Signal
from typed_signals._send import choice, codegen
from typed_signals.exceptions import PayloadError

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("generated_sends")

METHODS = ("send", "send_robust")
SENDS = (*METHODS, "asend", "asend_robust")

# Beyond five, receivers are called in a loop.
COUNTS = range(9)


class Listener:
    """
    A receiver in two forms, whose response is its arguments without the signal.
    """

    def method(self, **kwargs: object) -> dict[str, object]:
        assert isinstance(kwargs.pop("signal"), Signal)
        return kwargs

    def function(self) -> Callable[..., dict[str, object]]:
        def receive(signal: object, **kwargs: object) -> dict[str, object]:
            assert isinstance(signal, Signal)
            return kwargs

        return receive


FORMS: dict[str, Callable[[int], Any]] = {
    "functions": lambda number: Listener().function(),
    "methods": lambda number: Listener().method,
    "mixed": lambda number: Listener().method if number % 2 else Listener().function(),
}


def make_receivers(form: str, count: int) -> list[Any]:
    return [FORMS[form](number) for number in range(count)]


@pytest.fixture
def signal() -> Any:
    return Signal[object, PizzaDone]()


# Receivers


@pytest.mark.parametrize("payload", [SMALLEST, LARGEST], ids=["smallest", "largest"])
@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("method", METHODS)
def test_any_number_of_receivers_is_called_in_order(
    signal: Any, method: str, form: str, count: int, payload: dict[str, Any]
) -> None:
    receivers = make_receivers(form, count)
    for receive in receivers:
        signal.connect(receive)
    for _ in range(2):
        sent = getattr(signal, method)("me", **payload)
        assert sent == [(receive, {"sender": "me", **payload}) for receive in receivers]


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("method", METHODS)
def test_one_of_several_receivers_may_be_dead(
    signal: Any, method: str, form: str, count: int
) -> None:
    for dead in range(count):
        receivers = make_receivers(form, count)
        for receive in receivers:
            signal.connect(receive)
        getattr(signal, method)(None, **SMALLEST)
        del receive, receivers[dead]
        for _ in range(2):
            sent = getattr(signal, method)(None, **SMALLEST)
            assert [receiver for receiver, _ in sent] == receivers
        assert len(signal.receivers) == count - 1
        for each in receivers:
            signal.disconnect(each)


@pytest.mark.parametrize("count", COUNTS[1:])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("method", METHODS)
def test_all_receivers_are_kept_alive_while_the_first_runs(
    signal: Any, method: str, form: str, count: int
) -> None:
    receivers: list[Any] = []

    def drop_all(**kwargs: object) -> str:
        receivers.clear()
        return "dropped"

    signal.connect(drop_all)
    receivers += make_receivers(form, count)
    for receive in receivers:
        signal.connect(receive)
    del receive
    sent = getattr(signal, method)(None, **SMALLEST)
    assert [response for _, response in sent] == [
        "dropped",
        *[{"sender": None, **SMALLEST}] * count,
    ]
    del sent
    assert getattr(signal, method)(None, **SMALLEST) == [(drop_all, "dropped")]


@pytest.mark.parametrize("count", COUNTS[1:])
@pytest.mark.parametrize("form", FORMS)
def test_any_one_of_the_receivers_may_fail(signal: Any, form: str, count: int) -> None:
    class Failing(Listener):
        def method(self, **kwargs: object) -> dict[str, object]:
            raise error

        def function(self) -> Callable[..., dict[str, object]]:
            def fail(**kwargs: object) -> dict[str, object]:
                raise error

            return fail

    error = ZeroDivisionError()
    for failing in range(count):
        receivers = make_receivers(form, count)
        is_method = inspect.ismethod(receivers[failing])
        receivers[failing] = Failing().method if is_method else Failing().function()
        for receive in receivers:
            signal.connect(receive)
        sent = signal.send_robust(None, **SMALLEST)
        assert [receiver for receiver, _ in sent] == receivers
        assert [number for number, (_, response) in enumerate(sent) if response is error] == [
            failing
        ]
        with pytest.raises(ZeroDivisionError):
            signal.send(None, **SMALLEST)
        for receive in receivers:
            signal.disconnect(receive)


@pytest.mark.parametrize("others", [False, True])
def test_method_whose_function_is_deleted_is_no_longer_called(signal: Any, others: bool) -> None:
    def last(**kwargs: object) -> str:
        return "last"

    class Short:
        def method(self, **kwargs: object) -> str:
            return "short"

    short = Short()
    signal.connect(short.method)
    if others:
        signal.connect(last)
    expected = ["short", "last"] if others else ["short"]
    assert [response for _, response in signal.send(None, **SMALLEST)] == expected
    del Short.method
    assert signal.send(None, **SMALLEST) == ([(last, "last")] if others else [])
    assert len(signal.receivers) == others

    def method(self: Short, **kwargs: object) -> str:
        return "new"

    unchecked(Short).method = method
    signal.connect(unchecked(short).method)
    expected = ["last", "new"] if others else ["new"]
    assert [response for _, response in signal.send(None, **SMALLEST)] == expected


# Whatever the keys are


class ManyOptional(TypedDict):
    size: int
    a: NotRequired[int]
    b: NotRequired[int]
    c: NotRequired[int]
    d: NotRequired[int]
    e: NotRequired[int]


class FewOptional(TypedDict, total=False):
    a: int
    b: int
    c: int


ODD_KEYS = [
    *("self", "args", "payload", "method", "len", "Exception", "send", "None_", "keys"),
    *("_self", "_args", "_links", "__", "_0", "class", "with-dash", "two words", "", "ﬁ", "größe"),
]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("key", ODD_KEYS)
def test_key_may_have_any_name(method: str, key: str) -> None:
    typed_dict: Any = TypedDict("typed_dict", {key: int, "size": int})  # type: ignore[misc]
    signal: Any = Signal[object, typed_dict]()
    receive = Listener().function()
    signal.connect(receive)
    payload = {key: 1, "size": 30}
    for _ in range(2):
        assert getattr(signal, method)("me", **payload) == [(receive, {"sender": "me", **payload})]
    with pytest.raises(PayloadError) as refused:
        getattr(signal, method)("me", size=30)
    assert refused.value.missing == (key,)
    with pytest.raises(PayloadError) as refused:
        getattr(signal, method)("me", **payload, other=1)
    assert refused.value.unexpected == ("other",)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("typed_dict", [FewOptional, ManyOptional])
def test_any_of_the_optional_keys_may_be_left_out(method: str, typed_dict: Any) -> None:
    signal: Any = Signal[object, typed_dict]()
    receive = Listener().method
    signal.connect(receive)
    required = {"size": 30} if typed_dict is ManyOptional else {}
    optional = [key for key in typed_dict.__annotations__ if key not in required]
    for index in range(2 ** len(optional)):
        payload = required | {key: bit for bit, key in enumerate(optional) if index >> bit & 1}
        sent = getattr(signal, method)(None, **payload)
        assert sent == [(receive, {"sender": None, **payload})]


@pytest.mark.parametrize("method", METHODS)
def test_untyped_signal_may_always_send_new_keys(method: str) -> None:
    signal: Any = Signal()
    receive = Listener().method
    signal.connect(receive)
    for number in range(codegen.MOST_SETS + 10):
        for _ in range(2):
            sent = getattr(signal, method)(None, **{f"key_{number}": number})
            assert sent == [(receive, {"sender": None, f"key_{number}": number})]


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """
    Return the list of code compiled during the test.
    """
    labels: list[str] = []
    to_code = codegen._compile

    def note(method: str, label: str, *rest: Any) -> Any:
        labels.append(label)
        return to_code(method, label, *rest)

    monkeypatch.setattr(codegen, "_compile", note)
    return labels


@pytest.mark.parametrize(
    ("required", "optional", "expected"),
    [
        (96, 4, "send(key_0"),
        (0, 5, "send(**payload)"),
        (100, 0, "send(key_0"),
        (101, 0, None),
    ],
)
def test_code_is_generated_if_it_saves_time(
    required: int, optional: int, expected: str | None, compiled: list[str]
) -> None:
    keys: dict[str, Any] = {f"key_{number}": int for number in range(required)}
    keys |= {f"key_{number}": NotRequired[int] for number in range(required, required + optional)}
    payload: Any = TypedDict("payload", keys)  # type: ignore[misc]
    signal: Any = unchecked(Signal)[object, payload]()
    receive = Listener().method
    signal.connect(receive)
    values = dict.fromkeys(keys, 1)
    for _ in range(2):
        assert signal.send(None, **values) == [(receive, {"sender": None, **values})]
    assert {label[: len(expected or "")] for label in compiled} == (
        {expected} if expected else set()
    )


def test_code_is_generated_for_a_hundred_sets_of_keys(compiled: list[str]) -> None:
    signal: Any = Signal()
    for number in range(102):
        signal.send(None, **{f"key_{number}": number})
    assert len(set(compiled)) == 100


@pytest.mark.parametrize(("count", "expected"), [(100, 1), (101, 0)])
def test_code_is_generated_for_up_to_a_hundred_keys(
    count: int, expected: int, compiled: list[str]
) -> None:
    signal: Any = Signal()
    signal.send(None, **{f"key_{number}": number for number in range(count)})
    assert len(compiled) == expected


def test_untyped_signal_never_sends_a_reserved_key() -> None:
    signal: Any = Signal()
    for _ in range(2):
        with pytest.raises(PayloadError):
            signal.send(None, signal=1)


# In the place of the methods


def test_first_sends_use_no_generated_code(
    sends_are_generated: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    sends_are_generated(are_generated=True)
    monkeypatch.setattr(choice, "SENDS_BEFORE_GENERATION", 10)
    signal: Any = Signal[object, PizzaDone]()
    for _ in range(10):
        signal.send(None, **SMALLEST)
        assert type(signal) is Signal
    signal.send(None, **SMALLEST)
    assert type(signal) is not Signal


def test_signals_with_the_same_keys_share_generated_code() -> None:
    class Same(TypedDict):
        toppings: int
        size: int
        note: NotRequired[int]

    first: Any = Signal[object, PizzaDone]()
    second: Any = Signal[object, Same]()
    for signal in (first, second):
        signal.send(None, **SMALLEST)
    assert first.send.__func__ is second.send.__func__
    assert type(first) is type(second)


def test_signals_of_one_class_keep_a_common_class() -> None:
    class Own(Signal[object, PizzaDone]): ...

    first, second = Own(), Own()
    for signal in (first, second):
        signal.send(None, toppings=[], size=30)
    assert type(first) is type(second) is not Own


def test_signal_still_looks_like_an_instance_of_its_class(signal: Any) -> None:
    class Special(Signal[object, PizzaDone]):
        """
        Special.
        """

        registered: ClassVar[list[type]] = []

    special = Special()
    before = [repr(signal), repr(type(signal)), type(signal).__doc__, repr(type(special))]
    signal.send(None, **SMALLEST)
    special.send(None, toppings=[], size=30)
    assert [repr(signal), repr(type(signal)), type(signal).__doc__, repr(type(special))] == before
    assert isinstance(special, Special)
    assert type(special).__doc__ == Special.__doc__
    assert type(special).__name__ == "Special"
    special.registered.append(int)
    assert Special.registered == [int]


@pytest.mark.parametrize("overridden", METHODS)
def test_overridden_methods_stay_overridden(overridden: str) -> None:
    def send(self: Any, sender: object, **payload: object) -> Any:
        sends = getattr(super(Special, self), overridden)
        return "overridden", sends(sender=sender, **SMALLEST, **payload)

    class Special(Signal[object, PizzaDone]): ...

    setattr(Special, overridden, send)
    signal: Any = Special()
    signal.connect(Listener().function(), weak=False)
    (other,) = set(METHODS) - {overridden}
    for _ in range(2):
        word, sent = getattr(signal, overridden)("me", note="hot")
        assert word == "overridden"
        assert [response for _, response in sent] == [{"sender": "me", **SMALLEST, "note": "hot"}]
        assert len(getattr(signal, other)("me", **SMALLEST)) == 1


def test_init_subclass_of_users_is_not_called_for_generated_classes() -> None:
    made: list[type] = []

    class Registered(Signal[object, PizzaDone]):
        def __init_subclass__(cls) -> None:
            made.append(cls)

    class Derived(Registered): ...

    for signal in (Registered(), Derived()):
        assert signal.send(None, toppings=[], size=30) == []
    assert made == [Derived]


def test_subclass_may_have_a_metaclass() -> None:
    class Meta(type):
        made: ClassVar[list[str]] = []

        def __init__(cls, name: str, *args: object) -> None:
            super().__init__(name, *args)
            cls.made.append(name)

    class WithMeta(Signal[object, PizzaDone], metaclass=Meta): ...

    assert WithMeta().send(None, toppings=[], size=30) == []
    assert Meta.made == ["WithMeta"]


@pytest.mark.parametrize("method", METHODS)
def test_method_of_a_signal_can_be_patched(signal: Any, method: str) -> None:
    for _ in range(2):
        with mock.patch.object(signal, method, return_value="patched"):
            assert getattr(signal, method)(None, **SMALLEST) == "patched"
        assert getattr(signal, method)(None, **SMALLEST) == []


def outcome(signal: Any, method: str) -> Any:
    """
    Return the responses, also of an async send.
    """
    sent = getattr(signal, method)(None, **SMALLEST)
    return asyncio.run(sent) if inspect.iscoroutine(sent) else sent


@pytest.fixture
def classes() -> list[Any]:
    """
    Return ``Signal``, a subclass of it, and one of that.
    """

    class Own(Signal[object, PizzaDone]): ...

    class Derived(Own): ...

    return [Signal, Own, Derived]


@pytest.mark.parametrize("made_by", range(3))
@pytest.mark.parametrize("method", SENDS)
def test_patch_of_a_class_is_always_called(classes: list[Any], method: str, made_by: int) -> None:
    signal = classes[made_by]()
    others = [cls() for cls in classes]
    for patched in classes[: made_by + 1]:
        for _ in range(2):
            assert outcome(signal, method) == []
            with mock.patch.object(patched, method, return_value="patched"):
                assert outcome(signal, method) == "patched"
                for cls, other in zip(classes, others, strict=True):
                    expected = "patched" if issubclass(cls, patched) else []
                    assert outcome(other, method) == expected
            for each in (signal, *others):
                assert outcome(each, method) == []


@pytest.mark.parametrize("made_by", range(3))
@pytest.mark.parametrize("method", SENDS)
def test_methods_set_on_a_class_can_be_restored_or_deleted(
    classes: list[Any], method: str, made_by: int
) -> None:
    signal = classes[made_by]()
    for cls in classes[: made_by + 1]:
        original = getattr(cls, method)
        for is_set_back in (True, False):
            assert outcome(signal, method) == []
            setattr(cls, method, lambda *args, **payload: "patched")
            try:
                assert outcome(signal, method) == "patched"
                if is_set_back:
                    setattr(cls, method, original)
                    assert outcome(signal, method) == []
            finally:
                delattr(cls, method)
            assert outcome(signal, method) == []


@pytest.mark.parametrize("method", METHODS)
def test_send_is_fast_again_after_a_patch_is_removed(signal: Any, method: str) -> None:
    outcome(signal, method)
    generated = getattr(signal, method).__func__
    with mock.patch.object(Signal, method):
        assert getattr(signal, method) is getattr(Signal, method)
    assert getattr(signal, method).__func__ is generated
    assert generated is not getattr(Signal, method)


@pytest.mark.parametrize("method", METHODS)
def test_overriding_methods_call_the_generated_send(method: str) -> None:
    class Special(Signal[object, PizzaDone]):
        def find(self) -> Any:
            return getattr(super(), method)

    signal, plain = Special(), Signal[object, PizzaDone]()
    for each in (signal, plain):
        outcome(each, method)
    assert signal.find().__func__ is getattr(plain, method).__func__


@pytest.mark.parametrize("method", METHODS)
def test_method_of_the_class_can_be_called(signal: Any, method: str) -> None:
    for _ in range(2):
        assert getattr(Signal, method)(signal, None, **SMALLEST) == []


def test_signal_may_have_attributes(signal: Any) -> None:
    signal.description = "a pizza"
    signal.send(None, **SMALLEST)
    assert signal.description == "a pizza"


def test_unused_class_is_garbage_collected() -> None:
    class Short(Signal[object, PizzaDone]): ...

    signal = Short()
    signal.send(None, toppings=[], size=30)
    gone = weakref.ref(Short), weakref.ref(signal)
    del signal, Short
    gc.collect()
    assert [reference() for reference in gone] == [None, None]


# To be read


def test_traceback_shows_the_line_that_called_the_receiver(signal: Any) -> None:
    def fail(**kwargs: object) -> None:
        raise ZeroDivisionError

    signal.connect(fail)
    with pytest.raises(ZeroDivisionError):
        signal.send(None, **SMALLEST)
    with pytest.raises(ZeroDivisionError) as raised:
        signal.send(None, **SMALLEST)
    shown = traceback.format_tb(raised.value.__traceback__)
    (ours,) = [entry for entry in shown if "_0(signal=_self" in entry]
    assert "<typed_signals send(toppings, size, note=...) with toppings, size>" in ours
    assert "in send" in ours


def test_source_can_be_read(signal: Any) -> None:
    signal.send(None, **SMALLEST)
    source = inspect.getsource(signal.send)
    assert source.startswith("def send(_self, /, sender, *_args, toppings=")
    assert len(source.splitlines()) > 3
    assert list(inspect.signature(signal.send).parameters)[2:5] == ["toppings", "size", "note"]
    assert "note=..." in str(inspect.signature(signal.send))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("cls", [Signal[object, PizzaDone], Signal])
def test_generated_method_has_the_name_of_the_original(cls: Any, method: str) -> None:
    signal = cls()
    getattr(signal, method)(None, **SMALLEST)
    generated = getattr(signal, method).__func__
    assert generated is not getattr(Signal, method)
    assert (generated.__name__, generated.__qualname__) == (method, f"Signal.{method}")


def test_two_functions_with_the_same_keys_do_not_share_a_source() -> None:
    class Pair(TypedDict):
        a: int
        b: int

    class Triple(Pair):
        c: NotRequired[int]

    def fail(**kwargs: object) -> None:
        raise ZeroDivisionError

    files = set()
    for signal in (Signal[object, Pair](), Signal[object, Triple](), Signal()):
        unchecked(signal).connect(fail)
        with pytest.raises(ZeroDivisionError):
            unchecked(signal).send(None, a=1, b=2)
        with pytest.raises(ZeroDivisionError) as raised:
            unchecked(signal).send(None, a=1, b=2)
        frames = traceback.extract_tb(raised.value.__traceback__)
        (called,) = [frame for frame in frames if "_0(signal=_self" in (frame.line or "")]
        files.add(called.filename)
    assert len(files) == 3


def test_class_has_a_signature() -> None:
    class Named(Signal[object, PizzaDone]):
        def __init__(self, name: str) -> None:
            self.name = name

    assert list(inspect.signature(Signal).parameters) == ["use_caching"]
    assert list(inspect.signature(Named).parameters) == ["name"]


class OtherPayload(TypedDict):
    toppings: list[str]


def test_class_of_a_signal_creates_signals_of_the_public_class(signal: Any) -> None:
    outcome(signal, "send")
    hidden: Any = type(signal)
    other = hidden()
    assert type(other) is Signal
    assert other.send(None, anything=1) == []
    declared = hidden.declare(lambda sender, *, size, crust: None)
    with pytest.raises(PayloadError, match="missing 'crust'"):
        declared.send(None, size=1)
    assert hidden[object, OtherPayload]().send(None, toppings=[]) == []
    assert list(inspect.signature(hidden).parameters) == ["use_caching"]
    hidden(use_caching=True)


def test_class_of_a_signal_calls_the_initializer_of_its_subclass_once() -> None:
    class Named(Signal[object, PizzaDone]):
        def __init__(self, name: str) -> None:
            assert not hasattr(self, "name")
            self.name = name

    signal = Named("one")
    outcome(signal, "send")
    assert type(signal) is not Named
    copied: Any = type(signal)("two")
    assert (type(copied), copied.name) == (Named, "two")
    assert list(inspect.signature(type(signal)).parameters) == ["name"]


def test_signal_keeps_its_attributes(signal: Any) -> None:
    signal.set_before = 1
    outcome(signal, "send")
    signal.set_after = 2
    assert vars(signal) == {"set_before": 1, "set_after": 2}


@pytest.mark.parametrize("sends_before", [0, 1, 2])
def test_method_that_is_set_on_a_signal_is_called(signal: Any, sends_before: int) -> None:
    for _ in range(sends_before):
        assert outcome(signal, "send") == []
    with mock.patch.object(signal, "send", return_value="patched"):
        assert outcome(signal, "send") == "patched"
    assert outcome(signal, "send") == []


def test_class_of_a_signal_can_be_inherited_from(signal: Any) -> None:
    outcome(signal, "send")

    class Derived(type(signal)):  # type: ignore[misc]
        pass

    assert Derived.__bases__ == (Signal,)
    assert Derived().send(None, anything=1) == []


def test_signal_of_another_payload_with_that_class_is_sent_by_its_declaration(signal: Any) -> None:
    outcome(signal, "send")
    other: Any = Signal[object, OtherPayload]()
    other.__class__ = type(signal)
    assert other.send(None, toppings=["ham"]) == []


# A path that is passed in


@pytest.mark.parametrize("method", SENDS)
@pytest.mark.parametrize("sends_before", [0, 1, 2])
def test_signal_takes_the_path_that_is_passed_in(
    signal: Any, method: str, sends_before: int
) -> None:
    taken: list[Any] = []

    def send_dict(*arguments: Any) -> Any:
        taken.append(arguments)
        return "taken"

    async def asend_dict(*arguments: Any) -> Any:
        return send_dict(*arguments)

    path = mock.Mock(code=None, send_dict=send_dict, asend_dict=asend_dict)
    other = Signal[object, PizzaDone]()
    for _ in range(sends_before):
        assert outcome(signal, method) == outcome(other, method) == []
    choice.take_path(signal, path)
    assert type(signal) is Signal
    for _ in range(2):
        assert outcome(signal, method) == "taken"
        assert outcome(other, method) == []
    assert taken == [(signal, method, None, SMALLEST)] * 2
    with mock.patch.object(Signal, method, return_value="patched"):
        assert outcome(signal, method) == "patched"
    choice.take_path(signal, None)
    assert outcome(signal, method) == []
    assert (type(signal) is Signal) is (method not in METHODS)


def test_path_that_is_passed_in_while_a_method_is_generated_is_taken(
    signal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make_send(*arguments: Any) -> Any:
        choice.take_path(signal, mock.Mock(code=None, send_dict=lambda *_: "taken"))
        return make(*arguments)

    make = codegen.make_send
    monkeypatch.setattr(codegen, "make_send", make_send)
    assert outcome(signal, "send") == []
    assert outcome(signal, "send") == "taken"
