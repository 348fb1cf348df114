from typing import TypedDict

import blinker

import typed_signals
from django.dispatch import Signal

# Sent when bread is done.
# Arguments: "bread", "minutes"
baked = Signal()

sold = Signal()  # providing_args=["bread", "buyer"]
"""
A bread was sold.
"""
eaten = Signal()
mixed = Signal()
opened = Signal()
closed = Signal()
burnt = Signal()
shaped = Signal()
cooled = Signal()
sliced = Signal()
packed = Signal()
weighed = Signal()
labelled = Signal()
stacked = Signal()
returned = Signal()
never = Signal()
queued = Signal()
first_step = Signal()
second_step = Signal()
done = baked

STEPS = {"knead": Signal(), "rise": Signal()}
ORDERED = [first_step, second_step]


class Delivery(TypedDict):
    street: str
    number: int


class Extra(TypedDict, total=False):
    note: str


delivered = typed_signals.Signal[object, Delivery]()


class ChainedSignal(Signal):
    def send_chained(self, sender, chain_kwarg_name, **named):
        response = named.get(chain_kwarg_name)
        for receiver in self._live_receivers(sender):
            named[chain_kwarg_name] = response
            response = receiver(signal=self, sender=sender, **named)
        return response

    def notify(self, bread, **named):
        self.send(sender=type(bread), bread=bread, **named)


filtered = ChainedSignal()
noted = ChainedSignal()

bells = blinker.Namespace()
rang = bells.signal("rang")
