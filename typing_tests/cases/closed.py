"""`**kwargs: Unpack[...]` of a closed TypedDict"""

from typing import Any, NotRequired, Unpack

from typed_signals import Signal, receiver
from typing_extensions import TypedDict


class PizzaStore: ...


class PizzaDone(TypedDict, closed=True):
    toppings: list[str]
    size: int
    note: NotRequired[str]


@Signal.declare
def pizza_done(sender: type[PizzaStore], **kwargs: Unpack[PizzaDone]) -> object:
    """A pizza left the oven."""


# == Right sends and receivers
pizza_done.send(sender=PizzaStore, toppings=["ham"], size=32)
pizza_done.send(sender=PizzaStore, toppings=["ham"], size=32, note="hot")


def takes_payload(sender: type[PizzaStore], **kwargs: Unpack[PizzaDone]) -> None: ...
def takes_unannotated(sender, **kwargs): ...
def names_first(sender: type[PizzaStore], toppings: list[str], **kwargs: object) -> None: ...


pizza_done.connect(takes_payload)
pizza_done.connect(takes_unannotated)
pizza_done.connect(names_first)


@receiver(pizza_done)
def decorated(sender: type[PizzaStore], toppings: list[str], size: int, **kwargs: Any) -> None: ...


# == An additional parameter, with a default
def has_option(sender: object, dry_run: bool = False, **kwargs: Any) -> None: ...


# Right, but an error for zuban
pizza_done.connect(has_option)

# == A missing key, and one that is not declared
# Error
pizza_done.send(sender=PizzaStore, toppings=["ham"])
# Error
pizza_done.send(sender=PizzaStore, toppings=["ham"], size=32, price=10)


# == Wrong: a parameter that is never sent
def needs_price(sender: object, toppings: list[str], price: int, **kwargs: object) -> None: ...
def needs_price_unannotated(sender, toppings, price, **kwargs): ...


# Error
pizza_done.connect(needs_price)
# Error
pizza_done.connect(needs_price_unannotated)


# == Wrong: no `**kwargs`, but all current keys
def all_of_done(
    sender: type[PizzaStore], toppings: list[str], size: int, note: str = ""
) -> None: ...


# Error, missed by mypy, pyright, basedpyright, ty, pyrefly, zuban
pizza_done.connect(all_of_done)
