"""Sends: keys, types and senders."""

import asyncio
from collections.abc import Callable
from typing import Any, NotRequired, TypedDict, assert_type

from typed_signals import Signal


class PizzaStore:
    pass


class Franchise(PizzaStore):
    pass


class PizzaDone(TypedDict):
    toppings: list[str]
    size: int
    note: NotRequired[str]


done = Signal[type[PizzaStore], PizzaDone]()

# All keys, or all except for the optional one; the sender by position or by keyword.
done.send(sender=PizzaStore, toppings=["ham"], size=32, note="hot")
done.send(sender=PizzaStore, toppings=["ham"], size=32)
done.send(PizzaStore, toppings=["ham"], size=32)
done.send(Franchise, toppings=[], size=0)
done.send_robust(sender=PizzaStore, toppings=["ham"], size=32)
asyncio.run(done.asend(sender=PizzaStore, toppings=["ham"], size=32))
asyncio.run(done.asend_robust(sender=PizzaStore, toppings=["ham"], size=32))

# A missing key.
# E: done.send(): missing 'size'; PizzaDone declares 'size', 'toppings' and optionally 'note'  [signal-send]
done.send(sender=PizzaStore, toppings=["ham"])
# E: done.send_robust(): missing 'toppings'; PizzaDone declares 'size', 'toppings' and optionally 'note'  [signal-send]
done.send_robust(sender=PizzaStore, size=32)
# E: done.asend(): missing 'size'; PizzaDone declares 'size', 'toppings' and optionally 'note'  [signal-send]
asyncio.run(done.asend(sender=PizzaStore, toppings=["ham"]))
# E: done.asend_robust(): missing 'size'; PizzaDone declares 'size', 'toppings' and optionally 'note'  [signal-send]
asyncio.run(done.asend_robust(sender=PizzaStore, toppings=["ham"]))

# A misspelt key: mypy reports it, but not the missing one.
# E: done.send(): missing 'size', unexpected 'sise' (did you mean 'size'?); PizzaDone declares 'size', 'toppings' and optionally 'note'  [signal-send]
done.send(sender=PizzaStore, toppings=["ham"], sise=32)
# E: done.send_robust(): missing 'toppings', unexpected 'topings' (did you mean 'toppings'?); PizzaDone declares 'size', 'toppings' and optionally 'note'  [signal-send]
done.send_robust(sender=PizzaStore, topings=["ham"], size=32)

# A key that is not declared.
# E: done.send(): unexpected 'crust'; PizzaDone declares 'size', 'toppings' and optionally 'note'  [signal-send]
done.send(sender=PizzaStore, toppings=["ham"], size=32, crust="thin")
# E: done.asend(): unexpected 'signal' (a reserved name); PizzaDone declares 'size', 'toppings' and optionally 'note'  [signal-send]
asyncio.run(done.asend(sender=PizzaStore, toppings=["ham"], size=32, signal=done))

# Values of the wrong type; the run time does not check values.
# E: done.send(): 'size' has type "str", but PizzaDone declares "int"  [signal-send]
done.send(sender=PizzaStore, toppings=["ham"], size="32")
# E: done.send_robust(): 'note' has type "None", but PizzaDone declares "str"  [signal-send]
done.send_robust(sender=PizzaStore, toppings=["ham"], size=32, note=None)
# E: done.asend(): 'size' has type "None", but PizzaDone declares "int"  [signal-send]
asyncio.run(done.asend(sender=PizzaStore, toppings=["ham"], size=None))
# E: done.asend_robust(): 'toppings' has type "list[int]", but PizzaDone declares "list[str]"  [signal-send]
asyncio.run(done.asend_robust(sender=PizzaStore, toppings=[1], size=32))

# The sender.
# E: done.send(): the sender has type "PizzaStore", but the signal declares "type[PizzaStore]": pass its class  [signal-send]
done.send(sender=PizzaStore(), toppings=["ham"], size=32)
# E: done.send_robust(): the sender has type "type[int]", but the signal declares "type[PizzaStore]"  [signal-send]
done.send_robust(int, toppings=["ham"], size=32)

# No payload at all.
nothing = Signal[PizzaStore, Any]()
nothing.send(sender=PizzaStore(), anything=1)


class Empty(TypedDict):
    pass


closed = Signal[object, Empty]()
closed.send(sender=None)
# E: closed.send(): unexpected 'size'; Empty declares nothing  [signal-send]
closed.send(sender=None, size=1)


# Keys that are a problem for other dispatchers.
class Awkward(TypedDict):
    self: int
    args: int
    kwargs: int
    payload: int


awkward = Signal[object, Awkward]()
awkward.send(sender=None, self=1, args=2, kwargs=3, payload=4)
# E: awkward.send(): missing 'self'; Awkward declares 'args', 'kwargs', 'payload', 'self'  [signal-send]
awkward.send(sender=None, args=2, kwargs=3, payload=4)

# A TypedDict unpacked into the send.
whole: PizzaDone = {"toppings": [], "size": 1}
done.send(sender=PizzaStore, **whole)


class Part(TypedDict):
    size: int


part: Part = {"size": 1}
done.send(sender=PizzaStore, toppings=[], **part)
# E: done.send(): missing 'toppings'; PizzaDone declares 'size', 'toppings' and optionally 'note'  [signal-send]
done.send(sender=PizzaStore, **part)


# Subclasses, with and without an override.
class StoreSignal(Signal[type[PizzaStore], PizzaDone]):
    pass


class LoggedSignal(Signal[type[PizzaStore], PizzaDone]):
    def send(self, /, sender: type[PizzaStore], *args: Any, **payload: Any) -> Any:
        payload.setdefault("size", 30)
        return super().send(sender, *args, **payload)


inherited = StoreSignal()
inherited.send(sender=PizzaStore, toppings=[], size=1)
# E: inherited.send(): missing 'size'; PizzaDone declares 'size', 'toppings' and optionally 'note'  [signal-send]
inherited.send(sender=PizzaStore, toppings=[])
overridden = LoggedSignal()
overridden.send(sender=PizzaStore, toppings=[])
overridden.send_robust(sender=PizzaStore, toppings=[], size=1)
# E: overridden.send(): unexpected 'topping' (did you mean 'toppings'?)  [signal-send]
overridden.send(sender=PizzaStore, topping=[])
# E: overridden.send_robust(): missing 'size'; PizzaDone declares 'size', 'toppings' and optionally 'note'  [signal-send]
overridden.send_robust(sender=PizzaStore, toppings=[])

# Declared by a function: mypy knows the payload without the plugin.


@Signal.declare
def baked(sender: type[PizzaStore], size: int, note: str = "") -> object:
    """A pizza was baked."""


baked.send(sender=PizzaStore, size=1)
baked.send(sender=PizzaStore, size=1, note="hot")
baked.send(PizzaStore, 1)
baked.send(PizzaStore, 1, "hot")
# E: baked.send(): missing 'size'; the signal declares 'size' and optionally 'note'  [signal-send]
baked.send(sender=PizzaStore)
# E: baked.send(): 1 passed by position (pass the payload by keyword); the signal declares 'size' and optionally 'note'  [signal-send]
# R: PayloadError
baked.send(PizzaStore, 1, size=1)
# E: baked.send(): unexpected 'crust'; the signal declares 'size' and optionally 'note'  [signal-send]
baked.send(sender=PizzaStore, size=1, crust=2)
# E: baked.send(): 'size' has type "str", but the signal declares "int"  [signal-send]
baked.send(sender=PizzaStore, size="1")

# Untyped, as Django's.
untyped = Signal()
untyped.send(sender=None, anything=1)
untyped.send_robust(None)
# E: untyped.send(): the sender is missing: pass it as sender=...  [signal-send]
# R: TypeError
untyped.send()

# Other classes are not checked.


class Radio:
    def send(self, sender: object, **kwargs: object) -> None:
        pass


Radio().send(sender=None, anything=1)

# Responses.
responses = done.send(sender=PizzaStore, toppings=[], size=1)
assert_type(responses, list[tuple[Callable[..., Any], Any]])


class Yes(TypedDict):
    question: str


asked = Signal[object, Yes, bool]()
assert_type(asked.send(None, question="?"), list[tuple[Callable[..., Any], bool]])
robust = asked.send_robust(None, question="?")
assert_type(robust, list[tuple[Callable[..., Any], bool | Exception]])
