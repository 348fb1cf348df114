"""
The memory of signals and connections, measured by ``tracemalloc``.
"""

from __future__ import annotations

import gc
import statistics
import sys
import tracemalloc
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, Self

from . import contenders as by
from .case import OURS, Values
from .shop import TOPPINGS, PizzaDone, PizzaStore, functions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Measure = Callable[[], float]

SIGNALS: Final = 2_000
# Dictionaries grow by doubling: the mean over one doubling is fair.
CONNECTIONS: Final = range(2_000, 4_000, 250)
# More sends than before their code is generated, once for all signals of a payload.
SENDS: Final = 20

DECLARATIONS: Final = {
    OURS: "Signal[type[PizzaStore], PizzaDone]()",
    by.DJANGO: "DjangoSignal()",
}
NEW_SIGNAL: Final = {OURS: by.new_signal, by.DJANGO: by.new_django_signal}


def of_signals(_rounds: int) -> dict[str, Values]:
    """
    Return the bytes of a signal that is only declared.
    """
    return {name: Values([_of_signals(name, with_receiver=False)]) for name in DECLARATIONS}


def of_signals_with_receiver(_rounds: int) -> dict[str, Values]:
    """
    Return the bytes of a signal with one connection, after one send.
    """
    return {name: Values([_of_signals(name, with_receiver=True)]) for name in DECLARATIONS}


def of_connections(_rounds: int) -> dict[str, Values]:
    """
    Return the bytes of one of many connections to a signal with some sends.
    """
    return {
        name: Values([_of_connections(new_signal())]) for name, new_signal in NEW_SIGNAL.items()
    }


def of_parameter_names(_rounds: int) -> dict[str, Values]:
    """
    Return the bytes that Python stores for a function when its ``co_varnames`` are read.
    """
    receivers = functions(SIGNALS)
    with _Traced() as traced:
        _read_parameter_names(receivers)
        return {"Python": Values([traced.bytes() / SIGNALS])}


def garbage(_rounds: int) -> dict[str, Values]:
    """
    Return how many objects the garbage collector must free after a signal was used and deleted.
    """
    _use_signal()
    gc.collect()
    gc.disable()
    try:
        _use_signal()
        return {OURS: Values([float(gc.collect())])}
    finally:
        gc.enable()


def _use_signal() -> None:
    signal = by.new_signal()
    receivers = functions(5)
    by.connected(signal, receivers)
    for receiver in receivers:
        _send(signal)
        signal.send_robust(sender=PizzaStore, toppings=TOPPINGS, size=32)
        signal.disconnect(receiver)
        signal.connect(receiver, sender=PizzaStore)


def _send(signal: Any) -> None:
    signal.send(sender=PizzaStore, toppings=TOPPINGS, size=32)


def _of_signals(name: str, *, with_receiver: bool) -> float:
    from django.dispatch import Signal as DjangoSignal

    from typed_signals import Signal

    # A separate module with a line for each signal; the names already exist.
    module = sys.modules["pizzeria_signals"] = ModuleType("pizzeria_signals")
    names = [f"signal_{number}" for number in range(SIGNALS)]
    source = "\n".join(f"{each} = {DECLARATIONS[name]}" for each in names)
    code = compile(source, "pizzeria_signals.py", "exec")
    vars(module).update(
        Signal=Signal, DjangoSignal=DjangoSignal, PizzaStore=PizzaStore, PizzaDone=PizzaDone
    )
    vars(module).update(dict.fromkeys(names))
    receivers = functions(SIGNALS)
    _prepare(NEW_SIGNAL[name](), receivers)

    with _Traced() as traced:
        exec(code, vars(module))
        if with_receiver:
            for each, receiver in zip(names, receivers, strict=True):
                signal = getattr(module, each)
                signal.connect(receiver)
                _send(signal)
        return traced.bytes() / SIGNALS


def _of_connections(signal: Any) -> float:
    receivers = functions(CONNECTIONS.stop)
    _prepare(signal, receivers)
    sizes = []
    with _Traced() as traced:
        for number, receiver in enumerate(receivers, start=1):
            signal.connect(receiver)
            if number in CONNECTIONS:
                _send(signal)
                sizes.append(traced.bytes() / number)
    return statistics.mean(sizes)


def _prepare(signal: Any, receivers: Sequence[Callable[..., Any]]) -> None:
    """
    Create in advance what is shared by all signals like *signal*, and by all receivers.
    """
    by.connected(signal, functions(1, start=len(receivers)))
    for _ in range(SENDS):
        _send(signal)
    # Ours reads them in ``connect``. The first read makes Python store them.
    _read_parameter_names(receivers)


def _read_parameter_names(receivers: Iterable[Any]) -> None:
    for receiver in receivers:
        _ = receiver.__code__.co_varnames


class _Traced:
    """
    Counts the bytes that are allocated in a ``with`` block and not freed.
    """

    def __enter__(self) -> Self:
        gc.collect()
        tracemalloc.start()
        return self

    def __exit__(self, *_error: object) -> None:
        tracemalloc.stop()

    def bytes(self) -> int:
        """
        Return the current number.
        """
        gc.collect()
        return tracemalloc.get_traced_memory()[0]
