"""`@receiver` with signals that are declared by functions"""

from typing import Any, TypedDict, Unpack, assert_type

from typed_signals import Signal, receiver


class PizzaStore: ...


class PizzaDone(TypedDict):
    toppings: list[str]
    size: int


@Signal.declare
def pizza_done(sender: type[PizzaStore], **kwargs: Unpack[PizzaDone]) -> object:
    """A pizza left the oven."""


@Signal.declare
def pizza_sold(sender: type[PizzaStore], *, size: int, price: int) -> object:
    """A pizza was paid for."""


@Signal.declare
def pizza_lost(sender: type[PizzaStore], *, size: int) -> object:
    """A pizza fell."""


class OfOthers:
    def connect(self, receiver: Any, sender: Any = None) -> None: ...


# == Right receivers, which keep their type
@receiver(pizza_done)
def with_all(sender: type[PizzaStore], toppings: list[str], size: int, **kwargs: Any) -> int:
    return size


assert_type(with_all(sender=PizzaStore, toppings=[], size=32), int)
print(with_all.__name__)


@receiver(signal=pizza_done, sender=PizzaStore, dispatch_uid="payload")
def with_payload(sender: type[PizzaStore], **kwargs: Unpack[PizzaDone]) -> int:
    return kwargs["size"]


assert_type(with_payload(sender=PizzaStore, toppings=[], size=32), int)


# Right, but an error for zuban
@receiver(pizza_done)
@receiver(pizza_sold)
def with_two(sender, size, **kwargs):
    pass


@receiver(pizza_done)
async def is_async(sender: type[PizzaStore], **kwargs: object) -> int:
    return 1


def called_later(sender: type[PizzaStore], **kwargs: object) -> None: ...


receiver(pizza_done)(called_later)


def connects_any(signal: Any) -> None:
    @receiver(signal)
    def local(sender: object, **kwargs: object) -> int:
        return 1

    print(local)


# == Right receivers of lists and tuples, which keep their type
@receiver([pizza_done, pizza_sold, pizza_lost])
def of_three(sender: type[PizzaStore], **kwargs: Any) -> int:
    return 1


assert_type(of_three(sender=PizzaStore), int)


@receiver([pizza_sold, pizza_lost])
def of_two(sender: type[PizzaStore], size: int, **kwargs: Any) -> int:
    return 1


assert_type(of_two(sender=PizzaStore, size=32), int)


@receiver((pizza_sold, pizza_lost))
def of_tuple(sender: type[PizzaStore], size: int, **kwargs: Any) -> int:
    return 1


assert_type(of_tuple(sender=PizzaStore, size=32), int)


@receiver([pizza_lost, OfOthers()])
def of_others(sender: type[PizzaStore], size: int, **kwargs: Any) -> int:
    return 1


assert_type(of_others(sender=PizzaStore, size=32), int)

SIGNALS = [pizza_sold, pizza_lost]


@receiver(SIGNALS)
def of_variable(sender: type[PizzaStore], size: int, **kwargs: Any) -> int:
    return 1


assert_type(of_variable(sender=PizzaStore, size=32), int)


# == Wrong: no `**kwargs`
# Error
@receiver(pizza_done)
def without_kwargs(sender: type[PizzaStore], size: int) -> None: ...


# == Wrong: a parameter that is never sent
# Error
@receiver(pizza_done, sender=PizzaStore)
def with_topings(sender: type[PizzaStore], topings: list[str], **kwargs: Any) -> None: ...


# Error
@receiver(pizza_sold)
def with_topings_unannotated(sender, topings, **kwargs): ...


# == Wrong: a key's type
# Error
@receiver(pizza_done)
def with_str(sender: type[PizzaStore], size: str, **kwargs: Any) -> None: ...


# Error
@receiver(pizza_sold)
async def with_str_async(sender: type[PizzaStore], size: str, **kwargs: Any) -> None: ...


# == Wrong for one of two decorators
# Error
@receiver(pizza_sold)
@receiver(pizza_lost)
def with_wrong_price(sender: type[PizzaStore], price: str = "", **kwargs: Any) -> None: ...


# == Wrong: the decorator called
def with_price(sender: type[PizzaStore], price: int, **kwargs: Any) -> None: ...


# Error
receiver(pizza_lost)(with_price)


# == Wrong for one of a list or tuple
# Error, missed by mypy
@receiver([pizza_sold, pizza_lost])
def of_two_with_price(sender: type[PizzaStore], price: int, **kwargs: Any) -> None: ...


# Error, missed by mypy
@receiver((pizza_sold, pizza_lost))
def of_tuple_with_price(sender: type[PizzaStore], price: int, **kwargs: Any) -> None: ...


# Error, missed by mypy
@receiver([pizza_lost, pizza_done, pizza_sold])
def of_three_with_price(sender, price, **kwargs): ...


# == Wrong for all of a list
# Error
@receiver([pizza_sold])
def of_one(sender: type[PizzaStore], toppings: list[str], **kwargs: Any) -> None: ...


# == Wrong for one of a list in a variable
# Error, missed by mypy, standard_pyright, standard_basedpyright
@receiver(SIGNALS)
def of_variable_with_price(sender: type[PizzaStore], price: int, **kwargs: Any) -> None: ...


# == Wrong: what is not a signal
# Error
@receiver(32)
def of_nothing(sender: object, **kwargs: Any) -> None: ...
