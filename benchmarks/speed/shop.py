"""
The payload and the receivers: the same for all contenders.
"""

from __future__ import annotations

import asyncio
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final, NotRequired, TypedDict

if TYPE_CHECKING:
    from collections.abc import Callable


class PizzaStore:
    """
    The sender.
    """


class PizzaDone(TypedDict):
    """
    The payload of nearly all cases.
    """

    toppings: list[str]
    size: int


class PizzaSold(PizzaDone):
    """
    A payload with optional keys.
    """

    price: NotRequired[int]
    note: NotRequired[str]


class PizzaSoldInFull(PizzaDone):
    """
    The same keys, all of them required.
    """

    price: int
    note: str


TOPPINGS: Final = ["ham"]
SENT: Final = {"sender": PizzaStore, "toppings": TOPPINGS, "size": 32}


class Customer:
    """
    Its method is a receiver.
    """

    def eat(self, sender: Any, toppings: Any, size: Any, **kwargs: Any) -> None:
        """
        Do nothing.
        """


def _eat(sender: Any, toppings: Any, size: Any, **kwargs: Any) -> None: ...


def _note_save(sender: Any, instance: Any, created: Any, **kwargs: Any) -> None: ...


async def _eat_later(sender: Any, toppings: Any, size: Any, **kwargs: Any) -> None: ...


async def _wait_and_eat(sender: Any, toppings: Any, size: Any, **kwargs: Any) -> None:
    await asyncio.sleep(0)


def _distinct(template: Any, number: int) -> Callable[..., Any]:
    # A separate code object, as if written separately: caches per code object are not shared.
    name = f"{template.__name__}_{number}"
    code = template.__code__.replace(co_name=name, co_qualname=name, co_firstlineno=number + 1)
    return FunctionType(code, template.__globals__)


def functions(count: int, start: int = 0) -> list[Callable[..., Any]]:
    """
    Return *count* receiver functions, numbered from *start*.
    """
    return [_distinct(_eat, start + number) for number in range(count)]


def functions_for_models(count: int) -> list[Callable[..., Any]]:
    """
    Return *count* receiver functions of Django's ``post_save``.
    """
    return [_distinct(_note_save, number) for number in range(count)]


def async_functions(count: int, *, waiting: bool = False) -> list[Callable[..., Any]]:
    """
    Return *count* async receiver functions, which let the event loop run first if *waiting*.
    """
    template = _wait_and_eat if waiting else _eat_later
    return [_distinct(template, number) for number in range(count)]
