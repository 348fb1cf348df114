"""
Lower bounds for a send in plain Python, step by step.

Each contender only does a part of the work of a signal. So they have no targets:
they show the difference between code by hand and the fastest possible signal.
"""

from __future__ import annotations

import weakref
from types import MethodType
from typing import TYPE_CHECKING, Any, Final

from .case import Contender
from .contenders import NAMES, SEND, calls_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .contenders import Receivers

    Reference = Callable[[], Any]

WEAK: Final = "by hand, weak"
HELD_FIRST: Final = "by hand, weak, held first"

MISSING: Final = object()


class OverReferences:
    """
    Calls the functions that weak references lead to.
    """

    def __init__(self, receivers: Receivers) -> None:
        self.references = [weakref.ref(receiver) for receiver in receivers]

    def send(self, sender: Any, toppings: Any, size: Any) -> list[Any]:
        """
        Follow one reference after the other: a receiver may delete the next one before its call.
        """
        return [
            (r, r(signal=self, sender=sender, toppings=toppings, size=size))
            for reference in self.references
            if (r := reference()) is not None
        ]

    def send_held(self, sender: Any, toppings: Any, size: Any) -> list[Any]:
        """
        Follow all references first: receivers deleted by others are still called, as in Django.
        """
        receivers = [reference() for reference in self.references]
        return [
            (r, r(signal=self, sender=sender, toppings=toppings, size=size))
            for r in receivers
            if r is not None
        ]


class OverMethodReferences:
    """
    Calls methods with weak references to function and object, as in Django.

    A bound method is created for each send, because a stored one would keep its object alive. If a
    receiver was garbage-collected, this raises an error, as the minimum.
    """

    def __init__(self, objects: Sequence[Any]) -> None:
        self.references: list[tuple[Reference, Reference]] = [
            (weakref.ref(o.eat.__func__), weakref.ref(o)) for o in objects
        ]

    def send(self, sender: Any, toppings: Any, size: Any) -> list[Any]:
        """
        Create one method after the other.
        """
        return [
            (m := MethodType(f(), o()), m(signal=self, sender=sender, toppings=toppings, size=size))
            for f, o in self.references
        ]

    def send_held(self, sender: Any, toppings: Any, size: Any) -> list[Any]:
        """
        Make all methods first.
        """
        methods = [MethodType(f(), o()) for f, o in self.references]
        return [(m, m(signal=self, sender=sender, toppings=toppings, size=size)) for m in methods]


class WithoutReceivers:
    """
    Sends without receivers.
    """

    def to_list(self, sender: Any, toppings: Any, size: Any) -> list[Any]:
        """
        Return a new list.
        """
        return []

    def catch(self, sender: Any, *args: Any, toppings: Any, size: Any, **rest: Any) -> list[Any]:
        """
        Accept unexpected arguments, to report them.
        """
        return []

    def check(
        self,
        sender: Any,
        *args: Any,
        toppings: Any = MISSING,
        size: Any = MISSING,
        **rest: Any,
    ) -> list[Any]:
        """
        Refuse unexpected and missing arguments.
        """
        if args or rest or toppings is MISSING or size is MISSING:
            raise TypeError("a signal would say here what is wrong")
        return []


def weak_functions(receivers: Receivers) -> list[Contender]:
    """
    The loop by hand over weak references to functions.
    """
    return _weak(OverReferences(receivers), receivers)


def weak_methods(objects: Sequence[Any]) -> list[Contender]:
    """
    The loop by hand over weak references to the methods ``eat`` of *objects*.
    """
    return _weak(OverMethodReferences(objects), [each.eat for each in objects])


def _weak(signal: Any, receivers: Receivers) -> list[Contender]:
    names, calls = {**NAMES, "signal": signal}, calls_of(receivers)
    return [
        Contender(WEAK, SEND, names, calls),
        Contender(HELD_FIRST, SEND.replace(".send", ".send_held"), names, calls),
    ]


def without_receivers() -> list[Contender]:
    """
    The steps from an empty method to one that refuses an invalid payload.
    """
    steps = {
        "returning an empty list": "to_list",
        "... and catching what is wrong": "catch",
        "... and checking what is there": "check",
    }
    names = {**NAMES, "signal": WithoutReceivers()}
    return [
        Contender(name, SEND.replace(".send", f".{method}"), names)
        for name, method in steps.items()
    ]
