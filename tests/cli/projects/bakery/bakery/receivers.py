from functools import partial

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from . import signals
from .models import Bread, Rye, Wheat
from .signals import ORDERED, baked, bells, burnt, cooled, opened, packed, shaped, sold, weighed


@receiver(baked)
def on_baked(sender, bread: Bread, minutes: int | None = None, **kwargs):
    print(kwargs["oven"], kwargs.get("colour"))


@receiver([baked, sold], sender=Bread)
async def on_both(sender, **kwargs):
    pass


def on(signal, sender=None):
    def connect(function):
        signal.connect(function, sender=sender)
        return function

    return connect


@on(weighed, Bread)
def on_weighed(sender, grams: int, **kwargs):
    pass


def when_burnt(function):
    burnt.connect(function)
    return function


@when_burnt
def on_burnt(bread, when: float, **kwargs):
    pass


@signals.rang.connect
def on_ring(sender, times: int):
    pass


@signals.rang.connect_via("kitchen")
def on_kitchen(sender, times: int):
    pass


class Shop:
    def handle(self, sender, *, oven: str, **kwargs):
        pass

    def connect(self):
        shaped.connect(self.handle)
        cooled.connect(lambda sender, **kwargs: None, weak=False)
        packed.connect(partial(on_baked, minutes=1), sender="shop.Bread")


def saved(sender, instance, **kwargs):
    pass


def deleted(sender, instance, **kwargs):
    pass


def register(model):
    post_save.connect(saved, sender=model)
    opened.connect(saved)


for model in [Rye, Wheat]:
    register(model)
for event, handler in [(post_save, saved), (post_delete, deleted)]:
    event.connect(handler)
for step in ORDERED:
    step.connect(saved)
receiver(baked)(saved)
