"""`Signal[S, K]()`"""

import asyncio
from typing import Any, NotRequired, TypedDict, Unpack, assert_type

from typed_signals import Signal, receiver


class PizzaStore: ...


class Stranger: ...


class PizzaDone(TypedDict):
    toppings: list[str]
    size: int
    note: NotRequired[str]


class PizzaLost(TypedDict):
    size: int


pizza_done = Signal[type[PizzaStore], PizzaDone]()
pizza_lost = Signal[type[PizzaStore], PizzaLost]()
pizza_kept = Signal[type[PizzaStore], PizzaLost, bool]()


class Oven:
    heated: Signal[type[PizzaStore], PizzaLost] = Signal()


# == Right sends
pizza_done.send(sender=PizzaStore, toppings=["ham"], size=32)
pizza_done.send(PizzaStore, toppings=["ham"], size=32, note="hot")
pizza_done.send_robust(sender=PizzaStore, toppings=["ham"], size=32)
Oven.heated.send(sender=PizzaStore, size=32)
asyncio.run(pizza_done.asend(sender=PizzaStore, toppings=["ham"], size=32))
asyncio.run(pizza_done.asend_robust(sender=PizzaStore, toppings=["ham"], size=32))

# == The types of responses
for _, response in pizza_kept.send(sender=PizzaStore, size=32):
    assert_type(response, bool)
for _, response_or_error in pizza_kept.send_robust(sender=PizzaStore, size=32):
    assert_type(response_or_error, bool | Exception)


async def responses() -> None:
    for _, response in await pizza_kept.asend(sender=PizzaStore, size=32):
        assert_type(response, bool)
    for _, response_or_error in await pizza_kept.asend_robust(sender=PizzaStore, size=32):
        assert_type(response_or_error, bool | Exception)


# == Right receivers
def takes_any(sender: type[PizzaStore], **kwargs: Any) -> None: ...
def takes_payload(sender: type[PizzaStore], **kwargs: Unpack[PizzaDone]) -> None: ...
def takes_everything(**kwargs: Any) -> None: ...
def takes_unannotated(sender, size, **kwargs): ...
def names_second(sender: object, size: int, **kwargs: object) -> None: ...
def names_by_keyword(*, sender: object, size: int, **kwargs: object) -> None: ...
def signal_last(sender: object, size: int, signal: object, **kwargs: Any) -> None: ...
async def is_async(sender: object, **kwargs: object) -> None: ...


class Kitchen:
    def names(self, sender: object, size: int, **kwargs: Any) -> None: ...


kitchen = Kitchen()
pizza_done.connect(takes_any)
pizza_done.connect(takes_payload)
pizza_done.connect(takes_everything)
pizza_done.connect(takes_unannotated)
pizza_done.connect(names_second)
pizza_done.connect(names_by_keyword)
pizza_done.connect(signal_last)
pizza_done.connect(is_async)
pizza_done.connect(kitchen.names)
pizza_done.connect(lambda sender, **kwargs: None, weak=False)


@receiver(pizza_done, sender=PizzaStore)
def decorated(sender: type[PizzaStore], size: int, **kwargs: Any) -> int:
    return 1


assert_type(decorated(sender=PizzaStore, size=32), int)


@receiver([pizza_done, pizza_lost])
def decorated_twice(sender: type[PizzaStore], size: int, **kwargs: Any) -> int:
    return 1


assert_type(decorated_twice(sender=PizzaStore, size=32), int)

# == A wrong sender
# Error, missed by pyrefly
pizza_done.send(sender=Stranger, toppings=["ham"], size=32)
# Error, missed by pyrefly
pizza_done.send_robust(sender=PizzaStore(), toppings=["ham"], size=32)
# Error, missed by pyrefly
asyncio.run(pizza_done.asend(sender=Stranger, toppings=["ham"], size=32))
# Error, missed by pyrefly
asyncio.run(pizza_done.asend_robust(sender=None, toppings=["ham"], size=32))

# == A wrong sender by position
# Error, missed by pyrefly
pizza_done.send(Stranger, toppings=["ham"], size=32)

# == A missing sender
# Error, missed by pyrefly
pizza_done.send(toppings=["ham"], size=32)

# == A missing, unknown or misspelt key
# Error, missed by mypy, pyright, basedpyright, ty, pyrefly, zuban
pizza_done.send(sender=PizzaStore, toppings=["ham"])
# Error, missed by mypy, pyright, basedpyright, ty, pyrefly, zuban
pizza_done.send_robust(sender=PizzaStore, toppings=["ham"], size=32, price=10)
# Error, missed by mypy, pyright, basedpyright, ty, pyrefly, zuban
asyncio.run(pizza_done.asend(sender=PizzaStore, topings=["ham"], size=32))

# == A value of the wrong type
# Error, missed by mypy, pyright, basedpyright, ty, pyrefly, zuban
pizza_done.send(sender=PizzaStore, toppings=["ham"], size="large")

# == The same, in `**PizzaDone(...)`
pizza_done.send(sender=PizzaStore, **PizzaDone(toppings=["ham"], size=32))
# Error, missed by pyrefly
pizza_done.send(sender=PizzaStore, **PizzaDone(toppings=["ham"]))
# Error, missed by pyrefly
pizza_done.send(sender=PizzaStore, **PizzaDone(toppings=["ham"], size=32, price=10))
# Error, missed by pyrefly
pizza_done.send(sender=PizzaStore, **PizzaDone(toppings=["ham"], size="large"))

# == The same, in a variable
right: PizzaDone = {"toppings": ["ham"], "size": 32}
pizza_done.send(sender=PizzaStore, **right)
# Error
without_size: PizzaDone = {"toppings": ["ham"]}
# Error
with_price: PizzaDone = {"toppings": ["ham"], "size": 32, "price": 10}
# Error
large: PizzaDone = {"toppings": ["ham"], "size": "large"}


# == Wrong receivers
def without_kwargs(sender: type[PizzaStore], size: int) -> None: ...
def needs_topings(sender: type[PizzaStore], topings: list[str], **kwargs: Any) -> None: ...
def wants_str(sender: type[PizzaStore], size: str, **kwargs: Any) -> None: ...


# Error, missed by mypy, pyright, basedpyright, ty, pyrefly, zuban
pizza_done.connect(without_kwargs)
# Error, missed by mypy, pyright, basedpyright, ty, pyrefly, zuban
pizza_done.connect(needs_topings)
# Error, missed by mypy, pyright, basedpyright, ty, pyrefly, zuban
pizza_done.connect(wants_str)


# Error, missed by mypy, pyright, basedpyright, ty, pyrefly, zuban
@receiver(pizza_done)
def decorated_with_topings(sender: type[PizzaStore], topings: list[str], **kwargs: Any): ...


# == Wrong receivers: the type of `sender`
def wants_stranger(sender: Stranger, **kwargs: Any) -> None: ...


# Error, missed by mypy, pyright, basedpyright, ty, pyrefly, zuban
pizza_done.connect(wants_stranger)

# == Wrong: what is not a function
# Error
pizza_done.connect(32)
