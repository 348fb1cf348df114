"""
The same operations on Django's dispatcher and on ours must have the same results.

The differences in differences.md are omitted in histories or results; a comment names the
entry. ``settings`` are not needed: Django's signals only use ``DEBUG``.
"""

from __future__ import annotations

import gc
import itertools
import logging
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import django
import django.dispatch
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import typed_signals.django
from tests import garbage
from tests.support import PizzaDone
from typed_signals import Signal

from . import worlds
from .worlds import (
    CHANGES,
    Change,
    Connect,
    Disconnect,
    Drop,
    Fail,
    FailedError,
    Halt,
    HasListeners,
    Look,
    Send,
    SetNumber,
    Step,
    Teach,
    World,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# "asend and asend_robust behave as in Django 6.1, with any version of Django", and so do async
# receivers of send and send_robust. With Django 5.2, sync ones are left to compare.
IS_LIKE_OURS = django.VERSION >= (6, 1)
SYNC_METHODS = ("send", "send_robust")
METHODS = (*SYNC_METHODS, *(("asend", "asend_robust") if IS_LIKE_OURS else ()))
RECEIVERS = (*worlds.SYNC_RECEIVERS, *(worlds.ASYNC_RECEIVERS if IS_LIKE_OURS else ()))
# Before 6.0, Django did not detect the death of a sender.
MORTAL_SENDERS = worlds.SENDERS if django.VERSION >= (6, 0) else ()
# Falsy ones count as none; 1 and True are the same.
UIDS = ("uid", "", 0, 1, True, ("uid", 2))

# Receivers that may be confused, or are called in different ways together.
CASTS = [
    ["function", "lambda", "partial"],
    ["listener.receive", "listener.receive_too", "twin.receive"],
    ["object", "function", "cyclic.receive"],
    ["function", *RECEIVERS[-2:]],
]

MAKES: list[Callable[[], Any]] = [
    Signal,
    Signal[object, PizzaDone],
    typed_signals.django.Signal,
]

ON_DJANGO: list[Callable[..., Any]] = [
    typed_signals.django.Signal,
    typed_signals.django.Signal[object, PizzaDone],
    typed_signals.django.ModelSignal[object, PizzaDone],
]


# Steps with numbers instead of names, so that they are created once and not for each history,
# which would take longer than running it.
_number = st.integers(0, 3)
_maybe = st.none() | _number
_connect = st.builds(Connect, receiver=_number, sender=_maybe, weak=st.booleans())
_connect_by_uid = st.builds(
    Connect, receiver=_number, sender=_maybe, weak=st.booleans(), uid=_number
)
_disconnect = st.builds(Disconnect, receiver=_number, sender=_maybe)
_disconnect_by_uid = st.builds(Disconnect, receiver=_maybe, sender=_maybe, uid=_number)
_ask = st.builds(HasListeners, sender=_number)
_drop = st.builds(Drop, name=_number)
_set = st.builds(SetNumber, st.integers(1, 9))
_fail = st.builds(Fail, st.sampled_from([FailedError, Halt]))
_change = st.builds(Change, how=st.sampled_from(sorted(CHANGES)), first=_number, last=_number)


def _send(methods: Sequence[str]) -> st.SearchStrategy[Send]:
    return st.builds(
        Send,
        method=st.sampled_from(methods),
        sender=_number,
        note=st.none() | st.just("hot"),
        by_keyword=st.booleans(),
    )


def _one_of(*choices: tuple[int, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """
    One of *choices*, with the number before it as its weight.
    """
    each = [choice for times, choice in choices for _ in range(times)]
    return st.integers(0, len(each) - 1).flatmap(each.__getitem__)


_changes = (
    (3, _connect),
    (1, _connect_by_uid),
    (2, _disconnect),
    (1, _disconnect_by_uid),
    (1, _drop),
)
_in_receiver = _one_of(*_changes, (2, _send(SYNC_METHODS)), (2, _set), (5, _fail), (1, _ask))
_teach = st.builds(
    Teach, receiver=_number, script=st.lists(_in_receiver, min_size=1, max_size=3).map(tuple)
)
_steps = (
    *_changes,
    (8, _send(METHODS)),
    (3, _teach),
    (1, _set),
    (1, _ask),
    (1, st.just(Look())),
)
_step = _one_of(*_steps)
_step_or_change = _one_of(*_steps, (8, _change))


def _few(names: Sequence[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)


def _filled_in(step: Step, names: dict[str, list[Any]]) -> Step:
    """
    Return *step* with names instead of numbers.
    """
    values = {field.name: getattr(step, field.name) for field in fields(step)}
    for key in names.keys() & values.keys():
        if values[key] is not None:
            values[key] = names[key][values[key] % len(names[key])]
    if isinstance(step, Teach):
        values["script"] = tuple(_filled_in(each, names) for each in step.script)
    return type(step)(**values)


@st.composite
def histories(
    draw: st.DrawFn, senders: Sequence[str | None], step: st.SearchStrategy[Any] = _step
) -> list[Step]:
    """
    Draw a history with few participants, so that they interact.

    Args:
        senders: the possible senders.
        step: the possible steps.
    """
    receivers, few = draw(st.sampled_from(CASTS) | _few(RECEIVERS)), draw(_few(senders))
    mortals = [name.partition(".")[0] for name in receivers]
    mortals += [name for name in few if name in MORTAL_SENDERS]
    names = {"receiver": receivers, "sender": few, "uid": draw(_few(UIDS)), "name": mortals}
    # Lists of lists, because lists are rarely long.
    most = max(1, settings().stateful_step_count // 4)
    chapters = draw(st.lists(st.lists(step, max_size=10), min_size=1, max_size=most))
    first = draw(st.lists(_connect, max_size=3))
    steps = [step for chapter in (first, *chapters, [Look()]) for step in chapter]
    return [_filled_in(step, names) for step in steps]


@pytest.fixture
def tell(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[object]]:
    """
    A function that records the results of a signal.
    """
    listening: list[World] = []

    def hear(record: logging.LogRecord) -> bool:
        listening[-1].hear(record)
        return False  # no other receivers may be called

    for name in ("django.dispatch", "typed_signals"):
        monkeypatch.setattr(logging.getLogger(name), "filters", [hear])

    def tell(signal: Any, history: Sequence[Step], senders: Sequence[str | None]) -> list[object]:
        world = World(signal, senders)
        listening.append(world)
        # The collector only runs when the world calls it, and only checks the objects of the world.
        gc.collect()
        garbage.freeze()
        gc.disable()
        try:
            world.play(history)
        finally:
            gc.enable()
        return listening.pop().story

    return tell


# differences.md: "A receiver that is garbage-collected where it was connected".
@pytest.mark.filterwarnings("ignore::typed_signals.exceptions.ReceiverCollectedWarning")
@pytest.mark.usefixtures("each_way_of_sending")
def test_same_operations_have_the_same_results(
    tell: Callable[..., list[object]], step: Callable[[], None]
) -> None:
    mortal: list[str | None] = list(worlds.SENDERS)
    # differences.md: "Any object can be a sender", and equal ones are different; not so in
    # Django with caching.
    anybody = [None, *mortal, *worlds.SPECIAL_SENDERS]
    number = itertools.count(1)

    @given(
        case=st.tuples(st.just(value=False), st.just(anybody), histories(anybody))
        | st.tuples(st.just(value=True), st.just(mortal), histories(mortal))
    )
    def check(case: tuple[bool, list[str | None], list[Step]]) -> None:
        step()
        if next(number) % 100 == 0:
            # Many objects died since the freeze; checking all objects takes long.
            garbage.unfreeze()
            gc.collect()
        use_caching, senders, history = case
        expected = tell(django.dispatch.Signal(use_caching=use_caching), history, senders)
        for make in MAKES:
            for ours, theirs in zip(tell(make(), history, senders), expected, strict=True):
                assert ours == theirs

    check()


@pytest.mark.usefixtures("each_way_of_sending")
@pytest.mark.parametrize("use_caching", [False, True])
def test_tools_change_the_receivers_of_both_alike(
    use_caching: bool, tell: Callable[..., list[object]], step: Callable[[], None]
) -> None:
    # With caching, Django needs senders that can be weakly referenced; for models, not a string.
    senders = [*worlds.SENDERS, *([] if use_caching else [None, "pair", "twin pair"])]
    number = itertools.count(1)

    @given(history=histories(senders, _step_or_change))
    def check(history: list[Step]) -> None:
        step()
        if next(number) % 100 == 0:
            garbage.unfreeze()
            gc.collect()
        expected = tell(django.dispatch.Signal(use_caching=use_caching), history, senders)
        for make in ON_DJANGO:
            story = tell(make(use_caching=use_caching), history, senders)
            for ours, theirs in zip(story, expected, strict=True):
                assert ours == theirs

    check()
