"""
Counts the instructions of a send and a connect, to detect slow paths.

Their time is measured in ``benchmarks``.
"""

from __future__ import annotations

import gc
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

import pytest

from tests.counting import called, executed, instructions
from tests.support import unchecked
from typed_signals import Signal, observe

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("generated_sends")


class Baked(TypedDict):
    toppings: list[str]
    size: int


class BakedWithNote(Baked):
    note: NotRequired[str]
    price: NotRequired[int]


class Sender:
    pass


class Eater:
    def eat(self, sender: object, toppings: object, size: object, **kwargs: object) -> None: ...


def make_function() -> Callable[..., None]:
    def eat(sender: object, toppings: object, size: object, **kwargs: object) -> None: ...

    return eat


class ByHand:
    """
    The code without a library.
    """

    def __init__(self, receivers: list[Callable[..., Any]]) -> None:
        self.receivers = receivers

    def send(self, sender: object, toppings: object, size: object) -> object:
        return [
            (receiver, receiver(signal=self, sender=sender, toppings=toppings, size=size))
            for receiver in self.receivers
        ]


class ByHandOnObjects:
    """
    The code without a library, for methods.
    """

    def __init__(self, objects: list[Eater]) -> None:
        self.objects = objects

    def send(self, sender: Any, toppings: Any, size: Any) -> object:
        return [
            (method := each.eat, method(signal=self, sender=sender, toppings=toppings, size=size))
            for each in self.objects
        ]


def send_of(signal: Any, method: str = "send", **more: Any) -> Callable[[], object]:
    """
    Return a send of *signal* that was done before.
    """
    send = partial(lambda: getattr(signal, method)(sender=Sender, toppings=[], size=32, **more))
    for _ in range(3):
        send()
    return send


def connected(signal: Any, receivers: list[Callable[..., Any]], sender: object = None) -> Any:
    for receiver in receivers:
        signal.connect(receiver, sender=sender)
    return signal


def baked() -> Any:
    return Signal[type[Sender], Baked]()


@pytest.mark.parametrize("method", ["send", "send_robust"])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 6, 50])
@pytest.mark.parametrize("make_receiver", [make_function, lambda: Eater().eat])
def test_send_to_functions_or_methods_calls_nothing_but_itself(
    method: str, count: int, make_receiver: Callable[[], Callable[..., Any]]
) -> None:
    receivers = [make_receiver() for _ in range(count)]
    assert called(send_of(connected(baked(), receivers), method)) == {method: 1}


@pytest.mark.parametrize("more", [{}, {"note": "hot"}, {"note": "hot", "price": 9}])
def test_optional_keys_cost_one_more_function(more: dict[str, Any]) -> None:
    receivers = [make_function() for _ in range(5)]
    signal = connected(Signal[type[Sender], BakedWithNote](), receivers)
    assert called(send_of(signal, **more)) == {"send": 2}


def test_untyped_send_costs_one_more_function() -> None:
    receivers = [make_function() for _ in range(5)]
    assert called(send_of(connected(Signal(), receivers))) == {"send": 2}


def test_send_to_receivers_of_one_sender_does_one_lookup() -> None:
    receivers = [make_function() for _ in range(5)]
    signal = connected(baked(), receivers, sender=Sender)
    assert called(send_of(signal)) == {"send": 1, "live": 1}


# Many references are followed in a separate loop.
@pytest.mark.parametrize(("count", "at_most"), [(1, 2.3), (5, 1.7), (50, 2.0)])
def test_send_executes_little_more_than_a_loop_by_hand(count: int, at_most: float) -> None:
    receivers: list[Callable[..., Any]] = [make_function() for _ in range(count)]
    by_hand = ByHand(receivers)
    ours = instructions(send_of(connected(baked(), receivers)))
    theirs = executed(send_of(by_hand), (__file__,))
    assert ours <= at_most * (theirs["send"] + theirs["<listcomp>"])


# A method is created from two references.
@pytest.mark.parametrize(("count", "at_most"), [(1, 2.4), (5, 1.85), (50, 2.0)])
def test_send_to_methods_executes_little_more_than_a_loop_by_hand(
    count: int, at_most: float
) -> None:
    eaters = [Eater() for _ in range(count)]
    by_hand = ByHandOnObjects(eaters)
    ours = instructions(send_of(connected(baked(), [eater.eat for eater in eaters])))
    theirs = executed(send_of(by_hand), (__file__,))
    assert ours <= at_most * (theirs["send"] + theirs["<listcomp>"])


def test_send_without_receivers_executes_no_more_before_and_after() -> None:
    signal = baked()
    never_connected = instructions(send_of(signal))
    assert never_connected <= 25
    signal.connect(receiver := make_function())
    signal.disconnect(receiver)
    send_of(signal)()
    assert instructions(send_of(signal)) == never_connected


def test_signal_has_no_dictionary_that_slows_down_the_search_for_its_methods() -> None:
    signal = baked()
    signal.send(Sender, toppings=[], size=32)
    assert type(signal) is not Signal
    assert dict not in map(type, gc.get_referents(signal))
    assert signal.__dict__ == {}
    assert dict in map(type, gc.get_referents(signal))


@pytest.mark.parametrize("method", ["send", "send_robust"])
def test_observing_costs_nothing_before_and_after(method: str) -> None:
    receivers = [make_function() for _ in range(5)]
    signal = connected(baked(), receivers)
    send = send_of(signal, method)
    before = instructions(send)
    told: list[object] = []
    for observed in (signal, "nowhere.*"):
        with observe(observed, after=told.append):
            send()
        send()  # which finds the generated method again
        assert called(send) == {method: 1}
        assert instructions(send) == before
    assert len(told) == 5


def test_send_cost_does_not_depend_on_the_number_of_senders() -> None:
    costs = set()
    for number in (10, 1_000):
        signal = baked()
        senders = [type("Sender", (), {}) for _ in range(number)]
        receivers = [make_function() for _ in senders]
        for sender, receiver in zip(senders, receivers, strict=True):
            signal.connect(receiver, sender=sender)
            signal.send(sender=sender, toppings=[], size=32)
        send = partial(signal.send, sender=senders[number // 2], toppings=[], size=32)
        costs.add(instructions(send))
    assert len(costs) == 1


def test_connect_cost_does_not_depend_on_the_number_of_receivers() -> None:
    costs = set()
    for number in (10, 1_000):
        receivers: list[Callable[..., Any]] = [make_function() for _ in range(number)]
        signal = connected(baked(), receivers)
        costs.add(instructions(partial(signal.connect, make_function(), weak=False)))
    assert len(costs) == 1


@pytest.mark.parametrize("receiver", [make_function(), Eater().eat])
def test_connect_checks_a_plain_receiver_without_inspect(
    receiver: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "inspect", None)
    signal = baked()
    signal.connect(receiver, weak=False)
    assert len(signal.receivers) == 1


def test_connecting_again_costs_a_lookup() -> None:
    signal = baked()
    eat = make_function()
    first = instructions(partial(signal.connect, eat))
    assert instructions(partial(signal.connect, eat)) < first / 4


def test_slow_path_is_detected() -> None:
    class Traced(Signal[type[Sender], Baked]):
        def send(self, sender: Any, **payload: Any) -> Any:
            return Signal.send(self, sender, **unchecked(payload))

    receivers: list[Callable[..., Any]] = [make_function() for _ in range(5)]
    fast, slow = connected(baked(), receivers), connected(Traced(), receivers)
    assert called(send_of(slow)).total() > called(send_of(fast)).total()
    assert instructions(send_of(slow)) > 1.2 * instructions(send_of(fast))
