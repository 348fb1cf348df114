"""Signals of another package, with everything annotated"""

import asyncio
from collections.abc import Callable, Hashable
from functools import partial
from typing import ParamSpec, TypeVar, Unpack, assert_type

import library
from library import Oven, PizzaDone, PizzaStore, Stranger
from library import anything, pizza_burnt, pizza_done, pizza_lost, pizza_rated
from typed_signals import Signal, receiver
from typing_extensions import override

P = ParamSpec("P")
ReturnT = TypeVar("ReturnT")


# == Right sends
pizza_done.send(sender=PizzaStore, toppings=["ham"], size=32)
pizza_burnt.send_robust(sender=PizzaStore, minutes=45)
pizza_lost.send(sender=PizzaStore, toppings=["ham"], size=32)
Oven.heated.send(sender=PizzaStore, toppings=["ham"], size=32)
anything.send(sender=None, size=32)
asyncio.run(pizza_done.asend(sender=PizzaStore, toppings=["ham"], size=32))
for _, rating in pizza_rated.send(sender=PizzaStore, toppings=["ham"], size=32):
    assert_type(rating, int)


# == Right receivers at `connect`
def takes_object(sender: object, **kwargs: object) -> None: ...
def takes_payload(sender: type[PizzaStore], **kwargs: Unpack[PizzaDone]) -> None: ...
def names_toppings(sender: type[PizzaStore], toppings: list[str], **kwargs: object) -> None: ...
def without_sender(*, minutes: int, **kwargs: object) -> None: ...
def with_signal(sender: object, signal: object, minutes: int, **kwargs: object) -> None: ...
def needs_oven(oven: int, sender: object, minutes: int, **kwargs: object) -> None: ...


class Kitchen:
    def __init__(self) -> None:
        pizza_done.connect(self.bound)
        pizza_lost.connect(self.bound)

    def bound(self, sender: object, toppings: list[str], **kwargs: object) -> None: ...
    async def is_async(self, sender: object, minutes: int, **kwargs: object) -> None: ...
    def __call__(self, sender: object, minutes: int, **kwargs: object) -> None: ...


pizza_done.connect(takes_object)
pizza_done.connect(takes_payload)
pizza_done.connect(names_toppings)
pizza_burnt.connect(without_sender)
pizza_burnt.connect(with_signal)
pizza_burnt.connect(partial(needs_oven, 1), weak=False)
pizza_burnt.connect(Kitchen().is_async, weak=False)
pizza_burnt.connect(Kitchen(), weak=False)
pizza_lost.connect(takes_payload)
anything.connect(takes_object)
Oven.heated.connect(names_toppings)


# == Right receivers under `@receiver`, which keep their type
@receiver(pizza_done)
def of_one(sender: type[PizzaStore], toppings: list[str], size: int, **kwargs: object) -> int:
    return size


@receiver(library.pizza_done, sender=PizzaStore, weak=False, dispatch_uid="payload")
def of_member(sender: type[PizzaStore], **kwargs: Unpack[PizzaDone]) -> int:
    return kwargs["size"]


@receiver(pizza_burnt)
async def of_async(sender: object, minutes: int, **kwargs: object) -> None: ...


@receiver(pizza_lost)
@receiver(Oven.heated)
@receiver(anything)
def of_typed_dict(sender: object, toppings: list[str], **kwargs: object) -> int:
    return 1


@receiver(pizza_rated, sender=PizzaStore)
def of_rated(sender: type[PizzaStore], size: int, **kwargs: object) -> int:
    return size


def logged(function: Callable[P, ReturnT]) -> Callable[P, ReturnT]:
    return function


@receiver(pizza_burnt)
@logged
def of_decorated(sender: type[PizzaStore], minutes: int, **kwargs: object) -> int:
    return minutes


class Logging(Signal[type[PizzaStore], PizzaDone]):
    @override
    def connect(
        self,
        receiver: Callable[..., object],
        sender: object = None,
        weak: bool = True,
        dispatch_uid: Hashable = None,
    ) -> None:
        super().connect(receiver, sender, weak, dispatch_uid)


@receiver(Logging())
def of_subclass(sender: type[PizzaStore], toppings: list[str], **kwargs: object) -> int:
    return 1


@receiver(pizza_done if __debug__ else pizza_burnt)
def of_either(sender: type[PizzaStore], **kwargs: object) -> int:
    return 1


def connects_local(signal: Signal) -> Callable[..., int]:
    @receiver(signal)
    def local(sender: object, **kwargs: object) -> int:
        return 1

    return local


assert_type(of_one(sender=PizzaStore, toppings=[], size=32), int)
assert_type(of_member(sender=PizzaStore, toppings=[], size=32), int)
# Right, but an error for zuban
assert_type(of_typed_dict(sender=PizzaStore, toppings=[]), int)
assert_type(of_subclass(sender=PizzaStore, toppings=[]), int)
assert_type(of_either(sender=PizzaStore), int)
assert_type(of_rated(sender=PizzaStore, size=32), int)
assert_type(of_decorated(sender=PizzaStore, minutes=45), int)
receiver(pizza_burnt)(with_signal)
print(of_one.__name__, of_typed_dict.__name__)


# == Right receivers of lists and tuples, which keep their type
@receiver([pizza_done, pizza_lost])
def of_list(sender: type[PizzaStore], toppings: list[str], **kwargs: object) -> int:
    return 1


@receiver((pizza_burnt, pizza_done, anything))
def of_tuple(sender: type[PizzaStore], **kwargs: object) -> int:
    return 1


SIGNALS = [pizza_done, pizza_burnt]


@receiver(SIGNALS)
def of_variable(sender: type[PizzaStore], **kwargs: object) -> int:
    return 1


assert_type(of_list(sender=PizzaStore, toppings=[]), int)
assert_type(of_tuple(sender=PizzaStore), int)
assert_type(of_variable(sender=PizzaStore), int)


# == Wrong receivers at `connect`
def without_kwargs(sender: type[PizzaStore]) -> None: ...
def with_minuts(sender: type[PizzaStore], minuts: int, **kwargs: object) -> None: ...
def with_str(sender: type[PizzaStore], minutes: str, **kwargs: object) -> None: ...
def with_stranger(sender: type[Stranger], **kwargs: object) -> None: ...


# Error
pizza_done.connect(without_kwargs)
# Error
pizza_burnt.connect(with_minuts)
# Error
pizza_burnt.connect(with_str)
# Error
pizza_burnt.connect(with_stranger)


# == Wrong receivers under `@receiver`
# Error
@receiver(pizza_done)
def of_one_without_kwargs(sender: type[PizzaStore]) -> None: ...


# Error
@receiver(pizza_done, sender=PizzaStore)
def of_one_with_topings(sender: type[PizzaStore], topings: list[str], **kwargs: object) -> None: ...


# Error
@receiver(pizza_burnt)
async def of_one_with_str(sender: type[PizzaStore], minutes: str, **kwargs: object) -> None: ...


# Error
@receiver(library.pizza_burnt)
def of_one_with_stranger(sender: type[Stranger], **kwargs: object) -> None: ...


# Error
@receiver([pizza_burnt])
def of_list_with_minuts(sender: type[PizzaStore], minuts: int, **kwargs: object) -> None: ...


# Error
receiver(pizza_burnt)(with_minuts)
