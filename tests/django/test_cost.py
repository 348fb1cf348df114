"""
Counts the calls and instructions of sends and connects on Django's dispatcher.

Their time is measured in ``benchmarks``.
"""

from __future__ import annotations

import asyncio
import gc
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypedDict

import pytest
from django import dispatch
from django.apps import apps
from django.db.models.signals import ModelSignal as DjangoModelSignal
from django.db.models.signals import post_save

from tests.counting import OURS, called, instructions
from tests.django.shop.models import Pizza, Topping
from tests.support import unchecked
from typed_signals import observe
from typed_signals.django import ModelSignal, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

# Whatever we call in Django's dispatcher is a cost, too.
FILES: Final = (*OURS, str(Path(dispatch.__file__).parent))
# Where Django and we start and await tasks.
TASKS: Final = tuple(
    str(Path(asyncio.__file__).with_name(f"{name}.py")) for name in ("tasks", "taskgroups")
)

both_ways_of_caching = pytest.mark.parametrize("use_caching", [False, True])
sync_sends = pytest.mark.parametrize("method", ["send", "send_robust"])


class Baked(TypedDict):
    toppings: list[str]
    size: int


class Sender:
    pass


class Eater:
    def eat(self, sender: object, toppings: object, size: object, **kwargs: object) -> None: ...


def make_function() -> Callable[..., None]:
    def eat(sender: object, toppings: object, size: object, **kwargs: object) -> None: ...

    return eat


def make_method() -> Callable[..., None]:
    return Eater().eat


def make_async_function() -> Callable[..., Any]:
    async def eat(sender: object, toppings: object, size: object, **kwargs: object) -> None: ...

    return eat


def baked(use_caching: bool = False) -> Any:
    return Signal[type[Sender], Baked](use_caching)


def connected(signal: Any, receivers: list[Callable[..., Any]], sender: object = None) -> Any:
    for receiver in receivers:
        signal.connect(receiver, sender=sender)
    return signal


def send_of(signal: Any, method: str = "send", sender: Any = Sender) -> Callable[[], Any]:
    """
    Return a send of *signal* that was done often before, so that its code was generated.
    """
    send = partial(getattr(signal, method), sender=sender, toppings=[], size=32)
    for _ in range(20):
        send()
    return partial(lambda: getattr(signal, method)(sender=sender, toppings=[], size=32))


def asend_of(signal: Any) -> Callable[[], Any]:
    """
    Return an ``asend`` of *signal* that was done often before.
    """

    async def asend() -> None:
        await signal.asend(sender=Sender, toppings=[], size=32)

    for _ in range(20):
        asyncio.run(asend())
    return partial(lambda: asyncio.run(asend()))


@both_ways_of_caching
@sync_sends
@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 6, 50])
@pytest.mark.parametrize("make_receiver", [make_function, make_method])
def test_send_to_functions_or_methods_calls_nothing_but_itself(
    make_receiver: Callable[[], Callable[..., Any]], count: int, method: str, use_caching: bool
) -> None:
    receivers = [make_receiver() for _ in range(count)]
    send = send_of(connected(baked(use_caching), receivers), method)
    assert called(send, FILES) == {method: 1}


@both_ways_of_caching
@sync_sends
@pytest.mark.parametrize("make_receiver", [make_function, make_method])
def test_send_to_the_receivers_of_one_model_calls_nothing_but_itself(
    make_receiver: Callable[[], Callable[..., Any]], method: str, use_caching: bool
) -> None:
    signal: Any = ModelSignal[type[Pizza], Baked](use_caching)
    receivers = [make_receiver() for _ in range(5)]
    connected(signal, receivers[:2])
    connected(signal, receivers[2:4], sender=Pizza)
    connected(signal, receivers[4:], sender=Topping)
    for sender, its_receivers in (
        (Pizza, receivers[:4]),
        (Topping, [*receivers[:2], receivers[4]]),
    ):
        send = send_of(signal, method, sender)
        assert [receiver for receiver, _ in send()] == its_receivers
        assert called(send, FILES) == {method: 1}


@pytest.mark.parametrize(("count", "at_most"), [(1, 0.65), (5, 0.55), (50, 0.65)])
@both_ways_of_caching
def test_send_executes_less_than_djangos(use_caching: bool, count: int, at_most: float) -> None:
    receivers = [make_function() for _ in range(count)]
    ours = connected(baked(use_caching), receivers)
    djangos = connected(dispatch.Signal(use_caching), receivers)
    assert instructions(send_of(ours), FILES) <= at_most * instructions(send_of(djangos), FILES)


@both_ways_of_caching
def test_send_cost_does_not_depend_on_the_receivers_of_other_senders(use_caching: bool) -> None:
    costs, costs_without_receivers = set(), set()
    for number in (1, 10, 1_000):
        signal: Any = ModelSignal[Any, Baked](use_caching)
        senders = [type("Sender", (), {}) for _ in range(number)]
        receivers = [make_function() for _ in senders]
        for sender, receiver in zip(senders, receivers, strict=True):
            signal.connect(receiver, sender=sender)
        costs.add(instructions(send_of(signal, sender=senders[number // 2]), FILES))
        costs_without_receivers.add(instructions(send_of(signal, sender=Pizza), FILES))
    assert len(costs) == len(costs_without_receivers) == 1


@both_ways_of_caching
def test_send_to_the_receiver_of_one_model_executes_less_than_djangos(
    use_caching: bool,
) -> None:
    receivers = [make_function()]
    ours = connected(ModelSignal[Any, Baked](use_caching), receivers, Pizza)
    djangos = connected(DjangoModelSignal(use_caching), receivers, Pizza)
    our_cost, djangos_cost = (
        instructions(send_of(signal, sender=Pizza), FILES) for signal in (ours, djangos)
    )
    assert our_cost <= djangos_cost


@pytest.mark.parametrize("signal_class", [Signal, ModelSignal])
def test_connect_cost_does_not_depend_on_the_number_of_receivers(signal_class: Any) -> None:
    costs = set()
    for number in (10, 1_000):
        receivers = [make_function() for _ in range(number)]
        signal = connected(signal_class[Any, Baked](), receivers)
        costs.add(instructions(partial(signal.connect, make_function(), weak=False), FILES))
    assert len(costs) == 1


def test_connect_with_the_check_executes_about_twice_as_much_as_djangos() -> None:
    receivers = [make_function() for _ in range(10)]
    ours, djangos = (
        instructions(partial(connected(signal, receivers).connect, make_function()), FILES)
        for signal in (baked(), dispatch.Signal())
    )
    assert ours <= 2.5 * djangos


@pytest.mark.parametrize("count", [1, 5, 50])
def test_asend_executes_less_than_djangos(count: int) -> None:
    receivers = [make_async_function() for _ in range(count)]
    ours, djangos = (
        instructions(asend_of(connected(signal, receivers)), (*FILES, *TASKS))
        for signal in (baked(), dispatch.Signal())
    )
    assert ours <= 0.9 * djangos


def test_send_is_fast_again_after_a_receiver_was_collected() -> None:
    receivers = [make_function() for _ in range(5)]
    signal = connected(baked(), receivers)
    send = send_of(signal)
    del receivers[2]
    gc.collect()
    assert [receiver for receiver, _ in send()] == receivers
    assert called(send, FILES) == {"send": 1}


def test_send_is_fast_again_after_a_tool_has_restored_the_receivers() -> None:
    receivers = [make_function() for _ in range(5)]
    signal = connected(baked(), receivers)
    send = send_of(signal)

    saved, signal.receivers = signal.receivers, []
    assert send() == []
    signal.receivers = saved
    assert [receiver for receiver, _ in send()] == receivers
    assert called(send, FILES) == {"send": 1}

    saved = signal.receivers[:]
    del signal.receivers[:]
    assert send() == []
    signal.receivers[:] = saved
    assert [receiver for receiver, _ in send()] == receivers
    assert called(send, FILES) == {"send": 1}


@both_ways_of_caching
@sync_sends
def test_observing_costs_nothing_before_and_after(method: str, use_caching: bool) -> None:
    told: list[object] = []
    receivers = [make_function() for _ in range(5)]
    for signal in (baked(use_caching), dispatch.Signal(use_caching)):
        send = send_of(connected(signal, receivers), method)
        before = instructions(send, FILES)
        cls, attributes = type(signal), set(vars(signal))
        with observe(signal, after=told.append):
            send()
        send()  # which finds the generated method again
        assert type(signal) is cls
        assert set(vars(signal)) == attributes
        assert instructions(send, FILES) == before
    assert len(told) == 10


@pytest.mark.parametrize("make", [Signal, ModelSignal])
def test_what_observed_sends_read_is_not_in_a_dictionary(make: Any) -> None:
    assert not {"_path", "receivers"} & vars(make()).keys()


@pytest.mark.usefixtures("database")
def test_save_with_djangos_own_signals_runs_none_of_our_code() -> None:
    received: list[Any] = []

    def make_receiver() -> Callable[..., None]:
        return lambda sender, **kwargs: received.append(sender)

    receivers = [make_receiver() for _ in range(3)]
    topping = Topping(name="ham")
    for receiver in receivers:
        post_save.connect(receiver, sender=Topping)
    try:
        assert apps.is_installed("typed_signals.django")
        assert called(topping.save) == {}
        assert received == [Topping] * 3
    finally:
        for receiver in receivers:
            post_save.disconnect(receiver, sender=Topping)
    # Nothing that is written in C, either.
    assert type(post_save) is DjangoModelSignal
    assert type(post_save.receivers) is list


def test_slow_path_is_detected() -> None:
    class Traced(Signal[type[Sender], Baked]):
        def send(self, sender: Any, **payload: Any) -> Any:
            return Signal.send(self, sender, **unchecked(payload))

    receivers = [make_function() for _ in range(5)]
    fast, slow = connected(baked(), receivers), connected(unchecked(Traced()), receivers)
    assert called(send_of(slow), FILES).total() > called(send_of(fast), FILES).total()
    assert instructions(send_of(slow), FILES) > 1.2 * instructions(send_of(fast), FILES)
