"""A package with typed signals, which `strict.py` and `strict_on_django.py` use."""

from typing import NotRequired, TypedDict, Unpack

from typed_signals import Signal


class PizzaStore: ...


class Stranger: ...


class PizzaDone(TypedDict):
    toppings: list[str]
    size: int
    note: NotRequired[str]


@Signal.declare
def pizza_done(sender: type[PizzaStore], **kwargs: Unpack[PizzaDone]) -> object:
    """A pizza left the oven."""


@Signal.declare
def pizza_burnt(sender: type[PizzaStore], *, minutes: int, note: str = "") -> object:
    """A pizza stayed in the oven for too long."""


pizza_lost = Signal[type[PizzaStore], PizzaDone]()
pizza_rated = Signal[type[PizzaStore], PizzaDone, int]()
anything = Signal()


class Oven:
    heated: Signal[type[PizzaStore], PizzaDone] = Signal()
