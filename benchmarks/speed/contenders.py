"""
How each library, and code without a library, connects receivers and sends.

Each is called as documented, with weak references if possible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typed_signals import Signal

from .case import OURS, OURS_ON_DJANGO, Contender
from .interleave import WrongContenderError
from .shop import SENT, TOPPINGS, PizzaDone, PizzaStore, functions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Receivers = Sequence[Callable[..., Any]]

BY_HAND = "loop by hand"
EMPTY = "empty method"
DJANGO = "Django"
DJANGO_CACHING = "Django, use_caching"
BLINKER = "blinker"
PSYGNAL = "psygnal, compiled"
PYDISPATCHER = "PyDispatcher"
AIOSIGNAL = "aiosignal"

NAMES = {"PizzaStore": PizzaStore, "toppings": TOPPINGS}
SEND = "signal.send(sender=PizzaStore, toppings=toppings, size=32)"


def connected(signal: Any, receivers: Iterable[Callable[..., Any]]) -> Any:
    """
    Connect all *receivers* to *signal* and return it.
    """
    for receiver in receivers:
        signal.connect(receiver)
    return signal


def calls_of(receivers: Receivers) -> list[tuple[Callable[..., Any], Any]]:
    """
    Return the expected calls when the usual payload is sent to each of *receivers*.
    """
    return [(receiver, SENT) for receiver in receivers]


def new_signal() -> Any:
    """
    Return one of our signals.
    """
    return Signal[type[PizzaStore], PizzaDone]()


def new_django_signal(*, use_caching: bool = False) -> Any:
    """
    Return a Django signal.
    """
    from django.dispatch import Signal as DjangoSignal

    return DjangoSignal(use_caching=use_caching)


def new_signal_on_django(*, use_caching: bool = False) -> Any:
    """
    Return one of our signals on Django's dispatcher.
    """
    from typed_signals.django import Signal as SignalOnDjango

    return SignalOnDjango[type[PizzaStore], PizzaDone](use_caching)


def ours(receivers: Receivers, *, signal: Any = None) -> Contender:
    """
    Our ``send``, of a signal with a declared payload if *signal* is not passed.
    """
    signal = connected(signal or new_signal(), receivers)
    return Contender(OURS, SEND, {**NAMES, "signal": signal}, calls_of(receivers))


def ours_on_django(receivers: Receivers, *, use_caching: bool = False) -> Contender:
    """
    Our ``send`` on Django's dispatcher.
    """
    signal = connected(new_signal_on_django(use_caching=use_caching), receivers)
    return Contender(OURS_ON_DJANGO, SEND, {**NAMES, "signal": signal}, calls_of(receivers))


def connecting(
    name: str,
    signal: Any,
    number: int,
    numbers: Iterator[int],
    *,
    after: str = "signal.disconnect(receiver)",
) -> Contender:
    """
    The ``connect`` of one more receiver to a *signal* that has this *number* of them.

    Args:
        name: of the contender.
        signal: of any library.
        number: of receivers.
        numbers: the numbers for new receivers.
        after: disconnects the last receiver.
    """
    receivers = functions(number, start=10_000_000)
    connected(signal, receivers)
    _verify_connect(name, signal)
    return Contender(
        name,
        "signal.connect(receiver)",
        {"signal": signal, "receivers": receivers, "functions": functions, "numbers": numbers},
        # A new function, so that its signature must be read.
        before="(receiver,) = functions(1, start=next(numbers))",
        after=after,
    )


def _verify_connect(name: str, signal: Any) -> None:
    counts = []
    (receiver,) = functions(1)
    for change in (signal.connect, signal.disconnect):
        change(receiver)
        # A signal of psygnal has a length instead.
        counts.append(len(getattr(signal, "receivers", signal)))
    if counts[0] != counts[1] + 1:
        raise WrongContenderError(f"{name} does not connect and disconnect")


class ByHand:
    """
    Calls receivers without a library.
    """

    def __init__(self, receivers: Receivers) -> None:
        self.receivers = receivers

    def send(self, sender: Any, toppings: Any, size: Any) -> list[Any]:
        """
        Call all receivers.
        """
        return [
            (r, r(signal=self, sender=sender, toppings=toppings, size=size)) for r in self.receivers
        ]

    async def asend(self, sender: Any, toppings: Any, size: Any) -> list[Any]:
        """
        Await all receivers, one after the other.
        """
        return [
            (r, await r(signal=self, sender=sender, toppings=toppings, size=size))
            for r in self.receivers
        ]

    def nothing(self, sender: Any, toppings: Any, size: Any) -> None:
        """
        The cost of a call.
        """


class ByHandOnObjects:
    """
    Calls a method of each object, with strong references.
    """

    def __init__(self, objects: Sequence[Any]) -> None:
        self.objects = objects

    def send(self, sender: Any, toppings: Any, size: Any) -> list[Any]:
        """
        Call the method of all objects; the bound method is part of the result, as in ``send``.
        """
        return [
            (m := o.eat, m(signal=self, sender=sender, toppings=toppings, size=size))
            for o in self.objects
        ]


def by_hand(receivers: Receivers) -> Contender:
    """
    A loop over the receivers.
    """
    return Contender(BY_HAND, SEND, {**NAMES, "signal": ByHand(receivers)}, calls_of(receivers))


def by_hand_on_objects(objects: Sequence[Any]) -> Contender:
    """
    A loop over objects with a method ``eat``.
    """
    calls = calls_of([each.eat for each in objects])
    return Contender(BY_HAND, SEND, {**NAMES, "signal": ByHandOnObjects(objects)}, calls)


def empty() -> Contender:
    """
    A method that does nothing, with the same keywords.
    """
    statement = SEND.replace(".send", ".nothing")
    return Contender(EMPTY, statement, {**NAMES, "signal": ByHand(())})


def django(receivers: Receivers, *, use_caching: bool = False) -> Contender:
    """
    Django's ``send``.

    Args:
        receivers: the receivers.
        use_caching: whether the signal caches its receivers by sender.
    """
    signal = connected(new_django_signal(use_caching=use_caching), receivers)
    name = DJANGO_CACHING if use_caching else DJANGO
    return Contender(name, SEND, {**NAMES, "signal": signal}, calls_of(receivers))


def blinker(receivers: Receivers) -> Contender:
    """
    The ``send`` of blinker: the sender is positional.
    """
    signal = connected(new_blinker_signal(), receivers)
    statement = "signal.send(PizzaStore, toppings=toppings, size=32)"
    return Contender(BLINKER, statement, {**NAMES, "signal": signal}, calls_of(receivers))


def new_blinker_signal() -> Any:
    """
    Return a blinker signal.
    """
    from blinker import Signal as BlinkerSignal

    return BlinkerSignal()


def new_psygnal_signal() -> Any:
    """
    Return a psygnal signal, which only exists on objects.
    """
    from psygnal import Signal as PsygnalSignal

    class Oven:
        pizza_done = PsygnalSignal(type, list, int)

    return Oven().pizza_done


def psygnal(receivers: Receivers) -> Contender:
    """
    The ``emit`` of psygnal: arguments are positional, and the sender is one of them.

    It returns nothing, and has weak references to methods, but strong references to functions.
    """
    signal = connected(new_psygnal_signal(), receivers)
    statement = "signal.emit(PizzaStore, toppings, 32)"
    return Contender(PSYGNAL, statement, {**NAMES, "signal": signal}, calls_of(receivers))


def pydispatcher(receivers: Receivers) -> Contender:
    """
    PyDispatcher's ``send``: any object can be a signal.
    """
    from pydispatch import dispatcher

    for receiver in receivers:
        dispatcher.connect(receiver, signal="pizza_done")
    statement = "send(signal='pizza_done', sender=PizzaStore, toppings=toppings, size=32)"
    return Contender(
        PYDISPATCHER, statement, {**NAMES, "send": dispatcher.send}, calls_of(receivers)
    )


def aiosignal(receivers: Receivers) -> Contender:
    """
    The ``send`` of aiosignal: a frozen list of receivers, awaited one after the other.

    It returns nothing, and has strong references.
    """
    from aiosignal import Signal as AioSignal

    signal: Any = AioSignal(owner=PizzaStore)
    signal.extend(receivers)
    signal.freeze()
    return Contender(AIOSIGNAL, f"await {SEND}", {**NAMES, "signal": signal}, calls_of(receivers))


def awaited(contender: Contender) -> Contender:
    """
    Return *contender* with ``asend`` instead of ``send``.
    """
    name = contender.name
    if name == BLINKER:
        statement = "await " + contender.statement.replace(".send", ".send_async")
    else:
        statement = "await " + contender.statement.replace(".send", ".asend")
    return contender._replace(statement=statement)
