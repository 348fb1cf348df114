"""
A signal that is copied or pickled while it is watched: the copy is not watched.
"""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any

import blinker
import pytest
from django.dispatch import Signal as DjangoSignal

from typed_signals import Call, observe
from typed_signals.django import Signal

if TYPE_CHECKING:
    from collections.abc import Callable


def receive(_sender: object = None, **_kwargs: object) -> int:
    return 1


class Named(blinker.NamedSignal):  # type: ignore[misc]  # it may not be installed
    __slots__ = ("extra",)


class WithArguments(blinker.Signal):  # type: ignore[misc]  # it may not be installed
    def __reduce__(self) -> Any:
        return type(self), ("A doc.",)


def pickled(signal: Any, protocol: int) -> Any:
    return pickle.loads(pickle.dumps(signal, protocol))  # noqa: S301 - ours


@pytest.mark.parametrize(
    ("signal", "copied"),
    [
        *((make(), copy.copy) for make in (DjangoSignal, Signal, blinker.Signal)),
        (blinker.NamedSignal("sold"), copy.deepcopy),
        *((Named("sold"), lambda signal, p=p: pickled(signal, p)) for p in (2, 5)),
        (blinker.Signal(), lambda signal: pickled(signal, 0)),
        (WithArguments(), copy.copy),
    ],
    ids=lambda value: type(value).__name__,
)
def test_copy_is_what_it_is_without_watching(signal: Any, copied: Callable[[Any], Any]) -> None:
    signal.connect(receive, weak=False)
    if isinstance(signal, Named):
        signal.extra = "extra"
    plain = copied(signal)
    calls: list[Call] = []
    with observe(signal, after=calls.append):
        for _ in range(12):  # ours has a generated method then
            signal.send(None)
        other = copied(signal)
        calls.clear()
        if not isinstance(signal, Signal):  # which is generated
            assert type(other) is type(plain)
        assert len(other.send(None)) == len(plain.send(None))
        assert not calls
    assert other.__dict__.keys() == plain.__dict__.keys()
    assert getattr(other, "extra", None) == getattr(plain, "extra", None)
    signal.send(None)
    other.send(None)
    assert not calls


def test_signal_that_reduces_itself_to_a_name_is_the_same_object() -> None:
    class Single(blinker.Signal):  # type: ignore[misc]  # it may not be installed
        def __reduce__(self) -> str:
            return "sold"

    signal = Single()
    with observe(signal, after=print):
        assert copy.copy(signal) is signal


def with_own_copies(cls: Any) -> Any:
    """
    Return a subclass that copies itself as many classes do.
    """

    class Copied(cls):  # type: ignore[misc]  # which class it is, is only known at run time
        def __copy__(self) -> Any:
            new = type(self).__new__(type(self))
            new.__dict__.update(vars(self))
            if isinstance(self, DjangoSignal):
                new.receivers = list(self.receivers)
            return new

        def __deepcopy__(self, memo: dict[int, Any]) -> Any:
            # What it returns is up to the class.
            return memo.get(0, self)

    return Copied


@pytest.mark.parametrize("sends", [0, 12])
@pytest.mark.parametrize("cls", [DjangoSignal, Signal, blinker.Signal])
def test_class_may_copy_its_signals_itself(cls: Any, sends: int) -> None:
    signal = with_own_copies(cls)()
    signal.connect(receive, weak=False)
    calls: list[Call] = []
    with observe(signal, after=calls.append):
        for _ in range(sends):
            signal.send(None)
        calls.clear()
        other = copy.copy(signal)
        assert len(other.send(None)) == 1
        assert not calls
        assert copy.deepcopy(signal) is signal
        assert copy.deepcopy(signal, {0: "nothing like it"}) == "nothing like it"
        signal.send(None)
        assert len(calls) == 1
        # What observes the signal does not observe the copy.
        with observe(other, after=lambda _call: None):
            other.send(None)
        assert len(calls) == 1
    assert vars(other).keys() == vars(copy.copy(signal)).keys()
    assert type(other) is type(copy.copy(signal))
