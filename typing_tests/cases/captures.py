"""Sends that tests capture"""

from typing import Any, TypedDict, assert_type

import blinker
from django.db.models import Model
from django.db.models.signals import pre_save
from django.dispatch import Signal as SignalOfDjango
from library import PizzaDone, PizzaStore, Stranger, anything, pizza_burnt, pizza_lost, pizza_rated
from typed_signals import Signal
from typed_signals.django import ModelSignal
from typed_signals.django import Signal as SignalOnDjango
from typed_signals.django.payloads import PostSave
from typed_signals.django.signals import post_save
from typed_signals.testing import Captured, Sent, SignalSpy, capture, mute, validate


class Rating(TypedDict):
    stars: int


class Loud(Signal[type[PizzaStore], Rating, int]): ...


pizza_loud = Loud()
pizza_praised = SignalOnDjango[type[PizzaStore], Rating]()
pizza_kept = ModelSignal[type[PizzaStore], Rating, int]()


@SignalOnDjango.declare
def pizza_sold(sender: type[PizzaStore], *, price: int, buyer: Any) -> int:
    """A pizza was sold."""
    raise NotImplementedError


of_django = SignalOfDjango()
of_blinker = blinker.signal("pizza-done")
several = [pizza_lost, pizza_rated]

# == One signal with a TypedDict
with capture(pizza_lost) as lost:
    pass
assert_type(lost, Captured[type[PizzaStore], PizzaDone])
assert_type(lost[0], Sent[type[PizzaStore], PizzaDone])
assert_type(lost[0].sender, type[PizzaStore])
assert_type(lost[-1].payload["size"], int)
assert_type(lost.one(pizza_lost).payload["toppings"], list[str])
assert_type(lost.last(pizza_lost, sender=PizzaStore).payload["size"], int)
for each in lost:
    assert_type(each.payload["size"], int)
for each in lost.of(pizza_lost):
    assert_type(each.payload["size"], int)
lost.clear()

with capture(pizza_kept, mute=True) as kept, capture(pizza_praised, everywhere=True) as praised:
    pass
assert_type(kept[0].payload["stars"], int)
assert_type(praised.one(pizza_praised), Sent[type[PizzaStore], Rating])

# == One signal that is declared by a function
with capture(pizza_burnt) as burnt, capture(pizza_sold) as sold:
    pass
assert_type(burnt[0].sender, type[PizzaStore])
assert_type(burnt[0].payload["minutes"], Any)
assert_type(burnt.one(pizza_burnt).sender, type[PizzaStore])
assert_type(sold[0].sender, type[PizzaStore])
assert_type(sold.one(pizza_sold).payload["buyer"], Any)

# == One signal without a declaration, of Django or of blinker
with capture(anything) as of_any, capture(of_django) as djangos, capture(of_blinker) as blinkers:
    pass
assert_type(of_any, Captured[Any, Any])
assert_type(djangos, Captured[Any, Any])
assert_type(blinkers, Captured[Any, Any])
assert_type(djangos.one(of_django), Sent[Any, Any])
with capture(post_save) as saved, capture(pre_save) as before:
    pass
assert_type(saved, Captured[type[Model], PostSave[Model]])
assert_type(saved[0].payload["instance"], Model)
assert_type(before, Captured[Any, Any])

# == Several signals
with capture(
    *(pizza_lost, pizza_burnt, pizza_loud, pizza_kept, pizza_praised, pizza_sold, anything),
    *(of_django, pre_save, post_save, of_blinker),
) as sent:
    pass
with capture(pizza_lost, pizza_burnt, of_django, of_blinker) as some:
    pass
assert_type(some, Captured[Any, Any])
assert_type(some.one(pizza_lost), Sent[type[PizzaStore], PizzaDone])
assert_type(some.last(pizza_burnt).sender, type[PizzaStore])
assert_type(sent.one(pizza_loud).payload["stars"], int)
assert_type(sent.one(pizza_kept).payload["stars"], int)
assert_type(sent.last(post_save).payload["instance"], Model)
assert_type(sent.one(anything), Sent[Any, Any])
assert_type(sent.one(of_django), Sent[Any, Any])
assert_type(sent.of(of_blinker), list[Sent[Any, Any]])
assert_type(sent.one(pre_save, sender=PizzaStore), Sent[Any, Any])
with capture(*several) as listed:
    pass
assert_type(listed.one(pizza_rated).payload["size"], int)


# == Muted receivers, in a block and under a decorator
def receive(sender: object, **kwargs: object) -> None: ...
async def receive_size(sender: object, size: int, **kwargs: object) -> None: ...


muted = [receive, receive_size]
with mute(pizza_lost, receivers=muted):
    pass
with mute(pizza_lost, of_django, of_blinker, receivers=[receive], sender=PizzaStore):
    pass


@mute(post_save, pizza_burnt, everywhere=True)
def bake(size: int) -> str:
    return ""


@mute(pizza_kept)
async def bake_later(size: int) -> str:
    return ""


@mute(pizza_sold)
class TestPizza:
    size: int = 32

    def test_bake(self) -> None: ...


assert_type(bake(size=32), str)
assert_type(TestPizza().size, int)


async def bake_twice() -> None:
    assert_type(await bake_later(size=32), str)


# == For a whole test
def test_pizza(signal_spy: SignalSpy) -> None:
    signal_spy.mute(pizza_lost, of_django, receivers=[receive])
    assert_type(signal_spy.capture(pizza_lost), Captured[type[PizzaStore], PizzaDone])
    assert_type(signal_spy.capture(of_django), Captured[Any, Any])
    assert_type(signal_spy.capture(pizza_burnt, pizza_sold), Captured[Any, Any])
    signal_spy.validate()


with validate(pizza_lost, pizza_sold):
    pass


# == Wrong
# Error
lost[0].payload["sise"]
# Error
sent.one(pizza_kept).payload["size"]
# Error
capture(Stranger)
# Error
mute("pizza_lost")
# Error
sent.one(PizzaStore)
# Error
mute(pizza_lost, receivers=receive)
# Error
validate(pre_save)
# Error
bake(sise=32)
