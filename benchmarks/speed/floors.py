"""
Lower bounds for a send in plain Python, step by step.

Each contender only does a part of the work of a signal. So they have no targets:
they show the difference between code by hand and the fastest possible signal.
"""

from __future__ import annotations

import asyncio
import contextvars
import sys
import weakref
from operator import length_hint
from types import MethodType
from typing import TYPE_CHECKING, Any, Final

from .case import Contender
from .contenders import NAMES, SEND, calls_of
from .shop import SENT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .contenders import Receivers

    Reference = Callable[[], Any]

WEAK: Final = "by hand, weak"
HELD_FIRST: Final = "by hand, weak, held first"
NOTED: Final = "... and failures noted"
CHECKED: Final = "... and the payload and the references checked"

ROUTE: Final = "... found by sender"
ENTRIES: Final = "... found in Django's list"
TASKS: Final = "by hand, in tasks"
EAGER_TASKS: Final = "by hand, in eager tasks"
GATHER: Final = "by hand, asyncio.gather"

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

    def send_noted(self, sender: Any, toppings: Any, size: Any) -> list[Any]:
        """
        Follow all references first, and add a note to an error that names the receiver.
        """
        receivers = [reference() for reference in self.references]
        position = iter(receivers)
        try:
            return [
                (r, r(signal=self, sender=sender, toppings=toppings, size=size))
                for r in position
                if r is not None
            ]
        except Exception as error:
            error.add_note(f"raised in {receivers[~length_hint(position)]}")
            raise

    def send_checked(
        self,
        sender: Any,
        *args: Any,
        toppings: Any = MISSING,
        size: Any = MISSING,
        **rest: Any,
    ) -> list[Any]:
        """
        Also refuse an invalid payload, and notice references to deleted receivers.
        """
        if args or rest or toppings is MISSING or size is MISSING:
            raise TypeError("a signal would say here what is wrong")
        receivers = [reference() for reference in self.references]
        position = iter(receivers)
        try:
            responses = [
                (r, r(signal=self, sender=sender, toppings=toppings, size=size))
                for r in position
                if r is not None
            ]
        except Exception as error:
            error.add_note(f"raised in {receivers[~length_hint(position)]}")
            raise
        if len(responses) != len(receivers):
            raise NotImplementedError
        return responses


class OverRoutes:
    """
    Calls the functions that the weak references of the sender lead to.
    """

    def __init__(self, receivers: Receivers, sender: Any) -> None:
        self.routes = {id(sender): [weakref.ref(receiver) for receiver in receivers]}

    def send(self, sender: Any, toppings: Any, size: Any) -> list[Any]:
        """
        Follow all references first.
        """
        receivers = [reference() for reference in self.routes[id(sender)]]
        return [
            (r, r(signal=self, sender=sender, toppings=toppings, size=size))
            for r in receivers
            if r is not None
        ]


class OverEntries:
    """
    Calls the receivers in the list of a Django signal, which other code may change at any time.

    There is no lock, and all receivers are sync.
    """

    def __init__(self, entries: Sequence[Any]) -> None:
        self.entries = entries
        self.all_senders = id(None)

    def send(self, sender: Any, toppings: Any, size: Any) -> list[Any]:
        """
        Find the entries of the sender, and follow all references first.
        """
        all_senders, this_sender = self.all_senders, id(sender)
        receivers = [
            entry[1]()
            for entry in self.entries
            if (key := entry[0][1]) == all_senders or key == this_sender
        ]
        return [
            (r, r(signal=self, sender=sender, toppings=toppings, size=size))
            for r in receivers
            if r is not None
        ]


class InTasks:
    """
    Awaits all receivers concurrently, with strong references.

    In tasks, they share one copy of the context, as in Django 6.1. Nothing is done about failures.
    """

    def __init__(self, receivers: Receivers) -> None:
        self.receivers = receivers

    async def asend(self, sender: Any, toppings: Any, size: Any) -> list[Any]:
        """
        Await a task for each receiver.
        """
        context = contextvars.copy_context()
        create = asyncio.get_running_loop().create_task
        tasks = [
            create(r(signal=self, sender=sender, toppings=toppings, size=size), context=context)
            for r in self.receivers
        ]
        return [(r, await task) for r, task in zip(self.receivers, tasks, strict=True)]

    async def asend_eagerly(self, sender: Any, toppings: Any, size: Any) -> list[Any]:
        """
        Await a task for each receiver, which runs to its first wait when it is created.
        """
        context = contextvars.copy_context()
        loop = asyncio.get_running_loop()
        create: Any = asyncio.Task
        tasks = [
            create(
                r(signal=self, sender=sender, toppings=toppings, size=size),
                loop=loop,
                context=context,
                eager_start=True,
            )
            for r in self.receivers
        ]
        return [(r, await task) for r, task in zip(self.receivers, tasks, strict=True)]

    async def agather(self, sender: Any, toppings: Any, size: Any) -> list[Any]:
        """
        Gather all receivers, as in Django 5.2.
        """
        responses = await asyncio.gather(
            *(r(signal=self, sender=sender, toppings=toppings, size=size) for r in self.receivers)
        )
        return list(zip(self.receivers, responses, strict=True))


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

    def send_noted(self, sender: Any, toppings: Any, size: Any) -> list[Any]:
        """
        Make all methods first, and add a note to an error that names the receiver.
        """
        methods = [MethodType(f(), o()) for f, o in self.references]
        position = iter(methods)
        try:
            return [
                (m, m(signal=self, sender=sender, toppings=toppings, size=size)) for m in position
            ]
        except Exception as error:
            error.add_note(f"raised in {methods[~length_hint(position)]}")
            raise

    def send_checked(
        self,
        sender: Any,
        *args: Any,
        toppings: Any = MISSING,
        size: Any = MISSING,
        **rest: Any,
    ) -> list[Any]:
        """
        Also refuse an invalid payload.
        """
        if args or rest or toppings is MISSING or size is MISSING:
            raise TypeError("a signal would say here what is wrong")
        methods = [MethodType(f(), o()) for f, o in self.references]
        position = iter(methods)
        try:
            return [
                (m, m(signal=self, sender=sender, toppings=toppings, size=size)) for m in position
            ]
        except Exception as error:
            error.add_note(f"raised in {methods[~length_hint(position)]}")
            raise


class Table:
    """
    The receivers of a signal in an object of their own, to which the callbacks of weak references
    can refer without a reference to the signal.
    """

    __slots__ = ("receivers",)

    def __init__(self) -> None:
        self.receivers: list[Any] | None = None


class WithoutReceivers:
    """
    Sends without receivers.
    """

    __slots__ = ("__dict__", "table")

    def __init__(self) -> None:
        self.table = Table()

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

    def look(
        self,
        sender: Any,
        *args: Any,
        toppings: Any = MISSING,
        size: Any = MISSING,
        **rest: Any,
    ) -> list[Any]:
        """
        Refuse unexpected and missing arguments, and look for receivers.
        """
        if args or rest or toppings is MISSING or size is MISSING:
            raise TypeError("a signal would say here what is wrong")
        if self.table.receivers is not None:
            raise NotImplementedError
        return []

    def look_and_call(
        self,
        sender: Any,
        *args: Any,
        toppings: Any = MISSING,
        size: Any = MISSING,
        **rest: Any,
    ) -> list[Any]:
        """
        Have the variables with which five receivers are called, too.
        """
        if args or rest or toppings is MISSING or size is MISSING:
            raise TypeError("a signal would say here what is wrong")
        if (references := self.table.receivers) is None:
            return []
        one, two, three, four, five = references
        a, b, c, d, e = one(), two(), three(), four(), five()
        responses: list[Any] = []
        for receiver in (a, b, c, d, e):
            response = receiver(signal=self, sender=sender, toppings=toppings, size=size)
            responses.append((receiver, response))
        return responses


class Changed(WithoutReceivers):
    """
    The class of a signal after its payload is known.

    Most versions of Python find the methods of an object more slowly after its class has changed.
    """

    __slots__ = ()


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


def on_django(entries: Sequence[Any], receivers: Receivers, sender: Any) -> list[Contender]:
    """
    The loop by hand over the *entries* of a Django signal, and over what could be stored of them.

    Args:
        entries: the ``receivers`` of the signal.
        receivers: the functions that a send from *sender* calls.
        sender: the sender.
    """
    signals = {
        HELD_FIRST: (OverReferences(receivers), SEND.replace(".send", ".send_held")),
        ROUTE: (OverRoutes(receivers, sender), SEND),
        ENTRIES: (OverEntries(entries), SEND),
    }
    calls = [(receiver, {**SENT, "sender": sender}) for receiver in receivers]
    return [
        Contender(name, statement, {**NAMES, "PizzaStore": sender, "signal": signal}, calls)
        for name, (signal, statement) in signals.items()
    ]


def in_tasks(receivers: Receivers) -> list[Contender]:
    """
    Awaiting all *receivers* concurrently by hand.
    """
    names = {**NAMES, "signal": InTasks(receivers)}
    statements = {
        GATHER: SEND.replace(".send", ".agather"),
        TASKS: SEND.replace(".send", ".asend"),
    }
    if sys.version_info >= (3, 12):
        statements[EAGER_TASKS] = SEND.replace(".send", ".asend_eagerly")
    return [
        Contender(name, f"await {statement}", names, calls_of(receivers))
        for name, statement in statements.items()
    ]


def _weak(signal: Any, receivers: Receivers) -> list[Contender]:
    names, calls = {**NAMES, "signal": signal}, calls_of(receivers)
    return [
        Contender(WEAK, SEND, names, calls),
        Contender(HELD_FIRST, SEND.replace(".send", ".send_held"), names, calls),
        Contender(NOTED, SEND.replace(".send", ".send_noted"), names, calls),
        Contender(CHECKED, SEND.replace(".send", ".send_checked"), names, calls),
    ]


def without_receivers() -> list[Contender]:
    """
    The steps from an empty method to one that refuses an invalid payload.
    """
    steps = {
        "returning an empty list": "to_list",
        "... and catching what is wrong": "catch",
        "... and checking what is there": "check",
        "... and looking for receivers": "look",
        "... and with variables for calls": "look_and_call",
    }
    names = {**NAMES, "signal": WithoutReceivers()}
    changed = WithoutReceivers()
    changed.__class__ = Changed
    del changed.__dict__  # with an empty one, it takes even longer
    return [
        *(
            Contender(name, SEND.replace(".send", f".{method}"), names)
            for name, method in steps.items()
        ),
        Contender(
            "... after a change of class",
            SEND.replace(".send", ".look_and_call"),
            {**NAMES, "signal": changed},
        ),
    ]
