from enum import Enum
from functools import cached_property
from types import SimpleNamespace
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


def described(doc):
    signal = Signal()
    signal.doc = doc
    return signal


soup = described("soup")
salad = described("salad")
never_made = described("never")
one_bun, two_buns = (Signal() for _ in range(2))
rye_roll, *rolls = Signal(), Signal()
shelf = SimpleNamespace(filled=Signal(), emptied=Signal())
BY_KEYWORD = dict(spread=Signal(), scraped=sliced)
perhaps = Signal() if rolls else None


class Course(Enum):
    STARTER = Signal()
    DESSERT = Signal()


class Kitchen:
    lit = Signal()

    @cached_property
    def smoked(self):
        return Signal()

    def light(self):
        self.lit.send(self, gas=True)


class Bakery(Kitchen):
    lit = Signal()

    def light(self):
        self.lit.send(self, wood=1)
        super().lit.send(self, gas=False)
        Kitchen.lit.send(self, gas=False)


class Loudly(Signal):
    def send(self, *args, **kwargs):
        return super().send(*args, **kwargs)


shouted = Loudly()
fried = Signal()
grilled = Signal()
boiled = Signal()


def counted():
    return 1


number = counted()
heads, *tails = [number, 2]
an_alias, *_ = sliced, cut
if number:
    made_twice = Signal()
else:
    made_twice = Signal()
