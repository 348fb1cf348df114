"""Receivers whose signature is stated: it replaces that of the function."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypedDict, TypeVar

import typed_signals
from typed_signals import Signal, receiver, with_signature

P = ParamSpec("P")
R = TypeVar("R")


class PizzaDone(TypedDict):
    size: int


done = Signal[object, PizzaDone]()


def filling(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, sise=7, **kwargs)

    return wrapper


def traced(function: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        kwargs["sise"] = kwargs.pop("size")
        return function(*args, **kwargs)

    return wrapper


def with_oven(function: Callable[Concatenate[str, P], R]) -> Callable[P, R]:
    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return function("wood oven", *args, **kwargs)

    return wrapper


stated = with_signature(lambda sender, **kwargs: None)


@receiver(done)
@with_signature(lambda sender, **kwargs: None)
def alone(sender: object, sise: int = 0, **kwargs: object) -> None:
    pass


@receiver(done)
@with_signature(lambda sender, **kwargs: None)
@filling
def filled(sender: object, sise: int, **kwargs: object) -> None:
    pass


@receiver(done)
@typed_signals.with_signature(lambda sender, **kwargs: None)
@traced
def renamed(sender: object, sise: int, **kwargs: object) -> None:
    pass


@receiver(done)
@stated
@with_oven
def given_an_oven(sender: str, /, sise: int = 0, **kwargs: object) -> None:
    pass


@stated
@traced
def connected_later(sender: object, sise: int, **kwargs: object) -> int:
    return sise


done.connect(connected_later)
done.connect(stated(functools.partial(traced(connected_later), more=1)), weak=False)


class Kitchen:
    @with_signature(lambda self, sender, **kwargs: None)
    @traced
    def method(self, sender: object, sise: int, **kwargs: object) -> None:
        pass

    def log(self, sender: object, sise: int, **kwargs: object) -> None:
        pass


kitchen = Kitchen()
done.connect(kitchen.method)


# What it returns keeps its type, and so do classes and objects.
@stated
class Recording:
    count = 0

    def __init__(self, **kwargs: object) -> None:
        pass


done.connect(Recording)
Recording.count += 1
number: str = connected_later(None, size=1)  # type: ignore[assignment]


# Without a stated signature, what the types say is reported.
@receiver(done)
@with_oven
# E: done cannot connect misspelt: 'sise' is never sent (PizzaDone does not declare it): did you mean 'size'?  [signal-parameter]
def misspelt(oven: str, /, sender: object, sise: int, **kwargs: object) -> None:
    pass
