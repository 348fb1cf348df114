"""Sends of a signal that is declared by a function"""

import asyncio
from typing import Any, NotRequired, TypedDict, Unpack, assert_type

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
def pizza_burnt(sender: type[PizzaStore], *, minutes: int, note: str = "") -> bool:
    """A pizza stayed in the oven for too long."""
    raise NotImplementedError  # never called


@Signal.declare
def pizza_eaten(sender: type[PizzaStore], *, minutes: int) -> None:
    """A pizza was eaten; responses are not used."""


# == Right sends
pizza_done.send(sender=PizzaStore, toppings=["ham"], size=32)
pizza_done.send(PizzaStore, toppings=["ham"], size=32, note="hot")
pizza_done.send_robust(sender=PizzaStore, toppings=["ham"], size=32)
pizza_burnt.send(sender=PizzaStore, minutes=45)
pizza_burnt.send(PizzaStore, minutes=45, note="black")
payload: PizzaDone = {"toppings": ["ham"], "size": 32}
pizza_done.send(sender=PizzaStore, **payload)
asyncio.run(pizza_done.asend(sender=PizzaStore, toppings=["ham"], size=32))
asyncio.run(pizza_burnt.asend_robust(sender=PizzaStore, minutes=45))

# == A missing key, `**kwargs: Unpack[...]`
# Error
pizza_done.send(sender=PizzaStore, toppings=["ham"])
# Error
pizza_done.send_robust(sender=PizzaStore, toppings=["ham"])
# Error
asyncio.run(pizza_done.asend(sender=PizzaStore, toppings=["ham"]))
# Error
asyncio.run(pizza_done.asend_robust(sender=PizzaStore, toppings=["ham"]))

# == A missing key, keywords spelled out
# Error
pizza_burnt.send(sender=PizzaStore)
# Error
pizza_burnt.send_robust(sender=PizzaStore, note="black")
# Error
asyncio.run(pizza_burnt.asend(sender=PizzaStore))
# Error
asyncio.run(pizza_burnt.asend_robust(sender=PizzaStore))

# == A key that is not declared, `**kwargs: Unpack[...]`
# Error, missed by ty, zuban
pizza_done.send(sender=PizzaStore, toppings=["ham"], size=32, price=10)
# Error, missed by ty, zuban
pizza_done.send_robust(sender=PizzaStore, toppings=["ham"], size=32, price=10)
# Error, missed by ty, zuban
asyncio.run(pizza_done.asend(sender=PizzaStore, toppings=["ham"], size=32, price=10))
# Error, missed by ty, zuban
asyncio.run(pizza_done.asend_robust(sender=PizzaStore, toppings=["ham"], size=32, price=10))

# == A key that is not declared, keywords spelled out
# Error
pizza_burnt.send(sender=PizzaStore, minutes=45, price=10)
# Error
pizza_burnt.send_robust(sender=PizzaStore, minutes=45, price=10)
# Error
asyncio.run(pizza_burnt.asend(sender=PizzaStore, minutes=45, price=10))
# Error
asyncio.run(pizza_burnt.asend_robust(sender=PizzaStore, minutes=45, price=10))

# == A misspelt key
# Error
pizza_done.send(sender=PizzaStore, topings=["ham"], size=32)
# Error
pizza_burnt.send(sender=PizzaStore, minuts=45)

# == A value of the wrong type
# Error
pizza_done.send(sender=PizzaStore, toppings=["ham"], size="large")
# Error
pizza_done.send_robust(sender=PizzaStore, toppings="ham", size=32)
# Error
asyncio.run(pizza_burnt.asend(sender=PizzaStore, minutes="45"))
# Error
asyncio.run(pizza_burnt.asend_robust(sender=PizzaStore, minutes=45, note=None))

# == A wrong sender
# Error
pizza_done.send(sender=Stranger, toppings=["ham"], size=32)
# Error
pizza_done.send_robust(Stranger, toppings=["ham"], size=32)
# Error
asyncio.run(pizza_burnt.asend(sender=PizzaStore(), minutes=45))
# Error
asyncio.run(pizza_burnt.asend_robust(sender=None, minutes=45))

# == A missing sender
# Error
pizza_done.send(toppings=["ham"], size=32)
# Error
asyncio.run(pizza_burnt.asend(minutes=45))

# == The payload by position
# Error
pizza_done.send(PizzaStore, ["ham"], 32)
# Error
pizza_burnt.send(PizzaStore, 45)

# == The types of responses
for _, response in pizza_burnt.send(sender=PizzaStore, minutes=45):
    assert_type(response, bool)
for _, response_or_error in pizza_burnt.send_robust(sender=PizzaStore, minutes=45):
    assert_type(response_or_error, bool | Exception)


async def responses() -> None:
    for _, response in await pizza_burnt.asend(sender=PizzaStore, minutes=45):
        assert_type(response, bool)
    for _, response_or_error in await pizza_burnt.asend_robust(sender=PizzaStore, minutes=45):
        assert_type(response_or_error, bool | Exception)


# == Receivers that return something, if responses are not used
def counts(sender: type[PizzaStore], minutes: int, **kwargs: Any) -> int:
    return minutes


pizza_eaten.connect(counts)


# == Declarations that are not functions
# Error
Signal.declare(32)


# Error
@Signal.declare
def nobody() -> object: ...


any_signal: Signal[Any, Any, Any, ...] = pizza_done
