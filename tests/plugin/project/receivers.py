"""Receivers of every kind, some of them connected here already."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import signals
from signals import Store, declared, ordered, shipped, tracked

from typed_signals import receiver

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])


def same(function: F) -> F:
    return function


def traced(function: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)

    return wrapper


def lost(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


def untyped(function):
    return function


@receiver(ordered)
def right(sender, number, **kwargs):
    return kwargs.get("note")


@receiver([ordered, tracked], sender=Store)
def wrong(sender, numbr, **kwargs):
    return kwargs


@receiver(signals.ordered)
def reads(sender, **kwargs):
    return kwargs["note"], kwargs["nota"]


@receiver(shipped)
async def awaited(price: float, **kwargs: object) -> bool:
    return bool(price)


@receiver(shipped)
async def wrongly_awaited(price: str, **kwargs: object) -> str:
    return price


@receiver(declared)
def of_declared(number: int, note: str, **kwargs: object) -> None: ...


def plain(sender, note, **kwargs): ...


def positional(sender, /, number: int, **kwargs: object) -> None: ...


def with_default(sender=None, /, note: str = "", **kwargs: object) -> None: ...


async def later(number: str, **kwargs: object) -> bool:
    return True


@same
def kept(sender: object, note: str, **kwargs: object) -> None: ...


@traced
def traced_function(sender: object, /, note: str, **kwargs: object) -> None: ...


@lost
def lost_function(whatever: int) -> None: ...


@untyped
def untyped_function(whatever):
    return whatever


class Kitchen:
    def method(self, sender: object, number: str, **kwargs: object) -> None: ...

    def positional(self, sender: object, /, **kwargs: object) -> None: ...

    @classmethod
    def of_class(cls, note: str, **kwargs: object) -> None: ...

    @staticmethod
    def static(sender: object, number: int) -> None: ...

    async def later(self, **kwargs: object) -> int:
        return 1

    @traced
    def traced_method(self, note: str, **kwargs: object) -> None: ...

    def number(number, **kwargs): ...  # noqa: N805

    def __call__(self, note: str, **kwargs: object) -> None: ...


def bake(oven: str, sender: object, note: str, **kwargs: object) -> None: ...


kitchen = Kitchen()
filled = functools.partial(bake, "stone")
filled_number = functools.partial(positional, None)
filled_method = functools.partial(kitchen.method, None, "1")
by_lambda = lambda sender, note, **kwargs: None
bound = kitchen.method
