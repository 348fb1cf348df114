"""
The cases, with their targets.
"""

from __future__ import annotations

from functools import partial
from itertools import count
from typing import Any, TypedDict

from typed_signals import Signal

from . import contenders as by
from . import floors, imports, in_background, memory, observing, on_django
from .case import OURS, Case, Contender, Values, at_least_faster, at_most
from .interleave import WrongContenderError, timed
from .shop import (
    SENT,
    TOPPINGS,
    Customer,
    PizzaSold,
    PizzaSoldInFull,
    PizzaStore,
    async_functions,
    functions,
)


def send(number: int) -> list[Contender]:
    """
    Send to *number* functions.
    """
    receivers = functions(number)
    return [
        by.ours(receivers),
        by.by_hand(receivers),
        *floors.weak_functions(receivers),
        by.ours_on_django(receivers),
        by.django(receivers),
        by.django(receivers, use_caching=True),
        by.blinker(receivers),
        by.psygnal(receivers),
        by.pydispatcher(receivers),
    ]


def send_to_methods(number: int) -> list[Contender]:
    """
    Send to the methods of *number* objects.
    """
    objects = [Customer() for _ in range(number)]
    receivers = [each.eat for each in objects]
    return [
        by.ours(receivers),
        by.by_hand_on_objects(objects),
        *floors.weak_methods(objects),
        by.ours_on_django(receivers),
        by.django(receivers),
        by.django(receivers, use_caching=True),
        by.blinker(receivers),
        by.psygnal(receivers),
        by.pydispatcher(receivers),
    ]


def send_without_receivers() -> list[Contender]:
    """
    Send without receivers.
    """
    return [
        by.ours(()),
        by.empty(),
        *floors.without_receivers(),
        by.django(()),
        by.django((), use_caching=True),
        by.blinker(()),
        by.psygnal(()),
        by.pydispatcher(()),
    ]


def send_robust() -> list[Contender]:
    """
    ``send_robust`` compared with ``send``.
    """
    receivers = functions(5)
    plain = by.ours(receivers)
    robust = by.SEND.replace(".send", ".send_robust")
    return [
        plain._replace(name="send_robust", statement=robust),
        plain._replace(name="send"),
        by.django(receivers)._replace(name="Django's send_robust", statement=robust),
    ]


def send_untyped() -> list[Contender]:
    """
    Send an undeclared payload.
    """
    receivers = functions(5)
    return [
        by.ours(receivers, signal=Signal()),
        by.django(receivers),
        by.django(receivers, use_caching=True),
    ]


OPTIONAL = "NotRequired"
REQUIRED = "Required"


def send_optional_keys() -> list[Contender]:
    """
    Send all keys, some of them optional.
    """
    receivers = functions(5)
    signals = {
        OPTIONAL: Signal[type[PizzaStore], PizzaSold](),
        REQUIRED: Signal[type[PizzaStore], PizzaSoldInFull](),
    }
    statement = by.SEND.replace("size=32", "size=32, price=9, note='hot'")
    calls = [(receiver, {**SENT, "price": 9, "note": "hot"}) for receiver in receivers]
    return [
        by.ours(receivers, signal=signal)._replace(name=name, statement=statement, calls=calls)
        for name, signal in signals.items()
    ]


def leave_out_optional_keys() -> list[Contender]:
    """
    Send without optional keys.
    """
    receivers = functions(5)
    signals = {OPTIONAL: Signal[type[PizzaStore], PizzaSold](), REQUIRED: by.new_signal()}
    return [
        by.ours(receivers, signal=signal)._replace(name=name) for name, signal in signals.items()
    ]


def send_to_one_of_many_senders() -> list[Contender]:
    """
    Many senders with one receiver each; send from ten of them in turn.
    """
    return [
        _many_senders(f"{OURS}, 100,000 senders", by.new_signal(), 100_000),
        _many_senders(f"{OURS}, 1,000 senders", by.new_signal(), 1_000),
        _many_senders(f"{OURS}, 10 senders", by.new_signal(), 10),
        _many_senders(f"{by.DJANGO}, 1,000 senders", by.new_django_signal(), 1_000),
        _many_senders(f"{by.DJANGO}, 10 senders", by.new_django_signal(), 10),
    ]


def _many_senders(name: str, signal: Any, number: int) -> Contender:
    senders = [PizzaStore() for _ in range(number)]
    receivers = functions(number)
    for sender, receiver in zip(senders, receivers, strict=True):
        signal.connect(receiver, sender=sender)
    # The same number for each contender, so that CPU caches have the same effect.
    chosen = slice(0, None, number // 10)
    return Contender(
        name,
        "for sender in senders: signal.send(sender=sender, toppings=toppings, size=32)",
        # The other senders must be alive, too.
        {
            "signal": signal,
            "toppings": TOPPINGS,
            "senders": senders[chosen],
            "alive": (senders, receivers),
        },
        [
            (receiver, {**SENT, "sender": sender})
            for sender, receiver in zip(senders[chosen], receivers[chosen], strict=True)
        ],
        sends=10,
    )


def connect() -> list[Contender]:
    """
    Connect one more receiver.
    """
    numbers = count()
    return [
        by.connecting(f"{OURS}, 10 receivers", by.new_signal(), 10, numbers),
        by.connecting(f"{by.DJANGO}, 10 receivers", by.new_django_signal(), 10, numbers),
        by.connecting(f"{by.BLINKER}, 10 receivers", by.new_blinker_signal(), 10, numbers),
        by.connecting(f"{by.PSYGNAL}, 10 receivers", by.new_psygnal_signal(), 10, numbers),
    ]


def connect_to_many() -> list[Contender]:
    """
    Connect one more receiver to a signal that has many.
    """
    numbers = count()
    return [
        by.connecting(f"{OURS}, {number:,} receivers", by.new_signal(), number, numbers)
        for number in (10_000, 1_000, 10)
    ]


def connect_again() -> list[Contender]:
    """
    Connect a receiver that is already connected.
    """
    receivers = functions(10)

    def contender(name: str, signal: Any) -> Contender:
        names = {"signal": by.connected(signal, receivers), "receiver": receivers[5]}
        return Contender(name, "signal.connect(receiver)", names)

    def nothing(receiver: object) -> None: ...

    return [
        contender(OURS, by.new_signal()),
        contender(by.DJANGO, by.new_django_signal()),
        Contender(
            "empty function", "connect(receiver)", {"connect": nothing, "receiver": receivers[5]}
        ),
    ]


def send_after_change() -> list[Contender]:
    """
    Connect, send, and disconnect again.
    """
    receivers = functions(6)
    *connected, extra = receivers
    signals = {
        OURS: by.new_signal(),
        by.DJANGO: by.new_django_signal(),
        by.DJANGO_CACHING: by.new_django_signal(use_caching=True),
    }
    return [
        Contender(
            name,
            f"signal.connect(extra); {by.SEND}; signal.disconnect(extra)",
            {**by.NAMES, "signal": by.connected(signal, connected), "extra": extra},
            by.calls_of(receivers),
        )
        for name, signal in signals.items()
    ]


def send_first(sends: int) -> list[Contender]:
    """
    Declare a signal with unique keys, connect a receiver, and send *sends* times.
    """
    from django.dispatch import Signal as DjangoSignal

    numbers = count()

    def new_payload() -> tuple[Any, dict[str, object]]:
        number = next(numbers)
        sent: dict[str, object] = {f"toppings_{number}": TOPPINGS, f"size_{number}": 32}
        create: Any = TypedDict
        return create("PizzaDone", dict.fromkeys(sent, object)), sent

    def check(responses: list[Any]) -> None:
        if responses != [(_receive_anything, None)]:
            raise WrongContenderError(f"a new signal returns {responses}")

    names = {
        **by.NAMES,
        "Signal": Signal,
        "DjangoSignal": DjangoSignal,
        "new_payload": new_payload,
        "check": check,
        "receiver": _receive_anything,
    }
    declarations = {
        OURS: "Signal[type[PizzaStore], Payload]()",
        by.DJANGO: "DjangoSignal()",
    }
    send = "responses = signal.send(sender=PizzaStore, **sent)"
    return [
        Contender(
            name,
            f"signal = {declaration}; signal.connect(receiver); {'; '.join([send] * sends)}",
            names,
            before="Payload, sent = new_payload()",
            after="check(responses)",
        )
        for name, declaration in declarations.items()
    ]


def _receive_anything(sender: Any, **kwargs: Any) -> None: ...


def asend(number: int) -> list[Contender]:
    """
    Send to *number* async functions.
    """
    return _asend(async_functions(number))


def asend_to_waiting() -> list[Contender]:
    """
    Send to async functions that wait.
    """
    return _asend(async_functions(5, waiting=True))


def _asend(receivers: Any) -> list[Contender]:
    return [
        by.awaited(by.ours(receivers)),
        by.awaited(by.by_hand(receivers)),
        by.awaited(by.django(receivers)),
        by.awaited(by.blinker(receivers)),
        by.aiosignal(receivers),
    ]


CASES = [
    timed(
        "send",
        "send, 1 receiver",
        partial(send, 1),
        limits={by.BY_HAND: at_most(1.3)},
    ),
    timed(
        "send",
        "send, 5 receivers",
        partial(send, 5),
        limits={
            by.BY_HAND: at_most(1.15),
            by.DJANGO: at_least_faster(3),
            by.DJANGO_CACHING: at_least_faster(3),
            by.BLINKER: at_least_faster(6),
            by.PSYGNAL: at_least_faster(2),
        },
    ),
    timed(
        "send",
        "send, 50 receivers",
        partial(send, 50),
        limits={by.BY_HAND: at_most(1.15), by.PSYGNAL: at_most(1)},
    ),
    timed(
        "send",
        "send, 5 bound methods",
        partial(send_to_methods, 5),
        limits={by.BY_HAND: at_most(1.25)},
    ),
    timed(
        "send",
        "send, 50 bound methods",
        partial(send_to_methods, 50),
        limits={by.BY_HAND: at_most(1.2)},
    ),
    timed("send", "send, no receivers", send_without_receivers, limits={by.EMPTY: at_most(2)}),
    timed("robust", "send_robust, 5 receivers", send_robust, limits={"send": at_most(1.15)}),
    timed(
        "untyped",
        "send of an untyped Signal(), 5 receivers",
        send_untyped,
        limits={by.DJANGO: at_least_faster(1.7), by.DJANGO_CACHING: at_least_faster(1.7)},
    ),
    timed(
        "optional",
        "optional keys, passed, 5 receivers",
        send_optional_keys,
        limits={REQUIRED: at_most(1.25)},
    ),
    timed(
        "optional",
        "optional keys, left out, 5 receivers",
        leave_out_optional_keys,
        limits={REQUIRED: at_most(1.25)},
    ),
    timed(
        "senders",
        "send from one of many senders",
        send_to_one_of_many_senders,
        limits={
            f"{OURS}, 1,000 senders": at_most(1.15),
            f"{OURS}, 10 senders": at_most(1.15),
        },
    ),
    timed(
        "connect",
        "connect to few",
        connect,
        limits={f"{by.DJANGO}, 10 receivers": at_most(1)},
    ),
    timed(
        "connect",
        "connect to many",
        connect_to_many,
        limits={
            f"{OURS}, 1,000 receivers": at_most(1.15),
            f"{OURS}, 10 receivers": at_most(1.15),
        },
    ),
    timed("connect", "connect again", connect_again, ceiling=2e-6),
    timed("connect", "connect, send to 6 receivers, disconnect", send_after_change),
    timed("connect", "declare a signal, connect, send once", partial(send_first, 1)),
    timed("connect", "declare a signal, connect, send 10 times", partial(send_first, 10)),
    timed("connect", "declare a signal, connect, send 11 times", partial(send_first, 11)),
    timed("asend", "asend, 1 receiver", partial(asend, 1), limits={by.DJANGO: at_least_faster(4)}),
    timed("asend", "asend, 5 receivers", partial(asend, 5), limits={by.DJANGO: at_least_faster(2)}),
    timed(
        "asend", "asend, 50 receivers", partial(asend, 50), limits={by.DJANGO: at_least_faster(2)}
    ),
    timed("asend", "asend, 5 receivers that wait", asend_to_waiting),
    *on_django.CASES,
    *observing.CASES,
    *in_background.CASES,
    Case(
        group="import",
        name="import, processor time",
        measure=imports.times,
        limits={by.BLINKER: at_most(1)},
        exact=True,
    ),
    Case(
        group="import",
        name=f"import of {', '.join(imports.HEAVY)}",
        measure=imports.heavy_modules,
        ceiling=0,
        unit="",
        exact=True,
    ),
    Case(
        group="memory",
        name="memory of a signal",
        measure=memory.of_signals,
        limits={by.DJANGO: at_most(1)},
        unit="byte",
        exact=True,
    ),
    Case(
        group="memory",
        name="memory of a signal with one receiver, sent once",
        measure=memory.of_signals_with_receiver,
        unit="byte",
        exact=True,
    ),
    Case(
        group="memory",
        name="memory of a connection, one of thousands",
        measure=memory.of_connections,
        limits={by.DJANGO: at_most(1)},
        unit="byte",
        exact=True,
    ),
    Case(
        group="memory",
        name="memory of a function's parameter names, once somebody reads them",
        measure=memory.of_parameter_names,
        unit="byte",
        exact=True,
    ),
    Case(
        group="memory",
        name="objects left to the garbage collector by a signal",
        measure=memory.garbage,
        ceiling=0,
        unit="",
        exact=True,
    ),
]


def measure(number: int, rounds: int) -> dict[str, Values]:
    """
    Measure the case with this number; for a new process.
    """
    return CASES[number].measure(rounds)
