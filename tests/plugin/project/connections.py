"""Receivers and signals of other modules, connected."""

import functools

import receivers
from receivers import *
from signals import Store, declared, ordered, shipped, tracked

ordered.connect(plain)
ordered.connect(positional)
ordered.connect(with_default)
shipped.connect(later)
ordered.connect(kept)
ordered.connect(traced_function)
ordered.connect(lost_function)
ordered.connect(untyped_function)
ordered.connect(kitchen.method)
ordered.connect(kitchen.positional)
ordered.connect(Kitchen.of_class)
ordered.connect(Kitchen.static)
shipped.connect(kitchen.later)
ordered.connect(kitchen.traced_method)
ordered.connect(kitchen.number)
ordered.connect(kitchen)
ordered.connect(filled)
ordered.connect(receivers.filled_number)
ordered.connect(receivers.filled_method)
receiver(ordered, weak=False)(filled)
ordered.connect(functools.partial(bake, "stone"), weak=False)
ordered.connect(by_lambda)
ordered.connect(bound)
ordered.connect(receivers.right, sender=Store)
ordered.connect(right, sender=kitchen)
tracked.connect(receivers.plain, weak=False)
declared.connect(plain)
Store.opened.connect(plain, sender=Store)
ordered.connect(Kitchen().method)
shipped.connect(receivers.wrong)
