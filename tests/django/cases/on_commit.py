"""Receivers that are called on commit, and the arguments of receiver() for them."""

from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypedDict, TypeVar

from django.db.models.signals import post_save

import typed_signals
from typed_signals import Signal
from typed_signals.django import receiver


class Done(TypedDict):
    size: int


class Own(Signal[Any, Done]):
    def connect(self, *args: Any, on_commit: bool = False, **kwargs: Any) -> None:
        super().connect(*args, **kwargs)


done = Signal[Any, Done]()
sold = Signal[Any, Done]()
own = Own()
P = ParamSpec("P")
T = TypeVar("T")
ALIAS = "other"


def logged(
    function: Callable[P, Coroutine[Any, Any, T]],
) -> Callable[P, Coroutine[Any, Any, T]]:
    return function


def untyped(function):
    return function


# Async receivers.
@receiver(post_save, on_commit=True)
# E: post_save cannot connect later: on_commit=True does not support async receivers, because Django does not await them: make it sync, and call asgiref.sync.async_to_sync in it, or write background=True instead  [signal-receiver]
async def later(sender, instance, **kwargs):
    pass


@receiver([done, sold], on_commit=True)
# E: done cannot connect typed: on_commit=True does not support async receivers, because Django does not await them: make it sync, and call asgiref.sync.async_to_sync in it, or write background=True instead  [signal-receiver]
# E: sold cannot connect typed: on_commit=True does not support async receivers, because Django does not await them: make it sync, and call asgiref.sync.async_to_sync in it, or write background=True instead  [signal-receiver]
async def typed(sender: object, size: int, **kwargs: object) -> None:
    pass


# A generator is not refused, but nobody iterates it.
@receiver(done, on_commit=True)
# E: done cannot connect generator: it is a generator, so a send does not run its body: remove the 'yield'  [signal-response]
def generator(sender, size, **kwargs):
    yield size


@receiver(done)
async def at_once(sender, size, **kwargs):
    pass


@receiver(done, on_commit=True)
def right(sender, size, **kwargs):
    pass


# Not reported: the decorators may return another function.
@receiver(done, on_commit=True)
@logged
async def decorated(sender, size, **kwargs):
    pass


@receiver(done, on_commit=True)
@untyped
async def decorated_by_untyped(sender, size, **kwargs):
    pass


def connect(on_commit: bool, robust: bool, using: str | None, options: dict[str, Any]) -> None:
    @receiver(done, on_commit=on_commit)
    async def maybe(sender, size, **kwargs):
        pass

    receiver(done, using=using)
    receiver(done, robust=robust)
    receiver(done, **options)
    receiver(done, using="other", **options)


# Arguments that need on_commit=True.
# E: receiver() accepts using= and robust= only with on_commit=True or background=True: add one  [signal-receiver]
@receiver(done, using="other")
def with_using(sender, size, **kwargs):
    pass


# E: receiver() accepts using= and robust= only with on_commit=True or background=True: add one  [signal-receiver]
@receiver([post_save], using=ALIAS, on_commit=False)
def with_alias(sender, instance, **kwargs):
    pass


# E: receiver() accepts using= and robust= only with on_commit=True or background=True: add one  [signal-receiver]
@receiver([done, sold], robust=True)
def with_robust(sender, size, **kwargs):
    pass


@receiver(done, using="other", robust=True, on_commit=True)
def with_all(sender, size, **kwargs):
    pass


@receiver(done, using=None, robust=False)
def with_defaults(sender, size, **kwargs):
    pass


# The decorator of the core does not have them.
# E: connect() of done: got an unexpected keyword argument 'on_commit': on_commit is an argument of typed_signals.django.receiver, import that  [signal-receiver]
@typed_signals.receiver(done, on_commit=True)
def of_core(sender, size, **kwargs):
    pass


# E: connect() of done: got an unexpected keyword argument 'using': using is an argument of typed_signals.django.receiver, import that  [signal-receiver]
@typed_signals.receiver([done, sold], using="other", robust=True)
def of_core_with_using(sender, size, **kwargs):
    pass


@typed_signals.receiver(own, on_commit=True)
def of_own_connect(sender, size, **kwargs):
    pass


@typed_signals.receiver(done, weak=False)
def of_core_without(sender, size, **kwargs):
    pass
