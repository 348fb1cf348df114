"""
``mute`` refuses and reports what it can never match, on Django's dispatcher.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypedDict

import pytest
from django.db.models.signals import ModelSignal as DjangoModelSignal
from django.db.models.signals import m2m_changed, post_save
from django.dispatch import Signal as DjangoSignal

from tests.django.shop.models import Pizza, Topping
from typed_signals.django import ModelSignal, Signal
from typed_signals.exceptions import UnconnectedReceiverWarning
from typed_signals.testing import mute

if TYPE_CHECKING:
    from collections.abc import Callable


class Baked(TypedDict):
    pass


pizza_baked = ModelSignal[type[Pizza], Baked]()
KINDS: list[Callable[[], Any]] = [Signal, ModelSignal, DjangoSignal, DjangoModelSignal]


def index(**kwargs: Any) -> str:
    return "index"


def other(**kwargs: Any) -> str:
    return "other"


@pytest.mark.parametrize("signal", [post_save, pizza_baked])
@pytest.mark.parametrize("sender", ["shop.Pizza", Pizza()])
def test_model_signals_are_sent_by_classes(signal: Any, sender: Any) -> None:
    with pytest.raises(TypeError, match=r"^[a-z._]+ is sent by model classes, not by "):
        mute(signal, sender=sender)


def test_relations_are_not_senders() -> None:
    with pytest.raises(TypeError, match=r"by model classes, not by <.*: pass its attribute 'thr"):
        mute(m2m_changed, sender=Pizza.toppings)
    mute(m2m_changed, sender=Pizza.toppings.through)


def test_senders_that_are_accepted() -> None:
    for sender in (Pizza, Topping, object(), None):
        mute(post_save, pizza_baked, sender=sender)
    mute(DjangoSignal(), Signal(), sender=Pizza())


@pytest.mark.parametrize("kind", KINDS)
def test_receivers_that_are_connected_as_others(kind: Callable[[], Any]) -> None:
    signal = kind()
    made = functools.partial(index)
    signal.connect(made)
    with (
        pytest.raises(ValueError, match="what a decorator has made"),
        mute(signal, receivers=[index]),
    ):
        pass
    with (
        pytest.warns(UnconnectedReceiverWarning, match="test_mute_matching.other"),
        mute(signal, receivers=[other]),
    ):
        assert signal.send(Pizza) == [(made, "index")]
    with mute(signal, receivers=[other]):
        signal.connect(other, sender=Topping)
        assert signal.send(Pizza) == [(made, "index")]
