"""
Signals that are watched do the same as Django's that are not, in random histories.
"""

from __future__ import annotations

import gc
import itertools
from typing import TYPE_CHECKING, Any

import django.dispatch
import pytest
from hypothesis import given

import typed_signals.django
from tests import garbage
from tests.support import PizzaDone
from typed_signals import Signal
from typed_signals._watch import Call, Sent, Watcher, watch

from . import worlds
from .test_like_django import histories, tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from .worlds import Step

__all__ = ["tell"]

MAKES: list[Callable[[], Any]] = [
    Signal[object, PizzaDone],
    django.dispatch.Signal,
    typed_signals.django.Signal[object, PizzaDone],
]


class Observing(Watcher):
    """
    Is told of calls, and keeps nothing alive.
    """

    def __init__(self) -> None:
        self.before_minus_after = self.sends = 0

    def before(self, _call: Call) -> None:
        self.before_minus_after += 1

    def after(self, _call: Call) -> None:
        self.before_minus_after -= 1


class Forgetting(Observing):
    """
    Is told of sends, too.
    """

    def sent(self, record: Sent[Any, Any]) -> None:
        assert (record.responses is None) is (record.error is not None)
        self.sends += 1


# differences.md: "A receiver that is garbage-collected where it was connected".
@pytest.mark.filterwarnings("ignore::typed_signals.exceptions.ReceiverCollectedWarning")
@pytest.mark.parametrize(
    ("watcher_class", "everywhere"), [(Observing, True), (Forgetting, True), (Forgetting, False)]
)
def test_watched_signals_do_what_djangos_do(
    watcher_class: type[Observing],
    everywhere: bool,
    tell: Callable[..., list[object]],
    step: Callable[[], None],
) -> None:
    senders: list[str | None] = [*worlds.SENDERS]
    number = itertools.count(1)

    @given(history=histories(senders))
    def check(history: list[Step]) -> None:
        step()
        if next(number) % 100 == 0:
            garbage.unfreeze()
            gc.collect()
        expected = tell(django.dispatch.Signal(), history, senders)
        for make in MAKES:
            signal, watcher = make(), watcher_class()
            with watch([signal], watcher, everywhere=everywhere):
                story = tell(signal, history, senders)
            for watched, usual in zip(story, expected, strict=True):
                assert watched == usual
            assert watcher.before_minus_after == 0

    check()
