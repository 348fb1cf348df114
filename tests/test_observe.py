"""
``observe``: callbacks around receivers, by signal and by name.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import weakref
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypedDict

import pytest

import typed_signals
from tests.support import run_script, unchecked
from typed_signals import BaseSignal, Call, Signal, observe

if TYPE_CHECKING:
    from collections.abc import Iterator


class Baked(TypedDict):
    size: int


pizza_baked = Signal[object, Baked]()


class Kitchen:
    burnt = Signal[object, Baked]()


def receive(**_kwargs: Any) -> str:
    return "received"


@pytest.fixture(autouse=True)
def _connected() -> Iterator[None]:
    with pizza_baked.connected(receive), Kitchen.burnt.connected(receive):
        yield


def names(calls: list[Call]) -> list[str]:
    return [call.signal_name.removeprefix(f"{__name__}.") for call in calls]


def test_callbacks_get_the_same_call_before_and_after() -> None:
    told: list[tuple[str, Call, Any]] = []
    with observe(
        pizza_baked,
        before=lambda call: told.append(("before", call, call.seconds)),
        after=lambda call: told.append(("after", call, call.response)),
    ):
        pizza_baked.send(None, size=3)
    pizza_baked.send(None, size=3)
    [(_, call, seconds), (_, same, response)] = told
    assert call is same
    assert (seconds, response) == (0.0, "received")
    assert call.seconds >= 0
    assert (call.signal, call.sender, call.receiver) == (pizza_baked, None, receive)
    assert (call.payload, call.response, call.error) == ({"size": 3}, "received", None)
    assert call.signal_name == f"{__name__}.pizza_baked"
    assert call.receiver_name == f"{__name__}.receive"
    assert repr(call) == f"<Call of {__name__}.receive by {__name__}.pizza_baked>"


def test_error_of_a_receiver_is_observed() -> None:
    def fail(**_kwargs: Any) -> None:
        raise ValueError("burnt")

    calls: list[Call] = []
    with (
        pizza_baked.connected(fail),
        observe(pizza_baked, after=calls.append),
        pytest.raises(ValueError, match="burnt") as raised,
    ):
        pizza_baked.send(None, size=3)
    assert [call.error for call in calls] == [None, raised.value]


@pytest.mark.parametrize("when", ["before", "after"])
def test_observer_that_raises_is_logged_and_changes_nothing(
    when: str, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(_call: Call) -> None:
        raise LookupError("no statsd")

    calls: list[Call] = []
    with (
        observe(pizza_baked, **unchecked({when: break_down})),
        observe(pizza_baked, after=calls.append),
    ):
        assert pizza_baked.send(None, size=3) == [(receive, "received")]
    assert names(calls) == ["pizza_baked"]
    [record] = caplog.records
    assert (record.name, record.levelname) == ("typed_signals", "ERROR")
    assert record.getMessage().endswith(f"break_down of {__name__}.pizza_baked (no statsd)")
    assert record.__dict__["receiver"] is receive


def test_observer_may_end_the_program() -> None:
    def interrupt(_call: Call) -> None:
        raise KeyboardInterrupt

    with observe(pizza_baked, before=interrupt), pytest.raises(KeyboardInterrupt):
        pizza_baked.send(None, size=3)


def test_async_receivers_are_observed_to_their_end() -> None:
    async def rest(**_kwargs: Any) -> str:
        await gate.wait()
        return "rested"

    async def send() -> None:
        sending = asyncio.create_task(pizza_baked.asend(None, size=3))
        for _ in range(5):
            await asyncio.sleep(0)
        assert begun
        assert not ended
        gate.set()
        await sending

    gate = asyncio.Event()
    begun: list[Call] = []
    ended: list[Call] = []

    def end(call: Call) -> None:
        assert gate.is_set() or call.receiver is receive
        ended.append(call)

    pizza_baked.disconnect(receive)
    with pizza_baked.connected(rest), observe(pizza_baked, before=begun.append, after=end):
        asyncio.run(send())
    assert [call.response for call in ended] == ["rested"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("pizza_baked", ["pizza_baked"]),
        (f"{__name__}.*", ["pizza_baked", "Kitchen.burnt"]),
        (f"{__name__}.pizza_baked", ["pizza_baked"]),
        ("Kitchen.burnt", ["Kitchen.burnt"]),
        ("*_baked", ["pizza_baked"]),
        ("baked", []),
        ("elsewhere.*", []),
    ],
)
def test_patterns_mean_what_list_signals_means(pattern: str, expected: list[str]) -> None:
    calls: list[Call] = []
    with observe(pattern, after=calls.append):
        pizza_baked.send(None, size=3)
        Kitchen.burnt.send(None, size=3)
    pizza_baked.send(None, size=3)
    assert names(calls) == expected


def declare(module: ModuleType, name: str) -> Any:
    """
    Return a new signal with that name in *module*.
    """
    source = f"from typed_signals import Signal\n{name} = Signal()\n"
    exec(source, vars(module))
    return vars(module)[name]


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = ModuleType("shop_of_observers")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


def test_signals_that_are_declared_later_are_observed(shop: ModuleType) -> None:
    calls: list[Call] = []
    with observe("shop_of_observers.*", pizza_baked, after=calls.append):
        late, other = declare(shop, "late"), Signal[object, Baked]()
        for signal in (late, other):
            signal.connect(receive)
        for _ in range(2):
            assert late.send(None) == [(receive, "received")]
            assert other.send(None, size=3) == [(receive, "received")]
        assert late._path is not None
        for _ in range(64):
            other.send(None, size=3)
        assert other._path is None
        never_sent = declare(shop, "never_sent")
        assert never_sent._path is not None
    assert late._path is None
    assert never_sent._path is None
    late.send(None)
    assert [call.signal_name for call in calls] == ["shop_of_observers.late"] * 2


def test_constructors_are_replaced_only_while_a_pattern_is_observed() -> None:
    make = vars(BaseSignal)["__new__"]
    with observe(pizza_baked, after=print):
        assert vars(BaseSignal)["__new__"] is make
    first = observe("shop.*", after=print)
    second = observe("shop.*", before=print)
    assert vars(BaseSignal)["__new__"] is not make
    for handle in (first, first, second):
        assert vars(BaseSignal)["__new__"] is not make
        handle.stop()
    assert vars(BaseSignal)["__new__"] is make


def test_constructor_that_a_tool_has_replaced_meanwhile_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # So that it is restored after the test.
    monkeypatch.setattr(BaseSignal, "__new__", vars(BaseSignal)["__new__"])
    observation = observe("shop.*", after=print)
    of_tool = staticmethod(BaseSignal.__new__)
    unchecked(BaseSignal).__new__ = of_tool
    observation.stop()
    assert vars(BaseSignal)["__new__"] is of_tool
    assert Signal().send(None) == []


def test_observing_keeps_no_signal_alive() -> None:
    with observe("shop.*", after=print):
        signal = Signal[object, Baked]()
        reference = weakref.ref(signal)
        del signal
        gc.collect()
        assert reference() is None
        sent = Signal[object, Baked]()
        sent.send(None, size=3)
        with observe(sent, after=print):
            reference = weakref.ref(sent)
            del sent
            gc.collect()
            assert reference() is None


@pytest.mark.parametrize(
    ("arguments", "options", "problem"),
    [
        ((), {"after": print}, "observe() has no signals"),
        ((pizza_baked,), {}, "observe() has no callback"),
        ((pizza_baked, 3), {"after": print}, "3 is not a signal"),
        (({},), {"after": print}, "{} is not a signal"),
        (([pizza_baked],), {"after": print}, "pass signals one by one, or write * before it"),
        ((Signal,), {"after": print}, "is not a signal, but a class: pass an instance"),
        ((Kitchen,), {"after": print}, "Kitchen'> is not a signal"),
        ((pizza_baked,), {"after": 3}, "after must be callable, not 3"),
        ((pizza_baked,), {"before": asyncio.sleep}, "before must not be async"),
    ],
)
def test_wrong_arguments_are_refused(arguments: Any, options: dict[str, Any], problem: str) -> None:
    with pytest.raises(TypeError) as refused:
        observe(*arguments, **options)
    assert problem in str(refused.value)
    assert pizza_baked._path is None


@pytest.mark.parametrize("pattern", ["", " shop.*", ".shop", "shop.", "shop..*"])
def test_pattern_that_never_matches_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="no signal can have a name that"):
        observe(pizza_baked, pattern, after=print)
    assert pizza_baked._path is None


def test_unknown_names_of_the_package_are_missing() -> None:
    with pytest.raises(AttributeError, match="no attribute 'observed'"):
        unchecked(typed_signals).observed  # noqa: B018


def test_observing_is_imported_when_it_is_used() -> None:
    script = """
        import sys
        import typed_signals
        assert not [name for name in sys.modules if "observe" in name or "_watch" in name]
        typed_signals.observe, typed_signals.Call
    """
    assert run_script(script) == ""
