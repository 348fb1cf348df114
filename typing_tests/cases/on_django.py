"""`typed_signals.django`"""

from typing import Any, TypedDict, Unpack, assert_type

from django.db.models.signals import ModelSignal as DjangoModelSignal
from django.db.models.signals import pre_save
from django.dispatch import Signal as DjangoSignal
from typed_signals import BaseSignal
from typed_signals import Signal as CoreSignal
from typed_signals.django import ModelSignal, Signal, receiver
from typed_signals.django.signals import post_save


class PizzaStore: ...


class Stranger: ...


class PizzaDone(TypedDict):
    toppings: list[str]
    size: int


@Signal.declare
def pizza_done(sender: type[PizzaStore], *, toppings: list[str], size: int) -> object:
    """A pizza left the oven."""


@ModelSignal.declare
def pizza_kept(sender: type[PizzaStore], *, size: int) -> object:
    """A pizza was stored."""


pizza_lost = Signal[type[PizzaStore], PizzaDone]()


# == Right sends and receivers
def names_size(sender: object, size: int, **kwargs: Any) -> None: ...
def names_toppings(sender: object, toppings: list[str], **kwargs: Any) -> None: ...


pizza_done.send(sender=PizzaStore, toppings=["ham"], size=32)
pizza_kept.send_robust(sender=PizzaStore, size=32)
pizza_lost.send(sender=PizzaStore, toppings=["ham"], size=32)
pizza_done.connect(names_toppings)
pizza_kept.connect(names_size, sender="shop.Pizza")
pizza_lost.connect(names_size)
post_save.connect(lambda sender, **kwargs: None, weak=False)


@receiver(pizza_done, on_commit=True)
def decorated(sender: type[PizzaStore], toppings: list[str], **kwargs: Any) -> int:
    return 1


assert_type(decorated(sender=PizzaStore, toppings=[]), int)


@receiver([pizza_done, pizza_lost])
def of_two(sender: type[PizzaStore], toppings: list[str], **kwargs: Any) -> int:
    return 1


assert_type(of_two(sender=PizzaStore, toppings=[]), int)


@receiver([post_save, pre_save])
def of_django(sender: Any, instance: Any, **kwargs: Any) -> int:
    return 1


assert_type(of_django(sender=PizzaStore, instance=1), int)


# == Right receivers without annotations, in the background
@receiver(pizza_done, background=True)
def untyped(sender, toppings, **kwargs):
    pass


@receiver(pizza_done, background=True)
def untyped_with_delivery(sender, delivery, **kwargs):
    pass


# == Wrong sends
# Error
pizza_done.send(sender=PizzaStore, topings=["ham"], size=32)
# Error
pizza_kept.send(sender=PizzaStore)
# Error, missed by pyrefly
pizza_lost.send(sender=Stranger, toppings=["ham"], size=32)


# == Wrong receivers
def needs_price(sender: type[PizzaStore], price: int, **kwargs: Any) -> None: ...


# Error
pizza_done.connect(needs_price)
# Error
pizza_kept.connect(needs_price)


# Error
@receiver(pizza_done, on_commit=True)
def needs_note(sender: type[PizzaStore], note: str, **kwargs: Any) -> None: ...


# == Our signals as arguments for Django's, or for any of ours
of_core = CoreSignal[type[PizzaStore], PizzaDone, int]()


def relay(signal: DjangoSignal) -> None: ...
def relay_models(signal: DjangoModelSignal) -> None: ...
def log(signal: BaseSignal) -> None: ...
def dispatch(signal: Signal) -> None: ...
def dispatch_core(signal: CoreSignal) -> None: ...


relay(pizza_done)
relay(pizza_kept)
relay_models(pizza_kept)
log(pizza_lost)
log(of_core)
dispatch(pizza_done)
dispatch(pizza_kept)
dispatch_core(of_core)
print(pizza_lost.lock, pizza_lost.connections[0].connected_at)

with pizza_lost.connected(names_size), pizza_kept.connected(names_size, sender="shop.Pizza"):
    pass


# == Wrong: a signal of another dispatcher
# Error
relay(of_core)
# Error
dispatch_core(pizza_lost)
# Error
log(pre_save)
