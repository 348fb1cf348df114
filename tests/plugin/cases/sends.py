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
# E: Missing named argument "size" for "send" of "Signal"  [call-arg]
done.send(sender=PizzaStore, toppings=["ham"])
# E: Missing named argument "toppings" for "send_robust" of "Signal"  [call-arg]
done.send_robust(sender=PizzaStore, size=32)
# E: Missing named argument "size" for "asend" of "Signal"  [call-arg]
asyncio.run(done.asend(sender=PizzaStore, toppings=["ham"]))
# E: Missing named argument "size" for "asend_robust" of "Signal"  [call-arg]
asyncio.run(done.asend_robust(sender=PizzaStore, toppings=["ham"]))

# A misspelt key: mypy reports it, but not the missing one.
# E: Unexpected keyword argument "sise" for "send" of "Signal"  [call-arg]
done.send(sender=PizzaStore, toppings=["ham"], sise=32)
# E: Unexpected keyword argument "topings" for "send_robust" of "Signal"; did you mean "toppings"?  [call-arg]
done.send_robust(sender=PizzaStore, topings=["ham"], size=32)

# A key that is not declared.
# E: Unexpected keyword argument "crust" for "send" of "Signal"  [call-arg]
done.send(sender=PizzaStore, toppings=["ham"], size=32, crust="thin")
# E: Unexpected keyword argument "signal" for "asend" of "Signal"  [call-arg]
asyncio.run(done.asend(sender=PizzaStore, toppings=["ham"], size=32, signal=done))

# Values of the wrong type; the run time does not check values.
# E: Argument "size" to "send" of "Signal" has incompatible type "str"; expected "int"  [arg-type]
done.send(sender=PizzaStore, toppings=["ham"], size="32")
# E: Argument "note" to "send_robust" of "Signal" has incompatible type "None"; expected "str"  [arg-type]
done.send_robust(sender=PizzaStore, toppings=["ham"], size=32, note=None)
# E: Argument "size" to "asend" of "Signal" has incompatible type "None"; expected "int"  [arg-type]
asyncio.run(done.asend(sender=PizzaStore, toppings=["ham"], size=None))
# E: List item 0 has incompatible type "int"; expected "str"  [list-item]
asyncio.run(done.asend_robust(sender=PizzaStore, toppings=[1], size=32))

# The sender.
# E: Argument "sender" to "send" of "Signal" has incompatible type "PizzaStore"; expected "type[PizzaStore]"  [arg-type]
done.send(sender=PizzaStore(), toppings=["ham"], size=32)
# E: Argument 1 to "send_robust" of "Signal" has incompatible type "type[int]"; expected "type[PizzaStore]"  [arg-type]
done.send_robust(int, toppings=["ham"], size=32)

# No payload at all.
nothing = Signal[PizzaStore, Any]()
nothing.send(sender=PizzaStore(), anything=1)


class Empty(TypedDict):
    pass


closed = Signal[object, Empty]()
closed.send(sender=None)
# E: Unexpected keyword argument "size" for "send" of "Signal"  [call-arg]
closed.send(sender=None, size=1)


# Keys that are a problem for other dispatchers.
class Awkward(TypedDict):
    self: int
    args: int
    kwargs: int
    payload: int


awkward = Signal[object, Awkward]()
awkward.send(sender=None, self=1, args=2, kwargs=3, payload=4)
# E: Missing named argument "self" for "send" of "Signal"  [call-arg]
awkward.send(sender=None, args=2, kwargs=3, payload=4)

# A TypedDict unpacked into the send.
whole: PizzaDone = {"toppings": [], "size": 1}
done.send(sender=PizzaStore, **whole)


class Part(TypedDict):
    size: int


part: Part = {"size": 1}
done.send(sender=PizzaStore, toppings=[], **part)
# E: Missing named argument "toppings" for "send" of "Signal"  [call-arg]
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
# E: Missing named argument "size" for "send" of "Signal"  [call-arg]
inherited.send(sender=PizzaStore, toppings=[])
overridden = LoggedSignal()
overridden.send(sender=PizzaStore, toppings=[])
overridden.send_robust(sender=PizzaStore, toppings=[], size=1)
# E: Unexpected keyword argument "topping" for "send" of "LoggedSignal"; did you mean "toppings"?  [call-arg]
overridden.send(sender=PizzaStore, topping=[])
# E: Missing named argument "size" for "send_robust" of "Signal"  [call-arg]
overridden.send_robust(sender=PizzaStore, toppings=[])

# Declared by a function: mypy knows the payload without the plugin.


@Signal.declare
def baked(sender: type[PizzaStore], size: int, note: str = "") -> object:
    """A pizza was baked."""


baked.send(sender=PizzaStore, size=1)
baked.send(sender=PizzaStore, size=1, note="hot")
baked.send(PizzaStore, 1)
baked.send(PizzaStore, 1, "hot")
# E: Missing positional argument "size" in call to "send" of "Signal"  [call-arg]
baked.send(sender=PizzaStore)
# E: "send" of "Signal" gets multiple values for keyword argument "size"  [misc]
# R: PayloadError
baked.send(PizzaStore, 1, size=1)
# E: Unexpected keyword argument "crust" for "send" of "Signal"  [call-arg]
baked.send(sender=PizzaStore, size=1, crust=2)
# E: Argument "size" to "send" of "Signal" has incompatible type "str"; expected "int"  [arg-type]
baked.send(sender=PizzaStore, size="1")

# Untyped, as Django's.
untyped = Signal()
untyped.send(sender=None, anything=1)
untyped.send_robust(None)
# E: Missing positional argument "sender" in call to "send" of "Signal"  [call-arg]
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
