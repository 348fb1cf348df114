"""The same, with Django's"""

from typing import TypedDict, assert_type

from django.db.models.signals import pre_save
from django.dispatch import Signal as SignalOfDjango
from library import PizzaStore, pizza_burnt, pizza_done
from typed_signals.django import ModelSignal, Signal, receiver
from typed_signals.django.signals import post_save


class Rating(TypedDict):
    stars: int


@Signal.declare
def pizza_rated(sender: type[PizzaStore], *, stars: int) -> object:
    """A pizza was rated."""


@ModelSignal.declare
def pizza_kept(sender: type[PizzaStore], *, size: int) -> object:
    """A pizza was stored."""


pizza_praised = Signal[type[PizzaStore], Rating]()
of_django = SignalOfDjango()


# == Right receivers
def names_stars(sender: object, stars: int, **kwargs: object) -> None: ...
def takes_object(sender: object, **kwargs: object) -> None: ...


pizza_rated.connect(names_stars)
pizza_praised.connect(names_stars)
pizza_kept.connect(takes_object, sender="shop.Pizza")
of_django.connect(names_stars)


@receiver(pizza_rated)
@receiver(pizza_praised, sender=PizzaStore)
def of_two(sender: type[PizzaStore], stars: int, **kwargs: object) -> int:
    return stars


@receiver(pizza_rated, on_commit=True, using="other", robust=True)
def on_commit(sender: type[PizzaStore], stars: int, **kwargs: object) -> int:
    return stars


@receiver(pizza_done)
@receiver([pizza_rated, pizza_praised], on_commit=True)
@receiver((pizza_rated, pizza_burnt))
def of_lists(sender: type[PizzaStore], **kwargs: object) -> int:
    return 1


@receiver(post_save, sender="shop.Pizza", dispatch_uid="saved")
@receiver(pre_save, sender="shop.Pizza")
@receiver([post_save, pre_save], on_commit=True)
@receiver(of_django)
@receiver([of_django, pizza_rated])
def on_models(sender: object, **kwargs: object) -> int:
    return 1


assert_type(of_two(sender=PizzaStore, stars=5), int)
assert_type(on_commit(sender=PizzaStore, stars=5), int)
assert_type(of_lists(sender=PizzaStore), int)
assert_type(on_models(sender=PizzaStore), int)


# == Wrong receivers
def with_str(sender: type[PizzaStore], stars: str, **kwargs: object) -> None: ...


# Error
pizza_rated.connect(with_str)


# Error
@receiver(pizza_rated)
def of_one_with_str(sender: type[PizzaStore], stars: str, **kwargs: object) -> None: ...


# Error
@receiver(pizza_burnt, on_commit=True)
def on_commit_with_minuts(sender: type[PizzaStore], minuts: int, **kwargs: object) -> None: ...
