"""
``isolate`` on Django's dispatcher: our signals and Django's own.
"""

from __future__ import annotations

import contextlib
import gc
from typing import TYPE_CHECKING, Any

import pytest
from django.db.models.signals import ModelSignal as DjangoModelSignal
from django.dispatch import Signal as DjangoSignal
from factory.django import mute_signals

from tests.connected import Sender, connect_three, first, responses, second, third
from tests.django.shop.models import Pizza
from tests.support import unchecked
from typed_signals._connect import changes
from typed_signals.django import ModelSignal, Signal
from typed_signals.testing import isolate

if TYPE_CHECKING:
    from collections.abc import Callable


muted: Any = mute_signals

KINDS: list[Callable[[], Any]] = [
    Signal,
    ModelSignal,
    DjangoSignal,
    DjangoModelSignal,
    lambda: Signal(use_caching=True),
    lambda: DjangoSignal(use_caching=True),
]


@pytest.fixture(
    params=KINDS, ids=["ours", "our-model", "django", "model", "ours-cached", "django-cached"]
)
def signal(request: pytest.FixtureRequest) -> Any:
    return connect_three(request.param())


@pytest.mark.parametrize("is_named", [True, False])
def test_everything_is_restored(signal: Any, is_named: bool) -> None:
    before = list(signal.receivers)
    assert responses(signal, Sender) == ["first", "second", "third"]
    with isolate(*[signal] if is_named else []):
        assert signal.disconnect(third, dispatch_uid="third")
        assert signal.disconnect(first)
        assert not signal.disconnect(first)
        assert responses(signal, Sender) == ["second"]
        signal.connect(first, weak=False)
        signal.connect(third, sender=Sender)
        signal.connect(third, sender=Sender)
        assert signal.disconnect(third, sender=Sender)
        signal.connect(third, sender=Sender)
        assert responses(signal, Sender) == ["second", "first", "third"]
    assert all(one is other for one, other in zip(signal.receivers, before, strict=True))
    assert responses(signal, Sender) == ["first", "second", "third"]
    assert responses(signal) == ["first", "third"]


def test_other_signals_are_not_isolated(signal: Any) -> None:
    with isolate(Signal()):
        signal.connect(second)
    assert responses(signal) == ["first", "third", "second"]


def test_what_dies_inside_is_not_connected_again(signal: Any) -> None:
    def receiver(**kwargs: Any) -> None: ...

    signal.connect(receiver)
    with isolate():
        signal.disconnect(receiver)
        del receiver
        gc.collect()
    assert len(signal.receivers) == 3


def test_weak_reference_remains_weak(signal: Any) -> None:
    def receiver(**kwargs: Any) -> str:
        return "weak"

    signal.connect(receiver)
    with isolate():
        signal.disconnect(receiver)
    assert responses(signal) == ["first", "third", "weak"]
    del receiver
    gc.collect()
    assert responses(signal) == ["first", "third"]


def test_muted_signals_of_factory_boy_keep_their_receivers(signal: Any) -> None:
    with isolate():
        with muted(signal):
            signal.connect(second)
            assert responses(signal) == ["second"]
        assert responses(signal) == ["first", "third", "second"]
        signal.disconnect(first)
    assert responses(signal) == ["first", "third"]


def test_blocks_inside_of_factory_boys_block(signal: Any) -> None:
    with muted(signal), isolate():
        signal.connect(second)
        assert responses(signal) == ["second"]
    assert responses(signal) == ["first", "third"]


def test_tool_may_store_anything(signal: Any) -> None:
    before = list(signal.receivers)
    with isolate():
        signal.disconnect(first)
        signal.receivers.insert(0, ["nonsense"])
        with contextlib.suppress(Exception):  # of Django's own
            signal.connect(second)
        signal.receivers.remove(["nonsense"])
    assert signal.receivers == before


def test_tool_may_undo_it_before(signal: Any) -> None:
    before = list(signal.receivers)
    with isolate():
        signal.connect(second)
        signal.disconnect(first)
        signal.receivers[:] = before
    assert signal.receivers == before


def test_hooked_methods_do_nothing_after_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    signal: Any = DjangoSignal()
    with monkeypatch.context() as patch:
        with isolate():
            for name in ("connect", "disconnect"):
                patch.setattr(DjangoSignal, name, getattr(DjangoSignal, name))
                hook = vars(DjangoSignal)[name]
                patch.setattr(DjangoSignal, name, lambda *args, hook=hook: hook(*args))
        signal.connect(first)
        assert signal.disconnect(first)
        assert signal.receivers == []
        signal.connect(first)
        with isolate():
            signal.connect(second)
            assert signal.disconnect(first)
        assert responses(signal) == ["first"]
    assert changes.replaced
    with isolate():
        pass
    assert not changes.replaced


def test_model_signals_take_names(signal: Any) -> None:
    if isinstance(signal, DjangoModelSignal):
        with isolate():
            signal.connect(second, sender="shop.Pizza")
            assert responses(signal, Pizza) == ["first", "third", "second"]
            assert signal.disconnect(first, sender="shop.Pizza") is None
        assert responses(signal, Pizza) == ["first", "third"]


def test_class_of_django_is_restored_and_its_sends_are_not_replaced() -> None:
    connect, disconnect, send = (
        DjangoSignal.connect,
        DjangoSignal.disconnect,
        DjangoSignal.send,
    )
    with isolate():
        assert DjangoSignal.connect is not connect
        assert DjangoSignal.send is send
    assert (DjangoSignal.connect, DjangoSignal.disconnect) == (connect, disconnect)


def test_our_signals_do_not_use_djangos_methods(monkeypatch: pytest.MonkeyPatch) -> None:
    signal: Any = Signal()
    with isolate():
        hook: Any = DjangoSignal.connect
        monkeypatch.setattr(hook.__wrapped__, "__code__", (lambda *args: 1 / 0).__code__)
        signal.connect(first)
    assert responses(signal) == []


def test_replaced_method_of_django_is_called() -> None:
    signal: Any = Signal()
    original = DjangoSignal.connect

    def connect(self: Any, receiver: Any, *args: Any, **kwargs: Any) -> None:
        original(self, receiver, *args, **kwargs)

    DjangoSignal.connect = unchecked(connect)  # type: ignore[method-assign]
    try:
        with isolate():
            signal.connect(first)
            assert responses(signal) == ["first"]
    finally:
        DjangoSignal.connect = original  # type: ignore[method-assign]
    assert responses(signal) == []
