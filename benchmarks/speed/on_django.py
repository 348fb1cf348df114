"""
The cases of signals on Django's dispatcher, compared with Django's own classes.
"""

from __future__ import annotations

from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from . import contenders as by
from . import floors, project, saving
from .case import OURS_ON_DJANGO, Case, Contender, Limit, at_least_faster, at_most
from .interleave import timed
from .shop import SENT, Customer, PizzaDone, async_functions, functions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def send(number: int, use_caching: bool, method: str = "send") -> list[Contender]:
    """
    Send to *number* functions by this *method*.
    """
    receivers = functions(number)
    ours, django = _both_classes(receivers, use_caching)
    statement = by.SEND.replace(".send", f".{method}")
    return [
        ours._replace(statement=statement),
        django._replace(statement=statement),
        by.by_hand(receivers),
        *floors.on_django(django.names["signal"].receivers, receivers, SENT["sender"]),
    ]


def send_to_methods(number: int, use_caching: bool) -> list[Contender]:
    """
    Send to the methods of *number* objects.
    """
    objects = [Customer() for _ in range(number)]
    return [
        *_both_classes([each.eat for each in objects], use_caching),
        by.by_hand_on_objects(objects),
        *floors.weak_methods(objects),
    ]


def send_without_receivers(use_caching: bool) -> list[Contender]:
    """
    Send without receivers.
    """
    return [*_both_classes((), use_caching), by.empty(), *floors.without_receivers()]


def send_to_one_of(numbers: Sequence[int], use_caching: bool) -> list[Contender]:
    """
    Send from one of many models, with one receiver each: as many as the first of *numbers*.

    This is compared with Django's class, and with ours for the other *numbers* of models.
    """
    from django.db.models.signals import ModelSignal as DjangoModelSignal

    from typed_signals.django import ModelSignal

    most, *others = numbers
    receivers = functions(most)
    contenders: dict[str, tuple[Any, int]] = {OURS_ON_DJANGO: (ModelSignal[Any, PizzaDone], most)}
    contenders[by.DJANGO] = (DjangoModelSignal, most)
    for number in others:
        contenders[_of_models(number)] = (ModelSignal[Any, PizzaDone], number)
    ours, django, *fewer = (
        _to_one_of(name, signal(use_caching), receivers[:number])
        for name, (signal, number) in contenders.items()
    )
    ((receiver, arguments),) = django.calls
    entries = django.names["signal"].receivers
    by_hand = floors.on_django(entries, [receiver], arguments["sender"])
    return [ours, django, *fewer, *by_hand]


def _of_models(number: int) -> str:
    return f"{OURS_ON_DJANGO}, {number:,} model{'' if number == 1 else 's'}"


def _to_one_of(name: str, signal: Any, receivers: Any) -> Contender:
    models = [project.model(number) for number in range(len(receivers))]
    for model, receiver in zip(models, receivers, strict=True):
        signal.connect(receiver, sender=model)
    middle = len(models) // 2
    return Contender(
        name,
        by.SEND,
        # The other receivers must be alive, too.
        {**by.NAMES, "signal": signal, "PizzaStore": models[middle], "alive": receivers},
        [(receivers[middle], {**SENT, "sender": models[middle]})],
    )


def send_from_another_model(use_caching: bool) -> list[Contender]:
    """
    Send from a model without receivers, while 100 others have one each.
    """
    ours, django = send_to_one_of([100], use_caching)[:2]
    return [
        each._replace(names={**each.names, "PizzaStore": project.model(100)}, calls=())
        for each in (ours, django)
    ]


def _both_classes(receivers: Any, use_caching: bool = False) -> tuple[Contender, Contender]:
    ours = by.ours_on_django(receivers, use_caching=use_caching)
    django = by.django(receivers, use_caching=use_caching)
    return ours, django._replace(name=by.DJANGO)


def asend(number: int) -> list[Contender]:
    """
    Send to *number* async functions.
    """
    receivers = async_functions(number)
    return [
        *map(by.awaited, _both_classes(receivers)),
        by.awaited(by.by_hand(receivers)),
        *floors.in_tasks(receivers),
    ]


def connect() -> list[Contender]:
    """
    Connect one more receiver.
    """
    numbers = count()
    return [
        by.connecting(OURS_ON_DJANGO, by.new_signal_on_django(), 10, numbers),
        by.connecting(by.DJANGO, by.new_django_signal(), 10, numbers),
    ]


def connect_to_many() -> list[Contender]:
    """
    Connect one more receiver to a signal that has many.
    """
    numbers = count()
    return [
        by.connecting(
            _with_receivers(number),
            by.new_signal_on_django(),
            number,
            numbers,
            # What Django's ``disconnect`` does, without its search through all receivers.
            after="del signal.receivers[-1]",
        )
        for number in (10_000, 1_000, 10)
    ]


def _with_receivers(number: int) -> str:
    return f"{OURS_ON_DJANGO}, {number:,}"


def connect_again() -> list[Contender]:
    """
    Connect a receiver that is already connected, as some libraries do for each object of a model.
    """
    receivers = functions(10)
    signals = {OURS_ON_DJANGO: by.new_signal_on_django(), by.DJANGO: by.new_django_signal()}
    return [
        Contender(
            name,
            "signal.connect(receiver)",
            {"signal": by.connected(signal, receivers), "receiver": receivers[5]},
        )
        for name, signal in signals.items()
    ]


def send_after_change(use_caching: bool) -> list[Contender]:
    """
    Connect, send, and disconnect again.
    """
    *connected, extra = receivers = functions(6)
    return [
        contender._replace(
            statement=f"signal.connect(extra); {by.SEND}; signal.disconnect(extra)",
            names={**contender.names, "extra": extra},
            calls=by.calls_of(receivers),
        )
        for contender in _both_classes(connected, use_caching)
    ]


def _case(group: str, name: str, build: Callable[[], list[Contender]], **limits: Limit) -> Case:
    """
    Return a case in the project.
    """

    def build_in_project() -> list[Contender]:
        project.set_up(project.OUR_APP)
        return build()

    return timed(f"django-{group}", f"on Django: {name}", build_in_project, limits=limits)


def _both_cases(
    group: str, name: str, build: Callable[..., list[Contender]], **limits: Limit
) -> list[Case]:
    """
    Return a case without and one with ``use_caching``, of both classes.
    """
    return [
        _case(group, name, partial(build, use_caching=False), **limits),
        _case(group, f"{name}, use_caching", partial(build, use_caching=True), **limits),
    ]


AS_FAST = {by.DJANGO: at_most(1)}
FASTER = {by.DJANGO: at_least_faster(2.2)}

CASES = [
    *_both_cases("send", "send, 1 receiver", partial(send, 1), **FASTER),
    *_both_cases("send", "send, 5 receivers", partial(send, 5), **FASTER),
    *_both_cases("send", "send, 50 receivers", partial(send, 50), **FASTER),
    *_both_cases(
        "send",
        "send, 5 bound methods",
        partial(send_to_methods, 5),
        **{by.DJANGO: at_least_faster(1.8)},
    ),
    *_both_cases(
        "send",
        "send, 50 bound methods",
        partial(send_to_methods, 50),
        **{by.DJANGO: at_least_faster(1.8)},
    ),
    *_both_cases("send", "send, no receivers", send_without_receivers, **AS_FAST),
    *_both_cases(
        "robust", "send_robust, 5 receivers", partial(send, 5, method="send_robust"), **FASTER
    ),
    *_both_cases("models", "send from the only model", partial(send_to_one_of, [1]), **FASTER),
    *_both_cases("models", "send from one of 100 models", partial(send_to_one_of, [100]), **FASTER),
    *_both_cases(
        "models",
        "send from one of 1,000 models",
        partial(send_to_one_of, [1_000, 100, 1]),
        **FASTER,
        **{_of_models(100): at_most(1.15), _of_models(1): at_most(1.15)},
    ),
    *_both_cases(
        "models", "send from a model without receivers", send_from_another_model, **AS_FAST
    ),
    *(
        _case(
            "asend",
            f"asend, {number} receiver{'' if number == 1 else 's'}",
            partial(asend, number),
            **{by.DJANGO: at_least_faster(2)},
        )
        for number in (1, 5, 50)
    ),
    _case("connect", "connect to 10", connect, **AS_FAST),
    _case(
        "connect",
        "connect to 10,000",
        connect_to_many,
        **{_with_receivers(1_000): at_most(1.15), _with_receivers(10): at_most(1.15)},
    ),
    _case("connect", "connect again", connect_again),
    *_both_cases("connect", "connect, send to 6 receivers, disconnect", send_after_change),
    Case(
        group="django-save",
        name="on Django: save, 3 receivers of Django's post_save",
        measure=saving.times,
        # Two processes without our app differ as much.
        limits={saving.WITHOUT_OUR_APP: at_most(1.02)},
    ),
]
