from typing import Generic, NamedTuple, ParamSpec, TypedDict, TypeVar

import blinker

import unknown_package

from django.dispatch import Signal

opened = Signal(providing_args=["door", "hour"])
closed = Signal(["door"])
sliced = Signal()
cut = Signal()
wrapped = Signal()
packed = Signal()
paid = Signal()
tasted = Signal()
weighed = Signal()
called = Signal()
cleaned = Signal()
mopped = Signal()
stored = Signal()
cooled = Signal()
typed = Signal()
asked = Signal()
passed = Signal()
listed = Signal()
picked = Signal()
nested = Signal()
BY_NUMBER = [Signal(), Signal()]
BY_NAME = {name: Signal() for name in ("a", "b")}
KEYS = {1: Signal(), **{"other": sliced}}


def make() -> Signal:
    return Signal()


def unmade() -> Signal:
    return unknown_package.signal


def known() -> Signal:
    return paid


made = make()
unknown = unmade()
same = known()
either = sliced if made else cut


class Till:
    opened: Signal
    drawer = Signal()

    @property
    def rang(self):
        return paid

    def __init__(self):
        self.full = Signal()


class _Weight(NamedTuple):
    grams: int

    def total(self):
        return self.grams


class Order(TypedDict, total=False):
    number: int


class Invoice(TypedDict, total=False):
    number: int
    price: int


Given = ParamSpec("Given")


class Hook(Generic[Given]):
    pass


Any_signal = TypeVar("Any_signal", bound=Signal)
bell = blinker.signal("bell")
bell_again = blinker.signal("bell")
reused = Signal()
if same:
    reused = sliced


def as_signal(function) -> Signal:
    return Signal()


@as_signal
def decorated():
    pass


Cheese = TypeVar("Cheese", bound=Till)
Text = TypeVar("Text", str, bytes)
Thing = TypeVar("Thing")
