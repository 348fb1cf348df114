"""
Keys that receivers read from ``**kwargs``: only certain mistakes are reported.
"""

# ruff: noqa: B007, F841, PERF102, SIM118 - other spellings are the cases
from contextlib import suppress

from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver

# These handle a missing key.


@receiver(post_save)
def tested_by_keys(sender, **kwargs):
    if "extra" in kwargs.keys():
        print(kwargs["extra"])


@receiver(post_save)
def suppressed(sender, **kwargs):
    with suppress(KeyError):
        print(kwargs["extra"])


@receiver(post_save)
def compared_keys(sender, **kwargs):
    if kwargs.keys() >= {"extra"}:
        print(kwargs["extra"])


@receiver(post_save)
def compared_set(sender, **kwargs):
    if {"extra"} <= set(kwargs):
        print(kwargs["extra"])


@receiver(post_save)
def looped(sender, **kwargs):
    for key in kwargs:
        if key == "extra":
            print(kwargs["extra"])


@receiver(post_save)
def tested_by_walrus(sender, **kwargs):
    if extra := kwargs.get("extra"):
        print(kwargs["extra"], extra)


@receiver(post_save)
def returned_early(sender, **kwargs):
    if "extra" not in kwargs:
        return
    print(kwargs["extra"])


@receiver(post_save)
def matched(sender, **kwargs):
    match kwargs:
        case {"extra": extra}:
            print(kwargs["extra"])


@receiver(post_save)
def tested_before(sender, **kwargs):
    has = "extra" in kwargs
    if has:
        print(kwargs["extra"])


@receiver(post_save)
def with_a_default(sender, **kwargs):
    extra = kwargs.get("extra") or 5


@receiver(post_save)
def tested_by_get(sender, **kwargs):
    if kwargs.get("extra") is None:
        return
    print(kwargs["extra"])


@receiver(post_save)
def tested_in_a_comprehension(sender, **kwargs):
    if not all(k in kwargs for k in ("extra",)):
        return
    print(kwargs["extra"])


@receiver(post_save)
def tried(sender, **kwargs):
    try:
        x = kwargs["extra"]
    except KeyError:
        x = kwargs.get("ex", 1)


@receiver(post_save)
def conditional(sender, **kwargs):
    x = kwargs["extra"] if "extra" in kwargs.keys() else None


@receiver(post_save)
def listed(sender, **kwargs):
    keys = list(kwargs)
    if "extra" in keys:
        print(kwargs["extra"])


@receiver(post_save)
def tested_by_and(sender, **kwargs):
    if kwargs.get("created") and kwargs.get("extra"):
        print(kwargs["extra"])


@receiver(post_save)
def tested_by_a_method(sender, **kwargs):
    if kwargs.__contains__("extra"):
        print(kwargs["extra"])


@receiver(post_save)
def looped_over_items(sender, **kwargs):
    for key, value in kwargs.items():
        if key == "extra":
            print(kwargs["extra"])


@receiver(post_save)
def planted_with_its_name_in_strings(sender, **kwargs):
    print("planted_with_its_name_in_strings is said here")
    # E: 'planted' is never in kwargs, because post_save does not declare it: remove it  [signal-read]
    print(kwargs["planted"])  # planted_with_its_name_in_strings


@receiver(post_save)
def planted_elsewhere(sender, **kwargs):
    # E: 'planted' is never in kwargs, because post_save does not declare it: remove it  [signal-read]
    print(kwargs["planted"])


x = "planted_elsewhere"


@receiver(post_save)
def counted(sender, **kwargs):
    if len(kwargs) > 6:
        print(kwargs["extra"])


@receiver(post_save)
def tested_by_any(sender, **kwargs):
    if any(key == "extra" for key in kwargs.keys()):
        print(kwargs["extra"])


@receiver(post_save)
def replaced(sender, **kwargs):
    kwargs = {"extra": 1, **kwargs}
    print(kwargs["extra"])


@receiver(post_save)
def asserted(sender, **kwargs):
    assert "extra" in kwargs, "no"
    print(kwargs["extra"])


@receiver(post_save)
def while_there(sender, **kwargs):
    while "extra" in kwargs:
        print(kwargs.pop("extra"))


@receiver(post_save)
def sorted_keys(sender, **kwargs):
    if sorted(kwargs.keys()) == ["extra"]:
        print(kwargs["extra"])


# Functions and methods that are connected by a call.


def connected(sender, **kwargs):
    # E: 'never' is never in kwargs, because post_save does not declare it: remove it  [signal-read]
    print(kwargs["never"])


post_save.connect(connected)


def connected_twice(sender, **kwargs):
    # E: 'created' is never in kwargs, because pre_save or post_delete does not declare it: remove it  [signal-read]
    print(kwargs["created"])


pre_save.connect(connected_twice)
post_delete.connect(connected_twice)


def connected_to_another(sender, **kwargs):
    print(kwargs["created"])


pre_save.connect(connected_to_another)
post_save.connect(connected_to_another)


def connected_and_called(sender, **kwargs):
    print(kwargs["never"])


pre_save.connect(connected_and_called)
connected_and_called(None, never=1)


def connected_by_a_loop(sender, **kwargs):
    # E: 'never' is never in kwargs, because post_save or pre_save does not declare it: remove it  [signal-read]
    print(kwargs["never"])


for signal in (post_save, pre_save):
    signal.connect(connected_by_a_loop)


def logged(function):
    return function


@logged
def decorated(sender, **kwargs):
    print(kwargs["never"])


post_save.connect(decorated)


class Counter:
    def connect(self):
        post_save.connect(self.on_save)
        post_save.connect(Counter.on_static)

    def on_save(self, sender, **options):
        # E: 'never' is never in options, because post_save does not declare it: remove it  [signal-read]
        print(options["never"])

    @staticmethod
    def on_static(sender, **kwargs):
        # E: 'never' is never in kwargs, because post_save does not declare it: remove it  [signal-read]
        print(kwargs["never"])
