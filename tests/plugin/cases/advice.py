"""Each message in the situation that it is for, and after it what it advises."""

import functools
from functools import partial
from typing import NotRequired, TypedDict, Unpack

from typed_signals import BaseSignal, Signal, receiver


class PizzaStore:
    pass


class Franchise(PizzaStore):
    pass


class PizzaDone(TypedDict):
    toppings: list[str]
    size: int
    note: NotRequired[str]


done = Signal[type[PizzaStore], PizzaDone]()
asked = Signal[type[PizzaStore], PizzaDone, bool]()


# Only one kind of sender.
@receiver(done)
# E: done cannot connect of_franchise: 'sender' has type "type[PizzaStore]", but the parameter is annotated "type[Franchise]": connect it with sender=Franchise, or annotate it as "type[PizzaStore]"  [signal-type]
def of_franchise(sender: type[Franchise], **kwargs: object) -> None:
    pass


@receiver(done, sender=Franchise)
def of_franchise_only(sender: type[Franchise], **kwargs: object) -> None:
    pass


# The declaration does not say that the payload has the class of the sender.
class Opened(TypedDict):
    store: PizzaStore


opened = Signal[type[PizzaStore], Opened]()


@receiver(opened, sender=Franchise)
# E: opened cannot connect of_sender: 'store' has type "PizzaStore" in Opened, but the parameter is annotated "Franchise": annotate it as "PizzaStore", or declare opened as a function of its sender, in a stub file  [signal-type]
def of_sender(store: Franchise, **kwargs: object) -> None:
    pass


@receiver(opened, sender=PizzaStore)
# E: opened cannot connect of_another: 'store' has type "PizzaStore" in Opened, but the parameter is annotated "Franchise": annotate it as "PizzaStore"  [signal-type]
def of_another(store: Franchise, **kwargs: object) -> None:
    pass


@receiver(opened, sender=Franchise)
def of_base(store: PizzaStore, **kwargs: object) -> None:
    pass


# The filter itself is wrong, so the parameter is not reported.
# E: done is never sent by "str": use a sender of type "type[PizzaStore]", or leave the sender out  [signal-sender]
@receiver(done, sender="PizzaStore")
def by_name(sender: type[PizzaStore], **kwargs: object) -> None:
    pass


# E: done is never sent by a list: connect the receiver once for each sender  [signal-sender]
@receiver(done, sender=[PizzaStore, Franchise])
def by_list(sender: type[PizzaStore], **kwargs: object) -> None:
    pass


@receiver(done, sender=Franchise)
@receiver(done, sender=PizzaStore)
def by_class(sender: type[PizzaStore], **kwargs: object) -> None:
    pass


# A cache.
@receiver(done)
@functools.cache
# E: done cannot connect remember: functools.cache hashes the arguments, but 'toppings' is not hashable: connect a function that calls the cached one with hashable values  [signal-type]
def remember(sender: object, size: int, **kwargs: object) -> None:
    pass


@functools.cache
def remembered(size: int) -> int:
    return size


@receiver(done)
def remember_size(sender: object, size: int, **kwargs: object) -> None:
    remembered(size)


# The parameter for the rest has another name.
@receiver(done)
# E: done cannot connect count: **rest is annotated "int", but it must accept 'signal', 'note', 'toppings': annotate it as "object" or "Any"  [signal-type]
def count(sender: object, **rest: int) -> None:
    pass


@receiver(done)
def count_all(sender: object, **rest: object) -> None:
    pass


@receiver(done)
# E: done cannot connect with_dict: **rest is annotated "PizzaDone", but it must accept 'signal', 'note', 'size', 'toppings': annotate it as "Unpack[PizzaDone]"  [signal-type]
def with_dict(sender: object, **rest: PizzaDone) -> None:
    pass


@receiver(done)
def with_unpacked(sender: object, **rest: Unpack[PizzaDone]) -> None:
    pass


# Names.
@receiver(done)
# E: done cannot connect without_rest: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
def without_rest(sender, toppings, size):
    pass


@receiver(done)
# E: done cannot connect misspelt: 'topings' is never sent (PizzaDone does not declare it): did you mean 'toppings'?  [signal-parameter]
def misspelt(sender, topings, **kwargs):
    pass


@receiver(done)
# E: done cannot connect optional: 'note' is not always sent (it is optional in PizzaDone): give the parameter a default  [signal-parameter]
def optional(sender, note, **kwargs):
    pass


@receiver(done)
# E: done cannot connect positional: receivers are called by keyword, so 'sender' cannot be positional-only: remove the '/' or add a default  [signal-positional]
def positional(sender, /, **kwargs):
    pass


def bill(size, **kwargs):
    pass


bill_large = partial(bill, 40)
# E: done cannot connect partial object: 'size' is sent by keyword, but already bound by position: rename the parameter or make it positional-only  [signal-bound]
done.connect(bill_large)


# A response.
@receiver(asked)
# E: asked cannot connect answer: it returns "str", but asked expects "bool": return "bool"  [signal-response]
def answer(sender: object, **kwargs: object) -> str:
    return "yes"


# A declaration.
class Reserved(TypedDict):
    sender: int


def declare() -> None:
    # E: the payload dict[str, int] is not a TypedDict: declare its keys in a class that inherits from TypedDict  [signal-declaration]
    Signal[object, dict[str, int]]()
    # E: the payload None is not a TypedDict: use an empty TypedDict for a signal without a payload  [signal-declaration]
    Signal[object, None]()
    # E: PizzaDone is a payload, not a sender: write Signal[object, PizzaDone]  [signal-declaration]
    Signal[PizzaDone]()
    # E: the payload PizzaStore is not a TypedDict: sender and payload seem to be swapped, write Signal[sender, payload]  [signal-declaration]
    Signal[PizzaDone, PizzaStore]()
    # E: Reserved declares 'sender', but this name is reserved: rename the key  [signal-declaration]
    Signal[object, Reserved]()
    # E: Signal is a class, not a signal: create a signal with () after the class and any type arguments  [signal-declaration]
    Signal[object, PizzaDone].send(PizzaStore, toppings=[], size=1)

    @Signal.declare
    # E: with_args: '*sizes' cannot be passed by keyword, but a payload is sent by keyword: make it a keyword parameter  [signal-declaration]
    def with_args(sender: object, *sizes: int) -> None:
        pass

    # E: BaseSignal cannot be instantiated: use typed_signals.Signal or typed_signals.django.Signal  [signal-declaration]
    @BaseSignal.declare
    def without_engine(sender: object) -> None:
        pass


# A short life.
def connect_lambda() -> None:
    # E: done keeps only a weak reference to this lambda, and nothing else refers to it, so it is garbage-collected before a send can call it: connect a module-level function, or pass weak=False  [signal-weak]
    done.connect(lambda sender, **kwargs: None)
    done.connect(lambda sender, **kwargs: None, weak=False)


# A key.
@receiver(done)
def read(sender, **kwargs):
    # E: 'sise' is never in kwargs, because done does not declare it: did you mean 'size'?  [signal-read]
    return kwargs["sise"]


# A send.
def send() -> None:
    # E: done.send(): missing 'toppings', unexpected 'topings' (did you mean 'toppings'?); PizzaDone declares 'size', 'toppings' and optionally 'note'  [signal-send]
    done.send(PizzaStore, topings=["ham"], size=1)
    # E: done.send(): the sender has type "PizzaStore", but the signal declares "type[PizzaStore]": pass its class  [signal-send]
    done.send(PizzaStore(), toppings=["ham"], size=1)
    # E: done.send(): 'size' has type "str", but PizzaDone declares "int"  [signal-send]
    done.send(PizzaStore, toppings=["ham"], size="1")
    done.send(PizzaStore, toppings=["ham"], size=1)
