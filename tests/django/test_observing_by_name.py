"""
Patterns cover signals that get their names late, and skip those that cannot be watched.
"""

from __future__ import annotations

import gc
import sys
from functools import wraps
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

import blinker
import pytest
from django.dispatch import Signal as DjangoSignal

import typed_signals
from typed_signals import observe
from typed_signals._watch import Watcher, watch
from typed_signals.django import Signal
from typed_signals.testing import mute, validate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typed_signals import Call

KINDS: Final[dict[str, Callable[[], Any]]] = {
    "core": typed_signals.Signal,
    "ours": Signal,
    "django": DjangoSignal,
    "blinker": blinker.Signal,
}


class Forbidding(type):
    """
    Of classes that cannot have subclasses.
    """

    def mro(cls) -> list[type]:
        found = super().mro()
        if any(type(each) is Forbidding for each in found[1:]):
            raise ValueError("it is the last one")
        return found


class Unwatchable(DjangoSignal, metaclass=Forbidding): ...


def receive(**_kwargs: Any) -> str:
    return "received"


def receive_of_blinker(_sender: Any, **_kwargs: Any) -> str:
    return "received"


def make(kind: str) -> Any:
    signal = KINDS[kind]()
    signal.connect(
        receive if kind != "blinker" else lambda _sender, **kwargs: receive(**kwargs), weak=False
    )
    return signal


def names(calls: list[Call]) -> list[str]:
    return [call.signal_name for call in calls]


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Any:
    module = ModuleType("shop_by_name")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    yield
    gc.collect()


def test_signal_without_a_name_is_observed_from_when_it_has_one(kind: str, shop: Any) -> None:
    calls: list[Call] = []
    before = make(kind)
    with observe("shop_by_name.*", after=calls.append):
        new = make(kind)
        for signal in (before, new):
            signal.send("sender")  # while its module is executed, it may have no name
        shop.before, shop.new = before, new
        for signal in (before, new):
            signal.send("sender")
    before.send("sender")
    assert names(calls) == ["shop_by_name.before", "shop_by_name.new"]


def test_all_signals_are_observed_also_without_names(kind: str) -> None:
    calls: list[Call] = []
    before = make(kind)
    with observe("*", after=calls.append):
        new = make(kind)
        for signal in (before, new):
            signal.send("sender")
    before.send("sender")
    assert [call.signal for call in calls] == [before, new]


def test_signal_of_a_namespace_of_blinker_is_observed_by_its_own_name() -> None:
    calls: list[Call] = []
    namespace = blinker.Namespace()
    saved = namespace.signal("model-saved")
    saved.connect(receive_of_blinker)
    with observe("model-saved", after=calls.append):
        saved.send("sender")
    assert names(calls) == ["model-saved"]


@pytest.mark.parametrize("pattern", ["*", "test_observing_by_name.*"])
def test_what_cannot_be_watched_is_skipped_with_one_warning(
    pattern: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    good, bad = make("django"), Unwatchable()
    bad.connect(receive)
    monkeypatch.setattr(sys.modules[__name__], "good", good, raising=False)
    monkeypatch.setattr(sys.modules[__name__], "bad", bad, raising=False)
    calls: list[Call] = []
    with observe(pattern, after=calls.append):
        other = Unwatchable()
        for signal in (bad, other, good):
            signal.send("sender")
    assert [call.signal for call in calls] == [good]
    assert type(bad) is type(other) is Unwatchable
    [record] = caplog.records
    assert record.getMessage() == (
        f"Signals of the class {__name__}.Unwatchable cannot be observed (it is the last one)"
    )


def test_what_cannot_be_watched_is_refused_by_itself_and_nothing_is_watched() -> None:
    good = make("django")
    with pytest.raises(TypeError, match="cannot be watched: it is the last one"):
        observe(good, Unwatchable(), after=print)
    assert type(good) is DjangoSignal
    assert not hasattr(good, "_watching")


def test_start_that_is_interrupted_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    init = DjangoSignal.__init__
    good = make("django")

    def interrupt(*_: object) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("typed_signals._watch.by_name.gc.get_referrers", interrupt)
    with pytest.raises(KeyboardInterrupt):
        observe(good, "*", after=print)
    assert type(good) is DjangoSignal
    assert DjangoSignal.__init__ is init


def test_handle_forgets_signals_that_are_deleted() -> None:
    with observe("*", after=print) as observation:
        signals: Any = observation._handle._signals
        gc.collect()
        before = len(signals)
        for _ in range(50):
            make("django")
        gc.collect()
        assert len(signals) <= before


def test_values_are_validated_beside_a_class_that_cannot_be_watched() -> None:
    unwatchable = Unwatchable()
    with validate():
        assert unwatchable.send("sender") == []


class OursUnwatchable(Signal[Any, Any], metaclass=Forbidding): ...


def test_signal_of_ours_that_cannot_be_watched_sends_as_before() -> None:
    signal = OursUnwatchable()
    with pytest.raises(TypeError, match="cannot be watched"):
        observe(signal, after=print)
    assert signal._path is None
    assert signal.send("sender") == []


@pytest.mark.parametrize("pattern", ["*", "shop.*"])
def test_nothing_is_watched_after_the_end(pattern: str) -> None:
    handle = watch((), Watcher(), everywhere=True, patterns=[pattern])
    waiting = make("django")
    handle.stop()
    handle._consider_new(signal := make("django"))
    assert not hasattr(signal, "_watching")
    assert handle._nameless.decide(waiting)


def test_receiver_in_the_wrapper_of_a_tool_is_observed_and_muted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    live = DjangoSignal._live_receivers

    def wrapped(receiver: Any) -> Any:
        def call(**kwargs: Any) -> Any:
            return receiver(**kwargs)

        return wraps(receiver)(call)

    def wrap_all(self: Any, sender: Any) -> Any:
        sync, asynchronous = live(self, sender)
        return [*map(wrapped, sync), wrapped(print)], asynchronous

    monkeypatch.setattr(DjangoSignal, "_live_receivers", wrap_all)
    signal: Any = make("django")
    signal.connect(decorated := wrapped(receive))
    calls: list[Call] = []
    with observe(signal, before=calls.append), mute(signal, receivers=[receive]):
        signal.send_robust("sender")
    assert [call.receiver for call in calls][:1] == [decorated]
    assert len(calls) == 2
