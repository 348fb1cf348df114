"""
Watched signals of classes with their own ``__init_subclass__``, metaclass or layout: no code of
them runs.
"""

from __future__ import annotations

from abc import ABC, ABCMeta
from typing import TYPE_CHECKING, Any, Final

import blinker
import pytest
from django.dispatch import Signal as DjangoSignal

from typed_signals import observe
from typed_signals.django import Signal

if TYPE_CHECKING:
    from typed_signals import Call

ran: Final[list[object]] = []


class Counting(type):
    def __new__(cls, name: str, bases: Any, body: Any, **_options: Any) -> Any:
        ran.append(name)
        return super().__new__(cls, name, bases, body)

    def __init__(cls, name: str, bases: Any, body: Any, *, label: str) -> None:
        ran.append(label)
        super().__init__(name, bases, body)


class CountingABC(ABCMeta):
    def __new__(cls, name: str, bases: Any, body: Any, *, label: str) -> Any:
        ran.append(label)
        return super().__new__(cls, name, bases, body)


class Labelled:
    def __init_subclass__(cls, *, label: str, **kwargs: Any) -> None:
        ran.append(label)
        super().__init_subclass__(**kwargs)


class LabelledFirst(Labelled, DjangoSignal, label="first"): ...


class LabelledLast(DjangoSignal, Labelled, label="last"): ...


class WithSlot(LabelledLast, label="slot"):
    __slots__ = ("slot",)


class Ours(Signal[Any, Any], Labelled, label="ours"): ...


class OfBlinker(Labelled, blinker.NamedSignal, label="blinker"):  # type: ignore[misc]
    pass


class OfMetaclass(DjangoSignal, metaclass=Counting, label="metaclass"): ...


class OursOfMetaclass(Signal[Any, Any], metaclass=Counting, label="ours"): ...


class Abstract(DjangoSignal, ABC): ...


class OfABC(DjangoSignal, metaclass=CountingABC, label="ABC"): ...


def receive(sender: Any, **_kwargs: Any) -> Any:
    return sender


@pytest.fixture(
    params=[
        LabelledFirst,
        LabelledLast,
        WithSlot,
        Ours,
        OfMetaclass,
        OursOfMetaclass,
        Abstract,
        OfABC,
        OfBlinker,
    ]
)
def cls(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_signal_is_watched_without_the_code_of_its_class(cls: Any) -> None:
    signal = cls("name") if cls is OfBlinker else cls()
    signal.connect(receive)
    ran.clear()
    calls: list[Call] = []
    with observe(signal, after=calls.append):
        assert signal.send("sender") == [(receive, "sender")]
        assert isinstance(signal, cls)
        assert not isinstance(5, type(signal))
    assert type(signal) is cls
    signal.send("sender")
    assert [call.response for call in calls] == ["sender"]
    assert ran == []


def test_subclass_of_the_class_of_a_watched_signal_is_a_usual_one(cls: Any) -> None:
    signal = cls("name") if cls is OfBlinker else cls()
    options = {} if cls is Abstract else {"label": "sub"}
    ran.clear()
    with observe(signal, after=print):
        watched_class: Any = type(signal)

        class Sub(watched_class, **options): ...  # type: ignore[misc]

    assert Sub.__mro__ == (Sub, *cls.__mro__)
    assert ran == [*["Sub"] * issubclass(type(cls), Counting), *options.values()]
