"""Sends with several mistakes, or with arguments that mypy only knows in part: one error at most."""

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, NotRequired, TypedDict, TypeVar

from typed_signals import Signal


class PizzaStore:
    pass


class PizzaDone(TypedDict):
    toppings: list[str]
    size: int
    note: NotRequired[str]


done = Signal[type[PizzaStore], PizzaDone]()

# One error, whatever is wrong.
# E: done.send(): 2 passed by position (pass the payload by keyword), missing 'size', 'toppings'; PizzaDone declares 'size', 'toppings' and optionally 'note'  [signal-send]
done.send(PizzaStore, ["ham"], 32)
# E: done.send(): 1 passed by position (pass the payload by keyword), missing 'toppings'; PizzaDone declares 'size', 'toppings' and optionally 'note'  [signal-send]
done.send(PizzaStore, ["ham"], size=32)
# E: done.send(): missing 'size', unexpected 'sise' (did you mean 'size'?), unexpected 'crust'; PizzaDone declares 'size', 'toppings' and optionally 'note'; 'toppings' has type "str", but PizzaDone declares "list[str]"  [signal-send]
done.send(PizzaStore, toppings="ham", sise=32, crust="thin")
# E: done.send(): 'toppings' has type "str", but PizzaDone declares "list[str]"; 'size' has type "str", but PizzaDone declares "int"  [signal-send]
done.send(PizzaStore, toppings="ham", size="large")
# E: done.send(): 'toppings' has type "list[int]", but PizzaDone declares "list[str]"  [signal-send]
done.send(PizzaStore, toppings=[1, 2, 3], size=32)


def send_without_sender() -> None:
    # E: done.send(): the sender is missing: pass it as sender=...  [signal-send]
    done.send(toppings=["ham"], size=32)
    # E: done.send(): the sender is missing: pass it as sender=...; missing 'size', 'toppings'; PizzaDone declares 'size', 'toppings' and optionally 'note'  [signal-send]
    done.send()
    # E: done.send(): the sender is missing: pass it as sender=...; unexpected 'sendr'; PizzaDone declares 'size', 'toppings' and optionally 'note'  [signal-send]
    done.send(sendr=PizzaStore, toppings=["ham"], size=32)
    # E: done.send(): the sender is passed by position and by name: pass everything by name; missing 'toppings'; PizzaDone declares 'size', 'toppings' and optionally 'note'  [signal-send]
    done.send(["ham"], sender=PizzaStore, size=32)


# A dict may contain any key with any type, so it is not checked.
done.send(**dict(sender=PizzaStore, toppings=["ham"], size=32))  # noqa: C408
done.send(PizzaStore, **dict(toppings=["ham"], size=32))  # noqa: C408
literal = {"toppings": ["ham"], "size": 32}
done.send(PizzaStore, **literal)
done.send(PizzaStore, size=32, **{"toppings": ["ham"]})
# E: done.send(): 'size' has type "str", but PizzaDone declares "int"  [signal-send]
done.send(PizzaStore, size="large", **{"toppings": ["ham"]})
# E: done.send(): unexpected 'crust'; PizzaDone declares 'size', 'toppings' and optionally 'note'  [signal-send]
done.send(PizzaStore, crust="thin", **dict(toppings=["ham"], size=32))  # noqa: C408

# *args may contain the sender, but no key.
only_sender = [PizzaStore]
done.send(*only_sender, toppings=["ham"], size=32)
# E: done.send(): missing 'size'; PizzaDone declares 'size', 'toppings' and optionally 'note'  [signal-send]
done.send(*only_sender, toppings=["ham"])


def forward(*args: Any, **kwargs: Any) -> None:
    done.send(*args, **kwargs)
    done.send(PizzaStore, *args, **kwargs)
    functools.partial(done.send, PizzaStore)(*args, **kwargs)


def forward_numbers(*args: int, **kwargs: int) -> None:
    done.send(*args, **kwargs)
    done.send(PizzaStore, **kwargs)


# Through one's own method, a variable, or a type variable: accepted.
class Announcing(Signal[type[PizzaStore], PizzaDone]):
    def announce(self, **payload: Any) -> None:
        self.send(PizzaStore, **payload)

    def send(self, /, sender: type[PizzaStore], *args: Any, who: str = "", **payload: Any) -> Any:
        return super().send(sender, *args, **payload)


announcing = Announcing()
announcing.announce(toppings=[], size=1)
announcing.send(PizzaStore, who="cook", toppings=[], size=1)


# Another type of sender.
class Defaulting(Signal[type[PizzaStore], PizzaDone]):
    def send(self, /, sender: type[PizzaStore] | None = None, *args: Any, **payload: Any) -> Any:
        return super().send(sender or PizzaStore, *args, **payload)


defaulting = Defaulting()
defaulting.send(toppings=[], size=1)
defaulting.send(None, toppings=[], size=1)
# E: Argument 1 to "send" of "Defaulting" has incompatible type "int"; expected "type[PizzaStore] | None"  [arg-type]
defaulting.send(1, toppings=[], size=1)
SignalT = TypeVar("SignalT", bound=Signal[type[PizzaStore], PizzaDone])


def send_any(signal: SignalT) -> SignalT:
    signal.send(PizzaStore, toppings=[], size=1)
    send = signal.send
    send(PizzaStore, toppings=[], size=1)
    return signal


# An abstract class is a sender.
class Store(ABC):
    @abstractmethod
    def bake(self) -> None: ...


by_abstract = Signal[type[Store], PizzaDone]()
by_abstract.send(Store, toppings=[], size=1)


# What is wrong is in the value itself.
class Address(TypedDict):
    street: str


class Delivered(TypedDict):
    address: Address
    name: Callable[[int], str]


delivered = Signal[object, Delivered]()
delivered.send(None, address={"street": "Main"}, name=lambda number: str(number + 1))
delivered.send(None, address=Address(street="Main"), name=str)
# E: delivered.send(): 'name' has type "Callable[[int], int]", but Delivered declares "Callable[[int], str]"  [signal-send]
delivered.send(None, address={"street": "Main"}, name=lambda number: number + 1)
# E: Extra key "town" for TypedDict "Address"  [typeddict-unknown-key]
delivered.send(None, address={"street": "Main", "town": "Rome"}, name=str)


# How to fix a type.
class Ham(str):
    __slots__ = ()


hams: list[Ham] = []


async def cook() -> int:
    return 1


# E: done.send(): 'toppings' has type "list[Ham]", but PizzaDone declares "list[str]": declare it as "Sequence[str]", because list is invariant  [signal-send]
done.send(PizzaStore, toppings=hams, size=1)
by_store = Signal[PizzaStore, PizzaDone]()
# E: by_store.send(): the sender has type "type[PizzaStore]", but the signal declares "PizzaStore": pass an instance  [signal-send]
by_store.send(PizzaStore, toppings=[], size=1)


async def cook_and_send() -> None:
    await done.asend(PizzaStore, toppings=[], size=await cook())
    # E: done.asend(): 'size' has type "Coroutine[Any, Any, int]", but PizzaDone declares "int": await it  [signal-send]
    await done.asend(PizzaStore, toppings=[], size=cook())


# Keyword parameters of a function: the first ones may be passed by position.
@Signal.declare
def baked(sender: type[PizzaStore], size: int, *, note: str = "") -> object:
    """A pizza was baked."""


baked.send(PizzaStore, 1)
baked.send(PizzaStore, 1, note="hot")
baked.send(PizzaStore, *[1])
baked.send(PizzaStore, **dict(size=1, note="hot"))  # noqa: C408
# E: baked.send(): 2 passed by position (pass the payload by keyword), missing 'size'; the signal declares 'size' and optionally 'note'  [signal-send]
baked.send(PizzaStore, 1, "hot")
# E: baked.send(): 'size' has type "str", but the signal declares "int"  [signal-send]
baked.send(PizzaStore, "1")
# E: baked.send(): unexpected 'nota' (did you mean 'note'?); the signal declares 'size' and optionally 'note'  [signal-send]
baked.send(PizzaStore, 1, nota="hot")
baked.send(*[PizzaStore], 1)
