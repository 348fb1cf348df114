from functools import partial, wraps

import typed_signals

import unknown_package
from django.db.models.signals import post_save
from django.dispatch import receiver

from .signals import (
    BY_NUMBER,
    Till,
    cut,
    listed,
    made,
    opened,
    packed,
    paid,
    sliced,
    tasted,
    wrapped,
)

on_sliced = receiver(sliced)


@on_sliced
def through_variable(sender, **kwargs):
    kwargs.pop("a")
    print(kwargs)


@sliced.connected_to(print, sender=Till)
@unknown_package.decorate
@wraps(print)
def decorated(sender, /, size, *args, key: int, **kwargs): ...


@receiver()
def no_signal(sender): ...


@receiver(unknown_package.signals.arrived)
def unknown(sender): ...


@receiver(sender=Till, signal=cut)
def by_keyword(sender): ...


class Handler:
    def __init__(self, sender=None, **kwargs): ...

    def __call__(self, sender, size): ...

    @classmethod
    def made(cls, sender): ...

    @staticmethod
    def static(sender): ...


handler = Handler()


def register(target, function=None):
    listed.connect(target)
    receiver(paid)()
    receiver()(register)
    receiver(None)(register)
    packed.connect(Handler)
    packed.connect(handler)
    packed.connect(Handler.made)
    packed.connect(Handler.static)
    packed.connect(unknown_package.receive)
    packed.connect(print)
    packed.connect(partial(Handler, 1))
    packed.connect()
    packed.connect(receiver=by_keyword, sender=None)
    unknown_package.connect(by_keyword)


def connect_again(signal, depth):
    signal.connect(by_keyword)
    connect_again(signal, depth - 1)


connect_again(opened, 3)
register(by_keyword)
register(lambda sender: None)
register(unknown_package.receive)


def deeper(signal):
    deep(signal)


def deep(signal):
    lower(signal)


def lower(signal):
    lowest(signal)


def lowest(signal):
    signal.connect(by_keyword)


deeper(wrapped)
deep(tasted)
for one in [made, BY_NUMBER]:
    one.connect(by_keyword)
receiver([opened, [cut]])(by_keyword)
