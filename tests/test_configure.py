"""
``configure`` lets through what does not fit the declaration, after a warning.
"""

from __future__ import annotations

import asyncio
import gc
import inspect
import threading
import warnings
import weakref
from contextlib import contextmanager
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict
from unittest.mock import Mock

import pytest
from asgiref.sync import async_to_sync

from tests.hostile import HOSTILE
from tests.support import call_in_plugin, run_script, unchecked
from typed_signals import Signal, configure, receiver
from typed_signals._contract.refusal import signals_with_bad_receivers
from typed_signals._shared import policy
from typed_signals.exceptions import (
    ContractError,
    ContractWarning,
    DeclarationError,
    PayloadError,
    ReceiverTypeError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

METHODS = ("send", "send_robust", "asend", "asend_robust")


class Baked(TypedDict):
    size: int


class BakedWithNote(Baked):
    note: NotRequired[str]


class BakedWithMuch(Baked):
    a: NotRequired[str]
    b: NotRequired[str]
    c: NotRequired[str]
    d: NotRequired[str]
    e: NotRequired[str]


baked = Signal[object, Baked]()
eaten = Signal[object, Baked]()
# The ways in which a send is generated.
SHAPES: dict[str, Callable[[], Signal[Any, Any]]] = {
    "required": Signal[object, Baked],
    "optional": Signal[object, BakedWithNote],
    "many optional": Signal[object, BakedWithMuch],
}


@pytest.fixture(autouse=True)
def not_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "_configured", {name: {} for name in policy._configured})


@contextmanager
def recorded() -> Iterator[list[warnings.WarningMessage]]:
    """
    Record each warning, also repeated ones.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield caught


def dispatch(signal: Any, method: str, /, *args: Any, **payload: Any) -> Any:
    sent = getattr(signal, method)(*args, **payload)
    return asyncio.run(sent) if method.startswith("a") else sent


def receive(**kwargs: Any) -> dict[str, Any]:
    return kwargs


def without_kwargs(sender: object, size: int) -> int:
    return size


def with_other_key(sise: int, **kwargs: object) -> int:
    return sise


def line_of(function: Callable[..., Any], text: str) -> int:
    """
    Return the number of the first line with *text* in *function*.
    """
    lines, first = inspect.getsourcelines(function)
    return first + next(index for index, line in enumerate(lines) if text in line)


# Payloads


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("payload", [{}, {"size": 1, "sise": 2}, {"sise": 2}])
@pytest.mark.parametrize("sent_before", [0, 9, 10, 11, 30])
def test_wrong_payload_is_sent_as_it_is_after_a_warning(
    method: str, shape: str, payload: dict[str, Any], sent_before: int
) -> None:
    signal = SHAPES[shape]()
    signal.connect(receive)
    for _ in range(sent_before):
        dispatch(signal, method, None, size=1)
    with pytest.raises(PayloadError) as refused:
        dispatch(signal, method, None, **payload)
    configure(bad_payload="warn")
    with recorded() as caught:
        for _ in range(12):
            [(_, received)] = dispatch(signal, method, None, **payload)
            assert received == {"signal": signal, "sender": None, **payload}
    [warning] = caught
    assert warning.category is ContractWarning
    assert str(warning.message) == str(refused.value)
    expected = "asyncio.run" if method.startswith("a") else "getattr"
    assert (warning.filename, warning.lineno) == (__file__, line_of(dispatch, expected))
    # What was sent after a warning is not accepted later.
    assert dispatch(signal, method, None, size=1) == [
        (receive, {"signal": signal, "sender": None, "size": 1})
    ]
    configure(bad_payload="raise")
    with pytest.raises(PayloadError):
        dispatch(signal, method, None, **payload)


def send_in_coroutine(signal: Any) -> None:
    async def send() -> None:
        await signal.asend(None)

    asyncio.run(send())


def send_in_task(signal: Any) -> None:
    async def send() -> None:
        await asyncio.gather(signal.asend(None), signal.asend_robust(None))

    asyncio.run(send())


def send_with_asgiref(signal: Any) -> None:
    async_to_sync(signal.asend)(None)


def send_in_override(signal: Any) -> None:
    class Overridden(Signal[object, Baked]):
        def send(self, sender: object, *args: Any, **payload: Any) -> Any:
            return super().send(sender, *args, **payload)

    Overridden().send(None)


@pytest.mark.parametrize(
    ("send", "text"),
    [
        (send_in_coroutine, "await"),
        (send_in_task, None),
        (send_with_asgiref, None),
        (send_in_override, "super()"),
    ],
)
def test_warning_has_the_line_of_the_send_or_of_the_signal(
    send: Callable[[Any], None], text: str | None
) -> None:
    signal = Signal[object, Baked]()
    here = test_warning_has_the_line_of_the_send_or_of_the_signal
    configure(bad_payload="warn")
    with recorded() as caught:
        send(signal)
    line = line_of(here, "= Signal[") if text is None else line_of(send, text)
    assert {(warning.filename, warning.lineno) for warning in caught} == {(__file__, line)}


def test_each_line_is_warned_about_once() -> None:
    signal = Signal[object, Baked]()
    configure(bad_payload="warn")
    with recorded() as caught:
        for _ in range(30):
            signal.send(None, **unchecked({}))
            signal.send(None, **unchecked({"size": 1, "note": 2}))
    first = line_of(test_each_line_is_warned_about_once, "unchecked({}))")
    assert [warning.lineno for warning in caught] == [first, first + 1]


@pytest.mark.parametrize("method", METHODS)
def test_each_problem_of_a_helper_that_sends_is_warned_about_once(method: str) -> None:
    signal = Signal[object, Baked]()

    def emit(**payload: Any) -> None:
        dispatch(signal, method, None, **payload)

    configure(bad_payload="warn")
    with recorded() as caught:
        for _ in range(30):
            emit(sise=1)
            emit(size=1, note=2)
            emit(size=1)
            emit(sise=3)
    texts = [str(warning.message) for warning in caught]
    assert ["'sise'" in text for text in texts] == [True, False]
    assert ["'note'" in text for text in texts] == [False, True]


def test_warnings_of_a_line_that_sends_any_keys_end() -> None:
    signal = Signal[object, Baked]()
    configure(bad_payload="warn")
    with recorded() as caught:
        for number in range(1000):
            signal.send(None, **unchecked({f"key_{number}": 1}))
        signal.send(None, **unchecked({"in_another_line": 1}))
    assert len(caught) == 21
    assert "'in_another_line'" in str(caught[-1].message)


def test_each_signal_is_warned_about() -> None:
    configure(bad_payload="warn")
    with recorded() as caught:
        for _ in range(3):
            Signal[object, Baked]().send(None, **unchecked({}))
    assert len(caught) == 3


@pytest.mark.parametrize("method", METHODS)
def test_warning_that_is_an_error_stops_each_send(method: str) -> None:
    signal = Signal[object, Baked]()
    calls: list[object] = []
    signal.connect(lambda **kwargs: calls.append(kwargs), weak=False)
    configure(bad_payload="warn")
    for _ in range(12):
        with pytest.raises(ContractWarning):
            dispatch(signal, method, None)
    assert calls == []


def test_filters_match_the_module() -> None:
    signal = Signal[object, Baked]()
    configure(bad_payload="warn", bad_receiver="warn")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=ContractWarning, module=__name__)
        signal.connect(unchecked(with_other_key))
        signal.disconnect(with_other_key)
        signal.send(None, **unchecked({"sise": 1}))
        send_in_task(signal)


@pytest.mark.parametrize("method", METHODS)
def test_values_by_position_are_sent_by_keyword(method: str) -> None:
    @Signal.declare
    def burnt(sender: object, size: int, *, note: str) -> object: ...

    burnt.connect(receive)
    configure(bad_payload="warn")
    with recorded() as caught:
        [(_, received)] = dispatch(burnt, method, None, 5)
    assert received == {"signal": burnt, "sender": None, "size": 5}
    [warning] = caught
    assert "missing 'note'" in str(warning.message)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("sent_before", [0, 12])
@pytest.mark.parametrize(
    ("args", "payload"),
    [
        ((None,), {"size": 1, "signal": 2}),
        ((None, 5), {}),
        ((None, 5), {"size": 1}),
        ((), {"size": 1}),
        ((None,), {"sender": 1, "size": 1}),
    ],
)
def test_send_that_reaches_no_receiver_is_always_refused(
    method: str, sent_before: int, args: tuple[Any, ...], payload: dict[str, Any]
) -> None:
    for make in SHAPES.values():
        signal = make()
        signal.connect(receive)
        for _ in range(sent_before):
            dispatch(signal, method, None, size=1)
        configure(bad_payload="warn", bad_receiver="warn")
        with pytest.raises(TypeError):
            dispatch(signal, method, *args, **payload)


@pytest.mark.parametrize("method", METHODS)
def test_value_by_position_of_a_key_that_is_also_sent_is_always_refused(method: str) -> None:
    @Signal.declare
    def burnt(sender: object, size: int) -> object: ...

    configure(bad_payload="warn")
    for args, payload in [((5,), {"size": 5}), ((5, 6), {})]:
        with pytest.raises(PayloadError):
            dispatch(burnt, method, None, *args, **payload)


@pytest.mark.parametrize("method", METHODS)
def test_wrong_declaration_is_always_refused(method: str) -> None:
    configure(bad_payload="warn", bad_receiver="warn")
    signal: Any = Signal[object, int]()  # type: ignore[signal-declaration]
    with pytest.raises(DeclarationError):
        dispatch(signal, method, None)
    with pytest.raises(DeclarationError):
        signal.connect(receive)


# Receivers


UNFIT: dict[str, Any] = {
    "no **kwargs": without_kwargs,
    "other key": with_other_key,
    "partial": partial(with_other_key),
    "positional-only": lambda sender, /, **kwargs: None,
}


def connect(signal: Any, receive: Any) -> None:
    signal.connect(receive)


def connect_strongly(signal: Any, receive: Any) -> None:
    signal.connect(receive, weak=False, dispatch_uid="this")


def decorate(signal: Any, receive: Any) -> None:
    receiver(signal, sender=None)(receive)


def decorate_for_several(signal: Any, receive: Any) -> None:
    receiver([signal, Mock()])(receive)


@pytest.mark.parametrize("name", UNFIT)
@pytest.mark.parametrize("how", [connect, connect_strongly, decorate, decorate_for_several])
def test_wrong_receiver_is_connected_after_a_warning(
    name: str, how: Callable[[Any, Any], None]
) -> None:
    signal = Signal[object, Baked]()
    receive = UNFIT[name]
    with pytest.raises(ContractError) as refused:
        how(signal, receive)
    configure(bad_receiver="warn")
    with recorded() as caught:
        how(signal, receive)
    assert [each.receiver for each in signal.connections] == [receive]
    [warning] = caught
    assert warning.category is ContractWarning
    expected = str(refused.value).replace(" cannot connect ", " should not connect ")
    assert str(warning.message) == expected
    assert warning.filename == __file__
    lines, first = inspect.getsourcelines(how)
    assert first < warning.lineno < first + len(lines)
    assert signal in signals_with_bad_receivers()


@pytest.mark.parametrize("name", UNFIT)
def test_wrong_receiver_is_connected_in_a_block(name: str) -> None:
    signal = Signal[object, Baked]()
    configure(bad_receiver="warn")
    with recorded() as caught, signal.connected(UNFIT[name]):
        assert len(signal.connections) == 1
    assert signal.connections == []
    assert len(caught) == 1


def test_line_that_connects_again_and_again_is_warned_about_once() -> None:
    signal = Signal[object, Baked]()
    configure(bad_receiver="warn")
    with recorded() as caught:
        for _ in range(5):
            signal.connect(unchecked(without_kwargs))
            signal.disconnect(without_kwargs)
    assert len(caught) == 1


def test_each_wrong_receiver_of_a_line_is_warned_about() -> None:
    signal = Signal[object, Baked]()
    configure(bad_receiver="warn")
    with recorded() as caught:
        for receive in (without_kwargs, with_other_key):
            signal.connect(unchecked(receive))
    assert len(caught) == 2


def test_warning_that_is_an_error_connects_nothing() -> None:
    signal, other = Signal[object, Baked](), Signal()
    configure(bad_receiver="warn")
    for _ in range(2):
        with pytest.raises(ContractWarning):
            signal.connect(unchecked(with_other_key))
        with pytest.raises(ContractWarning):
            receiver([other, signal])(unchecked(with_other_key))
    assert signal.connections == other.connections == []


@pytest.mark.parametrize("not_a_receiver", [5, None, "f", receive()])
def test_what_cannot_be_called_is_always_refused(not_a_receiver: Any) -> None:
    configure(bad_receiver="warn")
    signal = Signal[object, Baked]()
    with pytest.raises(ReceiverTypeError, match="must be callable"):
        signal.connect(not_a_receiver)
    assert signal.connections == []


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_cannot_be_inspected_is_always_refused(kind: str) -> None:
    signal: Any = Signal[object, Baked]()
    hostile: Any = HOSTILE[kind]()
    outcomes = []
    for action in ("raise", "warn"):
        configure(bad_receiver=unchecked(action))
        try:
            signal.connect(hostile)
        except ContractError as error:
            outcomes.append(str(error))
        else:
            outcomes.append("connected")
            signal.disconnect(hostile)
    assert outcomes[0] == outcomes[1]


def test_what_cannot_be_weakly_referenced_is_always_refused() -> None:
    class Slotted:
        __slots__ = ()

        def receive(self, sender: object) -> None: ...

        def __call__(self, **kwargs: Any) -> None: ...

    configure(bad_receiver="warn")
    signal: Any = Signal[object, Baked]()
    for held in (Slotted().receive, Slotted()):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ContractWarning)
            with pytest.raises(ReceiverTypeError, match="cannot be weakly referenced"):
                signal.connect(held)
    assert signal.connections == []


def test_right_receiver_and_right_send_are_not_warned_about() -> None:
    configure(bad_receiver="warn", bad_payload="warn")
    signal = Signal[object, Baked]()
    with recorded() as caught:
        signal.connect(receive)
        signal.send(None, size=1)
    assert caught == []
    assert signal not in signals_with_bad_receivers()


def test_wrapped_function_is_warned_about_once_with_any_configuration() -> None:
    @wraps(without_kwargs)
    def wrapper(*args: Any, **kwargs: Any) -> None: ...

    for action in ("raise", "warn"):
        configure(bad_receiver=unchecked(action))
        signal = Signal[object, Baked]()
        with recorded() as caught:
            signal.connect(wrapper)
        [warning] = caught
        assert "with_signature" in str(warning.message)


def test_nothing_is_kept_alive() -> None:
    configure(bad_receiver="warn", bad_payload="warn")

    def receive(sise: int, **kwargs: Any) -> None: ...

    signal = Signal[object, Baked]()
    with recorded() as caught:
        signal.connect(unchecked(receive))
        signal.send(None, **unchecked({"sise": 1}))
    assert len(caught) == 2
    del caught[:]
    references: list[Any] = [weakref.ref(signal), weakref.ref(receive)]
    del signal, receive
    gc.collect()
    assert [reference() for reference in references] == [None, None]


# Which signals


def is_warned(signal: Any) -> bool:
    """
    Return whether a wrong send of *signal* is only warned about.
    """
    signal._declaration._warned = {}
    with recorded() as caught:
        try:
            signal.send(None)
        except PayloadError:
            return False
    assert len(caught) == 1
    return True


HERE = __name__


@pytest.mark.parametrize(
    "only",
    [
        *("*", "tests.*", f"{HERE}.baked", "*.baked", "*baked", "*.bake?", f"{HERE}.[b]aked"),
        *(["shop.*", "*.baked"], ("*.baked",), {"*.baked"}, ["*"]),
    ],
)
def test_pattern_matches_full_names(only: Any) -> None:
    configure(bad_payload="warn", only=only)
    assert is_warned(baked)
    assert is_warned(eaten) is not (
        "baked" in str(only) or "bake?" in str(only) or "[b]" in str(only)
    )


@pytest.mark.parametrize("only", ["shop.*", f"{HERE}.bake", f"{HERE}.BAKED", ["a.*", "b.*"]])
def test_other_patterns_change_nothing(only: Any) -> None:
    configure(bad_payload="warn", only=only)
    assert not is_warned(baked)


def test_last_match_applies() -> None:
    configure(bad_payload="warn")
    configure(bad_payload="raise", only="*.baked")
    assert (is_warned(baked), is_warned(eaten)) == (False, True)
    configure(bad_payload="warn", only="tests.*")
    assert (is_warned(baked), is_warned(eaten)) == (True, True)
    configure(bad_payload="raise", only="*.baked")
    assert (is_warned(baked), is_warned(eaten)) == (False, True)
    configure(bad_payload="raise")
    assert (is_warned(baked), is_warned(eaten)) == (False, False)


def test_no_setting_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    # Other tests import the part for Django, which reads one.
    monkeypatch.setattr(policy, "_setting_reader", None)
    assert not is_warned(baked)
    configure(bad_payload="warn")
    assert is_warned(baked)


def test_one_does_not_change_the_other() -> None:
    configure(bad_receiver="warn")
    assert not is_warned(baked)
    configure(bad_payload="warn")
    configure(bad_receiver="raise")
    assert is_warned(baked)
    with pytest.raises(ContractError):
        baked.connect(unchecked(without_kwargs))


def test_configuring_again_and_again_keeps_no_old_rules() -> None:
    configure(bad_payload="raise")
    for _ in range(50):
        configure(bad_payload="warn", only=["a.*", "b.*"])
        configure(bad_payload="raise", only="b.*")
    assert list(policy._configured["bad_payload"].items()) == [
        *(("*", "raise"), ("a.*", "warn"), ("b.*", "raise")),
    ]
    configure(bad_payload="raise")
    assert list(policy._configured["bad_payload"].items()) == [("*", "raise")]


EMPTY = "only is empty: leave it out, or pass a pattern such as 'shop.*'"
NO_PATTERN = "only must be a pattern such as 'shop.*', not "
NO_ACTION = "bad_receiver must be 'raise' or 'warn', not "
NOTHING = "configure() changes nothing: pass bad_receiver or bad_payload"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({}, NOTHING),
        ({"only": "shop.*"}, NOTHING),
        ({"bad_receiver": "wran"}, f"{NO_ACTION}'wran'"),
        ({"bad_receiver": True, "bad_payload": "warn"}, f"{NO_ACTION}True"),
        ({"bad_receiver": []}, f"{NO_ACTION}[]"),
        (
            {"bad_receiver": "system-check"},
            f"{NO_ACTION}'system-check': only Django's setting TYPED_SIGNALS accepts this value",
        ),
        ({"bad_payload": "warn", "only": []}, EMPTY),
        ({"bad_payload": "warn", "only": ""}, f"{NO_PATTERN}''"),
        ({"bad_payload": "warn", "only": None}, f"{NO_PATTERN}None"),
        ({"bad_payload": "warn", "only": ["shop.*", 5]}, f"{NO_PATTERN}5"),
        ({"bad_payload": "warn", "only": {"shop.*": 1}}, f"{NO_PATTERN}{{'shop.*': 1}}"),
        (
            {"bad_payload": "warn", "only": "baked"},
            "only matches the full names of signals, so not 'baked': write '*.baked'",
        ),
    ],
)
def test_wrong_arguments_change_nothing(arguments: dict[str, Any], problem: str) -> None:
    with pytest.raises((TypeError, ValueError)) as raised:
        configure(**arguments)
    assert str(raised.value) == problem
    # Under the plugin of django-stubs, nothing is raised.
    call_in_plugin(partial(configure, **arguments))
    assert not is_warned(baked)


def test_threads_configure_at_the_same_time() -> None:
    def configure_often(name: str) -> None:
        for _ in range(100):
            configure(bad_payload="warn", only=f"{name}.*")
            configure(bad_receiver="warn", only=f"{name}.*")

    threads = [threading.Thread(target=configure_often, args=[name]) for name in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for rules in policy._configured.values():
        assert set(rules) - {"*"} == {f"{name}.*" for name in "abcdefgh"}


def test_nothing_changes_under_the_plugin_of_django_stubs() -> None:
    configure(bad_receiver="warn", bad_payload="warn")
    signal: Any = Signal[object, Baked]()
    calls: list[object] = []
    with recorded() as caught:
        call_in_plugin(signal.connect, without_kwargs)
        assert signal.connections == []
        signal.connect(lambda **kwargs: calls.append(kwargs), weak=False)
        assert call_in_plugin(signal.send, None) == []
    assert calls == caught == []


SCRIPT = """
import sys, warnings
from typing import TypedDict
import typed_signals

class Baked(TypedDict):
    size: int

baked = typed_signals.Signal[object, Baked]()
typed_signals.configure(bad_payload="warn")
sys.stderr = sys.stdout
warnings.resetwarnings()
for _ in range(20):
    baked.send(None)
"""


def test_warnings_are_shown_for_the_line_by_default() -> None:
    said = "ContractWarning: __main__.baked.send(): missing 'size'; Baked declares 'size'"
    shown = run_script(SCRIPT)
    assert shown.startswith(f"<string>:14: {said}\n")
    assert shown.count("ContractWarning") == 1
