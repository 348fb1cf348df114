from functools import partial
from typing import Unpack

from asgiref.sync import sync_to_async
from blinker import signal as named_signal

from django.db import transaction
from django.db.models.signals import post_save
from django.urls import path
from django.views import View

from . import signals
from .models import Bread, Oat, Rye, Spelt, Wheat
from .signals import (
    ORDERED,
    STEPS,
    Delivery,
    Extra,
    baked,
    bells,
    burnt,
    closed,
    cooled,
    delivered,
    done,
    eaten,
    filtered,
    labelled,
    mixed,
    noted,
    opened,
    packed,
    queued,
    returned,
    shaped,
    sliced,
    sold,
    stacked,
    weighed,
)


def bake(bread: Bread, minutes: int | None):
    baked.send(sender=Bread, bread=bread, minutes=minutes)
    done.send_robust(Bread, bread=bread, minutes=True)


def sell(bread: Bread, buyer):
    sold.send(sender=bread.__class__, bread=bread, buyer=buyer)


def sell_all(breads: list[Bread]):
    for bread in breads:
        sell(bread, "everybody")
        sell(bread, buyer="nobody")


class Oven:
    signal = eaten
    other = None

    def __init__(self):
        self.finished = mixed

    def eat(self, bread: Rye):
        self.signal.send(sender=self, bread=bread, crumbs=[1], names={"a": 1})
        self.finished.send(self, flours=("rye", 2))
        self.announce(bread=bread)

    def announce(self, **extra):
        kwargs = {"oven": self}
        if extra:
            kwargs["reason"] = "hot"
        kwargs.update(extra, hour=3)
        signals.opened.send(type(self), **kwargs)


class GasOven(Oven):
    signal = closed
    other = None


async def fire(bread: Bread, **options):
    await burnt.asend(sender=None, bread=bread, when=12.5)
    await sync_to_async(burnt.send_robust)(sender=None, bread=bread, when=1.0)


def _emit(signal, sender, **kw):
    signal.send(sender, oven="big", **kw)


def shape(bread: Bread):
    _emit(shaped, bread, edges=4)
    _emit(cooled, sender=bread, **{"degrees": 20})


def slice_it(bread: Bread, extra: Extra, given: dict, **rest: Unpack[Delivery]):
    send = sliced.send
    send(sender=Bread, bread=bread, **extra)
    transaction.on_commit(partial(packed.send, sender=Bread, bread=bread, box="small"))
    transaction.on_commit(lambda: weighed.send(Bread, grams=1, **given))
    delivered.send(None, **rest)


def kinds(rye: Rye, wheat: Wheat, spelt: Spelt, oat: Oat):
    labelled.send(Rye, bread=rye, size=1)
    labelled.send(Wheat, bread=wheat, size=1)
    labelled.send(Spelt, bread=spelt, size=1)
    labelled.send(Oat, bread=oat, size=1)


def stack(bread: Bread):
    stacked.send(Bread, bread=bread, height=1)
    stacked.send(Bread, bread=bread, height=2)
    stacked.send(Bread, bread=bread, heigth=2)


def bring_back(bread: Bread):
    returned.send(Bread, bread=bread, reason="old")
    returned.send(Bread, bread=bread)


def steps(which: str, bread: Bread):
    for step in ORDERED:
        step.send(Bread, number=1)
    STEPS["knead"].send(None, hands=2)
    STEPS[which].send(None, hands=2)
    getattr(signals, "first_step").send(Bread, number=2)


def chain(bread: Bread):
    filtered.send_chained(bread, chain_kwarg_name="text", text="x", bread=bread)
    noted.notify(bread, stars=5)


def ring(oven: Oven):
    bells.signal("rang").send(oven, times=2)
    named_signal("alarm").send(oven, loud=True)
    post_save.send(sender=Bread, instance=Bread(), created=True)


def unreachable(bread: Bread):
    raise NotImplementedError
    returned.send(Bread, bread=bread, reason="gone")


class BreadQueue:
    def __init__(self, bread, owner):
        self.bread = bread
        self.owner = owner

    def current(self):
        return self.bread

    def push(self, request, urgent=None):
        queued.send(
            sender=None,
            bread=self.current(),
            owner=self.owner,
            path=request.path,
            urgent=urgent,
            price=self.price_of(self.bread),
        )

    def price_of(self, bread):
        if bread.price:
            return bread.price


def queue_view(request):
    BreadQueue(Rye(), "x").push(request)
    BreadQueue(Oat(), None).push(request, urgent=True)


class QueueView(View):
    def get(self, request):
        BreadQueue(Oat(), None).push(request)


urlpatterns = [path("queue/", queue_view)]
