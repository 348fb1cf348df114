"""
What is sent, and who receives it: the same for all contenders.
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
    A payload with keys that can be left out.
    """

    price: NotRequired[int]
    note: NotRequired[str]


class PizzaSoldInFull(PizzaDone):
    """
    The same keys, none of which can be left out.
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
        Receive, and do nothing.
        """


def _eat(sender: Any, toppings: Any, size: Any, **kwargs: Any) -> None: ...


async def _eat_later(sender: Any, toppings: Any, size: Any, **kwargs: Any) -> None: ...


async def _wait_and_eat(sender: Any, toppings: Any, size: Any, **kwargs: Any) -> None:
    await asyncio.sleep(0)


def _distinct(template: Any, number: int) -> Callable[..., Any]:
    # A code object of its own, as if written out: what is kept by code is of no use to the next.
    name = f"{template.__name__}_{number}"
    code = template.__code__.replace(co_name=name, co_qualname=name, co_firstlineno=number + 1)
    return FunctionType(code, template.__globals__)


def functions(count: int, start: int = 0) -> list[Callable[..., Any]]:
    """
    Return *count* functions that receive, numbered from *start*.
    """
    return [_distinct(_eat, start + number) for number in range(count)]


def async_functions(count: int, *, waiting: bool = False) -> list[Callable[..., Any]]:
    """
    Return *count* async functions that receive, and let the event loop run before if *waiting*.
    """
    template = _wait_and_eat if waiting else _eat_later
    return [_distinct(template, number) for number in range(count)]
