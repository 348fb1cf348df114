"""Receivers of a signal that is declared by a function, at `connect`"""

from functools import partial
from typing import Any, NotRequired, TypedDict, Unpack

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
def pizza_burnt(sender: type[PizzaStore], *, minutes: int, pizza: str, note: str = "") -> object:
    """A pizza stayed in the oven for too long."""


# == `sender, **kwargs`: `Any`, `object`, `Unpack[PizzaDone]`, or without annotations
def takes_any(sender: type[PizzaStore], **kwargs: Any) -> None: ...
def takes_object(sender: object, **kwargs: object) -> None: ...
def takes_payload(sender: type[PizzaStore], **kwargs: Unpack[PizzaDone]) -> None: ...
def takes_unannotated(sender, **kwargs): ...


pizza_done.connect(takes_any)
pizza_done.connect(takes_object)
pizza_done.connect(takes_payload)
pizza_done.connect(takes_unannotated)
pizza_burnt.connect(takes_any)
pizza_burnt.connect(takes_object)
pizza_burnt.connect(takes_unannotated)


# == Keys by name, starting with the first
def names_all(
    sender: type[PizzaStore], toppings: list[str], size: int, note: str = "", **kwargs: Any
) -> None: ...
def names_first(sender: object, toppings: list[str], **kwargs: object) -> None: ...
def names_first_unannotated(sender, toppings, **kwargs): ...
def names_minutes(sender: object, minutes: int, **kwargs: Any) -> None: ...


pizza_done.connect(names_all)
pizza_done.connect(names_first)
pizza_done.connect(names_first_unannotated)
pizza_burnt.connect(names_minutes)


# == Keys by name, any of them
def names_second(sender: object, size: int, **kwargs: object) -> None: ...
def names_second_unannotated(sender, size, **kwargs): ...
def names_reversed(sender: object, size: int, toppings: list[str], **kwargs: Any) -> None: ...
def names_optional(sender: object, note: str = "", **kwargs: Any) -> None: ...
def names_by_keyword(sender: object, *, size: int, **kwargs: Any) -> None: ...
def names_pizza(sender: object, pizza: str, **kwargs: Any) -> None: ...


# Right, but an error for zuban
pizza_done.connect(names_second)
# Right, but an error for zuban
pizza_done.connect(names_second_unannotated)
# Right, but an error for zuban
pizza_done.connect(names_reversed)
# Right, but an error for zuban
pizza_done.connect(names_optional)
# Right, but an error for zuban
pizza_done.connect(names_by_keyword)
# Right, but an error for zuban
pizza_burnt.connect(names_pizza)


# == An additional parameter, with a default
def has_option(sender: object, dry_run: bool = False, **kwargs: Any) -> None: ...


# Right, but an error for pyright, basedpyright, ty, zuban
pizza_done.connect(has_option)
# Right, but an error for zuban
pizza_burnt.connect(has_option)


# == Without `sender`
def takes_everything(**kwargs: Any) -> None: ...
def takes_everything_twice(*args: Any, **kwargs: Any) -> None: ...
def names_toppings_only(toppings: list[str], **kwargs: Any) -> None: ...
def names_toppings_by_keyword(*, toppings: list[str], **kwargs: Any) -> None: ...
def has_default_sender(sender: object = None, **kwargs: Any) -> None: ...


pizza_done.connect(takes_everything)
pizza_done.connect(takes_everything_twice)
pizza_done.connect(names_toppings_only)
pizza_done.connect(names_toppings_by_keyword)
pizza_done.connect(has_default_sender)


# == Async functions
async def is_async(sender: type[PizzaStore], **kwargs: Unpack[PizzaDone]) -> int:
    return 1


async def is_async_and_names(sender: object, toppings: list[str], **kwargs: Any) -> None: ...


pizza_done.connect(is_async)
pizza_done.connect(is_async_and_names)


# == Methods, callable objects, partials, lambdas
class Kitchen:
    def bound(self, sender: type[PizzaStore], **kwargs: Unpack[PizzaDone]) -> None: ...
    def names(self, sender: object, toppings: list[str], **kwargs: Any) -> None: ...
    async def is_async(self, sender: type[PizzaStore], **kwargs: Any) -> None: ...
    @classmethod
    def of_class(cls, sender: object, toppings: list[str], **kwargs: Any) -> None: ...
    @staticmethod
    def static(sender: object, toppings: list[str], **kwargs: Any) -> None: ...
    def __call__(self, sender: object, toppings: list[str], **kwargs: Any) -> None: ...


def needs_oven(oven: int, sender: object, toppings: list[str], **kwargs: Any) -> None: ...


kitchen = Kitchen()
pizza_done.connect(kitchen.bound)
pizza_done.connect(kitchen.names)
pizza_done.connect(kitchen.is_async)
pizza_done.connect(Kitchen.of_class)
pizza_done.connect(Kitchen.static)
pizza_done.connect(kitchen, weak=False)
pizza_done.connect(partial(needs_oven, 1), weak=False)
pizza_done.connect(lambda sender, **kwargs: None, weak=False)
pizza_done.connect(lambda **kwargs: None, weak=False)


# == `signal` by name, next to `sender` or with a default
def signal_second(sender: object, signal: object, toppings: list[str], **kwargs: Any) -> None: ...
def signal_first(signal: object, sender: object, toppings: list[str], **kwargs: Any) -> None: ...
def signal_optional(
    sender: object, toppings: list[str], signal: object = None, **kwargs: Any
) -> None: ...


pizza_done.connect(signal_second)
pizza_done.connect(signal_first)
# Right, but an error for zuban
pizza_done.connect(signal_optional)


# == `sender` or `signal` somewhere else, required
def signal_last(sender: object, minutes: int, signal: object, **kwargs: Any) -> None: ...
def sender_last(minutes: int, sender: object, **kwargs: Any) -> None: ...
def sender_by_keyword(*, sender: object, minutes: int, **kwargs: Any) -> None: ...


# Right, but an error for mypy, pyright, basedpyright, ty, pyrefly, zuban
pizza_burnt.connect(signal_last)
# Right, but an error for mypy, pyright, basedpyright, ty, pyrefly, zuban
pizza_burnt.connect(sender_last)
# Right, but an error for mypy, pyright, basedpyright, ty, pyrefly, zuban
pizza_burnt.connect(sender_by_keyword)


# == Wrong: what is not a function
# Error
pizza_done.connect(32)
# Error
pizza_done.connect("print")


# == Wrong: no `**kwargs`, some keys missing
def only_sender(sender: type[PizzaStore]) -> None: ...
def only_size(sender: type[PizzaStore], size: int) -> None: ...
def only_size_unannotated(sender, size): ...
def nothing() -> None: ...


# Error
pizza_done.connect(only_sender)
# Error
pizza_done.connect(only_size)
# Error
pizza_done.connect(only_size_unannotated)
# Error
pizza_done.connect(nothing)
# Error
pizza_burnt.connect(only_sender)


# == Wrong: no `**kwargs`, but all current keys, `**kwargs: Unpack[...]`
def all_of_done(
    sender: type[PizzaStore], toppings: list[str], size: int, note: str = ""
) -> None: ...


# Error, missed by mypy
pizza_done.connect(all_of_done)


# == Wrong: no `**kwargs`, but all current keys, keywords spelled out
def all_of_burnt(sender: type[PizzaStore], minutes: int, pizza: str, note: str = "") -> None: ...


# Error, missed by mypy, pyright, basedpyright, ty, pyrefly, zuban
pizza_burnt.connect(all_of_burnt)


# == Wrong: a parameter that is never sent, annotated
def needs_topings(sender: type[PizzaStore], topings: list[str], **kwargs: Any) -> None: ...
def needs_price(sender: object, toppings: list[str], price: int, **kwargs: object) -> None: ...


# Error
pizza_done.connect(needs_topings)
# Error
pizza_done.connect(needs_price)
# Error
pizza_burnt.connect(needs_topings)
# Error
pizza_burnt.connect(needs_price)


# == Wrong: the first parameter is not named `sender`
def calls_it_store(store: type[PizzaStore], **kwargs: Any) -> None: ...
def calls_it_store_unannotated(store, minutes, **kwargs): ...


# Error
pizza_done.connect(calls_it_store)
# Error
pizza_burnt.connect(calls_it_store)
# Error
pizza_burnt.connect(calls_it_store_unannotated)


# == Wrong: a parameter that is never sent, unannotated, `**kwargs: Unpack[...]`
def needs_topings_unannotated(sender, topings, **kwargs): ...
def needs_price_unannotated(sender, toppings, price, **kwargs): ...


# Error, missed by pyright, basedpyright
pizza_done.connect(needs_topings_unannotated)
# Error, missed by pyright, basedpyright
pizza_done.connect(needs_price_unannotated)

# == Wrong: a parameter that is never sent, unannotated, keywords spelled out
# Error
pizza_burnt.connect(needs_topings_unannotated)
# Error
pizza_burnt.connect(needs_price_unannotated)


# == Wrong: a key that is not always sent, without a default
def needs_note(sender: type[PizzaStore], note: str, **kwargs: Any) -> None: ...


# Error
pizza_done.connect(needs_note)
# Error
pizza_burnt.connect(needs_note)


# == Wrong: a key's type
def wants_str(sender: object, size: str, **kwargs: Any) -> None: ...
def wants_tuple(toppings: tuple[str, ...], **kwargs: Any) -> None: ...
def wants_minutes(sender: object, minutes: str, **kwargs: Any) -> None: ...


# Error
pizza_done.connect(wants_str)
# Error
pizza_done.connect(wants_tuple)
# Error
pizza_burnt.connect(wants_minutes)


# == Wrong: the type of `**kwargs`
def takes_int(sender: type[PizzaStore], **kwargs: int) -> None: ...


# Error
pizza_done.connect(takes_int)
# Error
pizza_burnt.connect(takes_int)


# == Wrong: the type of `sender`
def wants_stranger(sender: type[Stranger], **kwargs: Any) -> None: ...
def wants_instance(sender: PizzaStore, **kwargs: Unpack[PizzaDone]) -> None: ...


# Error
pizza_done.connect(wants_stranger)
# Error
pizza_done.connect(wants_instance)
# Error
pizza_burnt.connect(wants_stranger)


# == Wrong: positional-only parameters
def positional_key(sender: object, toppings: list[str], /, **kwargs: Any) -> None: ...
def positional_sender(sender: type[PizzaStore], /, **kwargs: Any) -> None: ...


# Error, missed by pyrefly
pizza_done.connect(positional_key)
# Error, missed by pyrefly
pizza_done.connect(positional_sender)
# Error, missed by pyrefly
pizza_burnt.connect(positional_sender)


# == Wrong: methods and callable objects
class WrongKitchen:
    def misses_kwargs(self, sender: type[PizzaStore]) -> None: ...
    def needs_oven(self, sender: type[PizzaStore], oven: int, **kwargs: Any) -> None: ...
    def __call__(self, sender: type[PizzaStore], oven: int, **kwargs: Any) -> None: ...


# Error
pizza_done.connect(WrongKitchen().misses_kwargs, weak=False)
# Error
pizza_done.connect(WrongKitchen().needs_oven, weak=False)
# Error
pizza_done.connect(WrongKitchen(), weak=False)
