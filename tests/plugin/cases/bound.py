"""Positional arguments: bound arguments that conflict with keys, and positional-only ones."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypedDict, TypeVar
from unittest.mock import Mock

from typed_signals import Signal, receiver


class Called(TypedDict):
    self: int
    cls: str
    oven: str


class Plain(TypedDict):
    oven: str


P = ParamSpec("P")
R = TypeVar("R")
called = Signal[Any, Called]()
plain = Signal[Any, Plain]()
untyped = Signal()


class Kitchen:
    def method(self, **kwargs):
        pass

    def positional(self, /, **kwargs):
        pass

    def other_name(this, **kwargs):  # noqa: N805
        pass

    def sender_for_self(sender, **kwargs):  # noqa: N805
        pass

    def variadic(*args, **kwargs):
        pass

    @classmethod
    def of_class(cls, **kwargs):
        pass

    @classmethod
    def of_class_positional(cls, /, **kwargs):
        pass

    @staticmethod
    def static(self=0, cls="", **kwargs):  # noqa: PLW0211
        pass

    def __call__(self, **kwargs):
        pass


class Quiet:
    def __call__(self, /, **kwargs):
        pass


class Empty:
    pass


kitchen, quiet = Kitchen(), Quiet()

# A key with the name of the bound parameter of a method.
called.connect(kitchen.positional)
called.connect(kitchen.other_name)
called.connect(kitchen.variadic)
called.connect(Kitchen.of_class_positional)
called.connect(kitchen.static)
called.connect(quiet)
# E: called cannot connect method: 'self' is sent by keyword, but already bound by position: rename the parameter or make it positional-only  [signal-bound]
called.connect(kitchen.method)
# E: called cannot connect of_class: 'cls' is sent by keyword, but already bound by position: rename the parameter or make it positional-only  [signal-bound]
called.connect(Kitchen.of_class)
# E: called cannot connect of_class: 'cls' is sent by keyword, but already bound by position: rename the parameter or make it positional-only  [signal-bound]
called.connect(kitchen.of_class)
# E: called cannot connect Kitchen object: 'self' is sent by keyword, but already bound by position: rename the parameter or make it positional-only  [signal-bound]
called.connect(kitchen)
# E: called cannot connect Empty: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
called.connect(Empty)
# E: called cannot connect method: 'self' is sent by keyword, but already bound by position: rename the parameter or make it positional-only  [signal-bound]
receiver(called)(kitchen.method)

# Without keys, there is no conflict; but sender and signal are always passed.
plain.connect(kitchen.method)
plain.connect(Kitchen.of_class)
plain.connect(kitchen)
untyped.connect(kitchen.method)
# E: plain cannot connect sender_for_self: 'sender' is sent by keyword, but already bound by position: rename the parameter or make it positional-only  [signal-bound]
plain.connect(kitchen.sender_for_self)
# E: untyped cannot connect sender_for_self: 'sender' is sent by keyword, but already bound by position: rename the parameter or make it positional-only  [signal-bound]
untyped.connect(kitchen.sender_for_self)


# Parameters that a partial binds by position.
def bake(oven, sender, **kwargs):
    pass


def bake_positional(oven, /, sender, **kwargs):
    pass


def bake_for(sender, oven, **kwargs):
    pass


positional = functools.partial(bake_positional, "stone")
by_keyword = functools.partial(bake, oven="stone")
plain.connect(positional)
plain.connect(by_keyword)
filled = functools.partial(bake, "stone")
# E: plain cannot connect partial object: 'oven' is sent by keyword, but already bound by position: rename the parameter or make it positional-only  [signal-bound]
plain.connect(filled)
filled_sender = functools.partial(bake_for, None)
# E: plain cannot connect partial object: 'sender' is sent by keyword, but already bound by position: rename the parameter or make it positional-only  [signal-bound]
plain.connect(filled_sender)


# Parameters that cannot be bound by position.
def bake_by_keyword(*, oven: object, **kwargs: object) -> None:
    pass


def connect_misfilled() -> None:
    # E: "bake_by_keyword" gets multiple values for keyword argument "oven"  [misc]
    plain.connect(functools.partial(bake_by_keyword, None, oven=1), weak=False)


# Positional-only parameters are not filled.
@receiver(plain)
def defaulted(sender=None, oven="", /, **kwargs):
    pass


@receiver(plain)
def collected(*args, sender, oven, **kwargs):
    pass


@receiver(plain)
# E: plain cannot connect wrongly_collected: 'crust' is never sent (Plain does not declare it): remove the parameter or give it a default, or rename it to 'sender' if that is what it takes  [signal-parameter]
def wrongly_collected(*args, crust, **kwargs):
    pass


# mypy itself reports calls that are never possible.
class Selfless:
    def on_done(**kwargs):  # noqa: N805
        pass


def connect_selfless():
    # E: Attribute function "on_done" with type "def on_done(**kwargs: Selfless) -> Any" does not accept self argument  [misc]
    plain.connect(Selfless().on_done, weak=False)


@receiver(plain)
# E: plain cannot connect only_positional: receivers are called by keyword, so 'sender' cannot be positional-only: remove the '/' or add a default  [signal-positional]
def only_positional(sender, /, **kwargs):
    pass


@receiver(plain)
# E: plain cannot connect both_positional: receivers are called by keyword, so 'sender', 'oven' cannot be positional-only: remove the '/' or add a default  [signal-positional]
def both_positional(sender, oven, /, **kwargs):
    pass


@receiver(plain)
# E: plain cannot connect half_positional: receivers are called by keyword, so 'sender' cannot be positional-only: remove the '/' or add a default  [signal-positional]
def half_positional(sender, /, oven, **kwargs):
    pass


@receiver(untyped)
# E: untyped cannot connect of_untyped: receivers are called by keyword, so 'whatever' cannot be positional-only: remove the '/' or add a default  [signal-positional]
def of_untyped(whatever, /, **kwargs):
    pass


@receiver(plain)
# E: plain cannot connect awaited: receivers are called by keyword, so 'sender' cannot be positional-only: remove the '/' or add a default  [signal-positional]
async def awaited(sender, /, **kwargs):
    pass


class Counter:
    def right(self, /, sender, **kwargs):
        pass

    def wrong(self, sender, /, **kwargs):
        pass

    @classmethod
    def wrong_of_class(cls, sender, /, **kwargs):
        pass

    @staticmethod
    def wrong_static(sender, /, **kwargs):
        pass


counter = Counter()
plain.connect(counter.right)
# E: plain cannot connect wrong: receivers are called by keyword, so 'sender' cannot be positional-only: remove the '/' or add a default  [signal-positional]
plain.connect(counter.wrong)
# E: plain cannot connect wrong_of_class: receivers are called by keyword, so 'sender' cannot be positional-only: remove the '/' or add a default  [signal-positional]
plain.connect(Counter.wrong_of_class)
# E: plain cannot connect wrong_static: receivers are called by keyword, so 'sender' cannot be positional-only: remove the '/' or add a default  [signal-positional]
plain.connect(Counter.wrong_static)
plain.connect(lambda sender=None, /, **kwargs: None, weak=False)


# Also refused at run time, with another message.
def connect_oddly():
    @receiver(plain, weak=False)
    # E: plain cannot connect old_style: receivers are called by keyword, so '__sender' cannot be positional-only: remove the '/' or add a default  [signal-positional]
    def old_style(__sender, **kwargs):  # noqa: PYI063
        pass

    # E: plain cannot connect the receiver: receivers are called by keyword, so 'parameter 1' cannot be positional-only: remove the '/' or add a default  [signal-positional]
    plain.connect(lambda sender, /, **kwargs: None, weak=False)


def with_oven(function: Callable[Concatenate[str, P], R]) -> Callable[P, R]:
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return function("stone", *args, **kwargs)

    return wrapper


@receiver(plain)
@with_oven
def given(stone: str, sender: object, **kwargs: object) -> None:
    pass


# A partial may bind any number of arguments.
def numbered(first, second, oven="", **kwargs):
    pass


numbers = [2]
named = {"first": 1, "second": 2}
both: Any = (1, 2)
any_number = functools.partial(numbered, *[1, *numbers])
any_more = functools.partial(numbered, 1, *numbers)
any_names = functools.partial(numbered, **named)
anything = functools.partial(numbered, *both)
two = functools.partial(numbered, *(1, 2))
three = functools.partial(numbered, 1, 2, "stone")
plain.connect(any_number)
plain.connect(any_more)
plain.connect(any_names)
plain.connect(anything)
plain.connect(two)
plain.connect(functools.partial(numbered, *[1, *numbers]), weak=False)
# E: plain cannot connect partial object: 'oven' is sent by keyword, but already bound by position: rename the parameter or make it positional-only  [signal-bound]
plain.connect(three)


def connect_it(given: functools.partial[None]) -> None:
    plain.connect(given)


# A stub need not say which parameters of a method are positional-only.
class Owned(TypedDict):
    self: object


owned = Signal[object, Owned]()
owned.connect(Mock(), weak=False)


class Log:
    def __call__(self, **kwargs: object) -> None:
        pass


log = Log()
# E: owned cannot connect Log object: 'self' is sent by keyword, but already bound by position: rename the parameter or make it positional-only  [signal-bound]
owned.connect(log)
