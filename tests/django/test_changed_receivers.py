"""
Code that changes ``signal.receivers``: the next send calls what is there.

The property tests compare any such changes with Django's signals. These are what public projects
and their tests do, before the first send, after one, and after the send methods were generated.
"""

from __future__ import annotations

import asyncio
import copy
import operator
import threading
from typing import TYPE_CHECKING, Any, Final, TypedDict
from unittest import mock

import pytest
from django.dispatch import Signal as DjangoSignal

from typed_signals.django import ModelSignal, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.any_python

# Longer than anything here takes: then there is a deadlock.
DEADLOCK: Final = 30


class PizzaDone(TypedDict):
    size: int


class Store: ...


class OtherStore: ...


class OwnSignal(Signal[Any, PizzaDone]): ...


MAKES: Final[dict[str, Callable[[], Any]]] = {
    "declared": Signal[Any, PizzaDone],
    "undeclared": Signal,
    "caching": lambda: Signal[Any, PizzaDone](use_caching=True),
    "of models": ModelSignal[Any, PizzaDone],
    "of models, caching": lambda: ModelSignal[Any, PizzaDone](use_caching=True),
    "of a subclass": OwnSignal,
}


@pytest.fixture(params=MAKES)
def signal(request: pytest.FixtureRequest) -> Any:
    return MAKES[request.param]()


@pytest.fixture(params=[0, 1, 12], ids=["first-send", "second-send", "generated"], autouse=True)
def sent_before(request: pytest.FixtureRequest) -> Any:
    return request.param


def first(**kwargs: Any) -> str:
    return "first"


def second(**kwargs: Any) -> str:
    return "second"


def third(**kwargs: Any) -> str:
    return "third"


def fake(**kwargs: Any) -> str:
    return "fake"


async def await_sends(signal: Any, sender: object) -> list[Any]:
    return [await signal.asend(sender, size=30), await signal.asend_robust(sender, size=30)]


def called(signal: Any, sender: object = Store) -> list[Any]:
    """
    Return the receivers that every send method calls, in order.
    """
    responses = signal.send(sender, size=30)
    assert signal.send_robust(sender, size=30) == responses
    assert asyncio.run(await_sends(signal, sender)) == [responses, responses]
    assert signal.has_listeners(sender) == bool(responses)
    return [receiver for receiver, _ in responses]


@pytest.fixture
def connected(signal: Any, sent_before: int) -> Any:
    """
    The signal with ``first`` for any sender and ``second`` for Store, after some sends.
    """
    signal.connect(first)
    signal.connect(second, sender=Store)
    for _ in range(sent_before):
        assert called(signal) == [first, second]
        assert called(signal, OtherStore) == [first]
    return signal


def clear_cache(signal: Any) -> None:
    """
    Make a caching signal look at its receivers again, which Django requires.
    """
    signal.sender_receivers_cache.clear()


# Muted


def test_emptied_list_is_filled_again(connected: Any) -> None:
    signal = connected
    saved = signal.receivers[:]
    del signal.receivers[:]
    clear_cache(signal)
    assert called(signal) == []
    signal.connect(fake)
    signal.connect(third)
    assert called(signal) == [fake, third]
    # As many as before.
    signal.receivers[:] = saved
    clear_cache(signal)
    assert called(signal) == [first, second]
    assert called(signal, OtherStore) == [first]


def test_other_receivers_of_the_same_number_are_put_in_place(connected: Any) -> None:
    signal = connected
    saved = signal.receivers[:]
    signal.receivers.clear()
    signal.connect(third)
    signal.connect(fake, sender=Store)
    others = signal.receivers[:]
    for entries, expected in [(saved, [first, second]), (others, [third, fake])] * 3:
        signal.receivers[:] = entries
        clear_cache(signal)
        assert called(signal) == expected
        assert called(signal, OtherStore) == expected[:1]


def test_list_is_replaced_for_a_while(connected: Any) -> None:
    signal = connected
    kept, signal.receivers = signal.receivers, []
    clear_cache(signal)
    for _ in range(12):
        assert called(signal) == []
    signal.connect(fake)
    for _ in range(12):
        assert called(signal) == [fake]
    assert signal.disconnect(fake)
    assert not signal.disconnect(first)
    assert called(signal) == []
    signal.receivers = kept
    clear_cache(signal)
    assert called(signal) == [first, second]
    signal.connect(third)
    assert called(signal) == [first, second, third]


def test_receivers_connected_while_it_is_muted_come_last(connected: Any) -> None:
    signal = connected
    with signal.lock:
        paused, signal.receivers = signal.receivers, []
    clear_cache(signal)
    signal.connect(third)
    with signal.lock:
        signal.receivers = paused + signal.receivers
    clear_cache(signal)
    assert called(signal) == [first, second, third]
    assert signal.disconnect(first)
    assert called(signal) == [second, third]


def test_muted_twice(connected: Any) -> None:
    signal = connected
    outer, signal.receivers = signal.receivers, []
    signal.connect(third)
    inner, signal.receivers = signal.receivers, []
    assert called(signal) == []
    signal.receivers = inner + signal.receivers
    clear_cache(signal)
    assert called(signal) == [third]
    signal.receivers = outer + signal.receivers
    clear_cache(signal)
    assert called(signal) == [first, second, third]


def test_receivers_are_patched(connected: Any) -> None:
    signal = connected
    with mock.patch.object(signal, "receivers", []):
        clear_cache(signal)
        assert called(signal) == []
        signal.connect(fake)
        assert called(signal) == [fake]
    clear_cache(signal)
    assert called(signal) == [first, second]
    signal.connect(third)
    assert called(signal) == [first, second, third]


def test_receivers_are_patched_by_pytest(connected: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    signal = connected
    with monkeypatch.context() as patches:
        patches.setattr(signal, "receivers", signal.receivers[1:])
        clear_cache(signal)
        assert called(signal) == [second]
    clear_cache(signal)
    assert called(signal) == [first, second]


def test_muted_in_a_receiver(connected: Any) -> None:
    signal = connected
    responses: list[object] = []

    def mute(**kwargs: Any) -> None:
        saved = signal.receivers[:]
        del signal.receivers[:]
        clear_cache(signal)
        responses.append(called_at_once(signal))
        signal.receivers[:] = saved
        clear_cache(signal)

    signal.connect(mute)
    for _ in range(2):
        assert called_at_once(signal) == [first, second, mute]
    assert responses == [[], []]


def called_at_once(signal: Any, sender: object = Store) -> list[Any]:
    return [receiver for receiver, _ in signal.send(sender, size=30)]


def test_muted_in_one_thread_while_others_send(signal: Any, sent_before: int) -> None:
    signal.connect(first)
    signal.connect(second, sender=Store)
    for _ in range(sent_before):
        called_at_once(signal)
    seen: list[list[Any]] = []
    failures: list[BaseException] = []
    is_over = threading.Event()

    def send() -> None:
        try:
            while not is_over.is_set():
                seen.append(called_at_once(signal))
        except BaseException as failure:  # noqa: BLE001 - asserted below
            failures.append(failure)

    senders = [threading.Thread(target=send) for _ in range(3)]
    for each in senders:
        each.start()
    try:
        for _ in range(100):
            saved = signal.receivers[:]
            del signal.receivers[:]
            clear_cache(signal)
            assert called_at_once(signal) == []
            signal.connect(fake)
            assert called_at_once(signal) == [fake]
            signal.receivers[:] = saved
            clear_cache(signal)
            kept, signal.receivers = signal.receivers, []
            clear_cache(signal)
            assert called_at_once(signal) == []
            signal.receivers = kept
            clear_cache(signal)
    finally:
        is_over.set()
        for each in senders:
            each.join(DEADLOCK)
    assert failures == []
    # Without the lock, a send may also see a part of the list.
    assert {tuple(each) for each in seen} <= {(), (fake,), (first,), (first, second)}
    clear_cache(signal)
    assert called(signal) == [first, second]


# Each way to change a list

CHANGES: Final[dict[str, tuple[Callable[[Any], object], list[Any]]]] = {
    "append": (lambda entries: entries.append(entries[0]), [first, second, third, first]),
    "extend": (lambda entries: entries.extend(entries[:2]), [first, second, third, first, second]),
    "insert": (lambda entries: entries.insert(0, entries[2]), [third, first, second, third]),
    "+=": (
        lambda entries: entries.__iadd__(entries[1:]),
        [first, second, third, second, third],
    ),
    "*=": (lambda entries: entries.__imul__(2), [first, second, third] * 2),
    "*= 0": (lambda entries: entries.__imul__(0), []),
    "pop": (lambda entries: entries.pop(), [first, second]),
    "pop from the start": (lambda entries: entries.pop(0), [second, third]),
    "remove": (lambda entries: entries.remove(entries[1]), [first, third]),
    "del": (lambda entries: operator.delitem(entries, 1), [first, third]),
    "del from the end": (lambda entries: operator.delitem(entries, -1), [first, second]),
    "del a slice": (lambda entries: operator.delitem(entries, slice(1, None)), [first]),
    "del every other": (lambda entries: operator.delitem(entries, slice(None, None, 2)), [second]),
    "clear": (lambda entries: entries.clear(), []),
    "item": (lambda entries: operator.setitem(entries, 0, entries[2]), [third, second, third]),
    "slice": (lambda entries: operator.setitem(entries, slice(0, 1), []), [second, third]),
    "every other": (
        lambda entries: operator.setitem(entries, slice(None, None, 2), entries[::-2]),
        [third, second, first],
    ),
    "reverse": (lambda entries: entries.reverse(), [third, second, first]),
    "sort": (
        lambda entries: entries.sort(key=lambda entry: entry[1]().__name__, reverse=True),
        [third, second, first],
    ),
    "__init__": (lambda entries: entries.__init__(entries[1:]), [second, third]),
}


@pytest.mark.parametrize("how", CHANGES)
def test_every_change_of_the_list_is_noticed(connected: Any, how: str, sent_before: int) -> None:
    signal = connected
    signal.connect(third)
    for sender in (Store, OtherStore) * sent_before:
        called_at_once(signal, sender)
    change, expected = CHANGES[how]
    change(signal.receivers)
    clear_cache(signal)
    assert called(signal) == expected
    assert called(signal, OtherStore) == [each for each in expected if each is not second]
    signal.connect(fake)
    assert called(signal) == [*expected, fake]


def test_entries_are_those_of_django(connected: Any) -> None:
    signal = connected
    djangos: Any = DjangoSignal()
    djangos.connect(first)
    djangos.connect(second, sender=Store)
    assert signal.receivers == djangos.receivers
    assert djangos.receivers == signal.receivers
    assert isinstance(signal.receivers, list)
    assert repr(signal.receivers[0][0]) == repr(djangos.receivers[0][0])
    assert signal.receivers[:] + signal.receivers == djangos.receivers * 2
    assert signal.receivers + djangos.receivers == djangos.receivers + signal.receivers
    assert [entry[1]() for entry in signal.receivers] == [first, second]


def test_entries_of_another_signal_are_copied(connected: Any, signal: Any) -> None:
    djangos: Any = DjangoSignal()
    djangos.connect(third)
    djangos.connect(fake, sender=Store)
    signal.receivers += djangos.receivers
    clear_cache(signal)
    assert called(signal) == [first, second, third, fake]
    djangos.receivers[:] = signal.receivers
    assert [each for each, _ in djangos.send(Store, size=30)] == [first, second, third, fake]
    signal.receivers = djangos.receivers
    clear_cache(signal)
    assert djangos.disconnect(first)
    clear_cache(signal)
    assert called(signal) == [second, third, fake]


def test_list_that_was_assigned_is_changed_later(connected: Any) -> None:
    signal = connected
    entries = list(signal.receivers)
    signal.receivers = entries
    clear_cache(signal)
    for _ in range(12):
        assert called(signal) == [first, second]
    assert signal.receivers is entries
    del entries[0]
    clear_cache(signal)
    assert called(signal) == [second]
    entries.reverse()
    entries.append(entries[0])
    clear_cache(signal)
    assert called(signal) == [second, second]


def test_list_that_was_replaced_is_changed_later(connected: Any) -> None:
    signal = connected
    old = signal.receivers
    signal.receivers = old[:1]
    clear_cache(signal)
    assert called(signal) == [first]
    old.clear()
    assert called(signal) == [first]
    signal.receivers = old
    clear_cache(signal)
    assert called(signal) == []
    signal.connect(third)
    assert [entry[1]() for entry in old] == [third]
    assert called(signal) == [third]


def test_two_signals_share_a_list(connected: Any, signal: Any) -> None:
    other: Any = Signal()
    other.receivers = signal.receivers
    assert called(other) == [first, second]
    other.connect(third)
    clear_cache(signal)
    assert called(signal) == [first, second, third]
    assert signal.disconnect(first)
    assert called(other) == [second, third]
    other.receivers.reverse()
    clear_cache(signal)
    assert called(signal) == called(other) == [third, second]


def test_copy_of_a_signal_shares_its_list(connected: Any) -> None:
    signal = connected
    other = copy.copy(signal)
    assert other.receivers is signal.receivers
    assert called(other) == [first, second]
    other.connect(third)
    clear_cache(signal)
    assert called(signal) == called(other) == [first, second, third]
    assert signal.disconnect(first)
    clear_cache(other)
    assert called(signal) == called(other) == [second, third]


def test_other_sequences_are_assigned(connected: Any) -> None:
    signal = connected
    signal.receivers = tuple(signal.receivers)
    clear_cache(signal)
    assert called(signal) == [first, second]
    signal.receivers = ()
    clear_cache(signal)
    assert called(signal) == []


def test_cache_is_changed(connected: Any) -> None:
    signal = connected
    signal.sender_receivers_cache.clear()
    assert called(signal) == [first, second]
    signal.sender_receivers_cache = type(signal.sender_receivers_cache)()
    assert called(signal) == [first, second]
    signal.connect(third)
    assert called(signal) == [first, second, third]
