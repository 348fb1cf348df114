"""
Where signals come from: what the plugin follows in a module, and where it stops.
"""

# ruff: noqa: B009, C416, FBT003, TC006 - these spellings are the cases
import functools
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, cast

from django.db.models import signals
from django.db.models.signals import post_save, pre_save
from django.dispatch import Signal, receiver


def wrong(sender, never, **kwargs):
    pass


def new(sender, created, **kwargs):
    pass


# Collections.

for signal in [each for each in (post_save, pre_save)]:
    # E: post_save cannot connect wrong: 'never' is never sent (PostSave does not declare it): remove the parameter or give it a default  [signal-parameter]
    # E: pre_save cannot connect wrong: 'never' is never sent (PreSave does not declare it): remove the parameter or give it a default  [signal-parameter]
    signal.connect(wrong)

for signal in (each for each in [pre_save]):
    # E: pre_save cannot connect wrong: 'never' is never sent (PreSave does not declare it): remove the parameter or give it a default  [signal-parameter]
    signal.connect(wrong)

for signal in [each for each in (post_save, pre_save) if each is post_save]:
    signal.connect(new)

for several in ([post_save], [pre_save]):
    for signal in several:
        # E: post_save cannot connect wrong: 'never' is never sent (PostSave does not declare it): remove the parameter or give it a default  [signal-parameter]
        # E: pre_save cannot connect wrong: 'never' is never sent (PreSave does not declare it): remove the parameter or give it a default  [signal-parameter]
        signal.connect(wrong)
    receiver([*several], sender=None)(new)

for options in ({"weak": False}, {"weak": True}):
    post_save.connect(new, **options)  # type: ignore[arg-type]


def unknown_options() -> Any:
    return {}


post_save.connect(new, **unknown_options())
post_save.connect(new, *unknown_options())
by_key: dict[Any, Signal] = {unknown_options(): post_save}
for signal in itertools.chain([post_save], unknown_options()):
    signal.connect(wrong)
for signal, name in zip([post_save], unknown_options(), strict=False):
    signal.connect(wrong, dispatch_uid=name)
for signal in [post_save, *unknown_options()]:
    signal.connect(wrong)
for signal in unknown_options().values():
    signal.connect(wrong)
for signal in {"a": post_save, **unknown_options()}:
    signal.connect(wrong)  # type: ignore[attr-defined]

# Assigned in parts.

first, *rest = post_save, pre_save
# E: post_save cannot connect wrong: 'never' is never sent (PostSave does not declare it): remove the parameter or give it a default  [signal-parameter]
first.connect(wrong)
one, two = (post_save, pre_save) if __debug__ else (pre_save, post_save)
one.connect(wrong)
[in_list, last] = [pre_save, post_save]
# E: pre_save cannot connect wrong: 'never' is never sent (PreSave does not declare it): remove the parameter or give it a default  [signal-parameter]
in_list.connect(wrong)


def too_deep():
    alias_0 = post_save
    alias_1 = alias_0
    alias_2 = alias_1
    alias_3 = alias_2
    alias_4 = alias_3
    alias_5 = alias_4
    alias_6 = alias_5
    alias_7 = alias_6
    alias_8 = alias_7
    alias_9 = alias_8
    alias_10 = alias_9
    alias_11 = alias_10
    alias_12 = alias_11
    alias_13 = alias_12
    alias_14 = alias_13
    alias_15 = alias_14
    alias_16 = alias_15
    alias_17 = alias_16
    alias_18 = alias_17
    alias_19 = alias_18
    alias_20 = alias_19
    alias_21 = alias_20
    alias_22 = alias_21
    alias_23 = alias_22
    alias_24 = alias_23
    alias_24.connect(wrong)


# Changed later.

changed = [pre_save]
changed.append(pre_save)
changed.pop()
for signal in changed:
    signal.connect(wrong)
numbered = {"a": pre_save}
numbered["a"] = post_save
numbered["a"].connect(wrong)
cleared = [pre_save]
del cleared[0]
cleared[0].connect(wrong)
added = [pre_save]
added += [post_save]
for signal in added:
    signal.connect(wrong)
with nullcontext(pre_save) as managed:
    managed.connect(wrong)

# Subscripts.

unpacked = {"a": post_save, **numbered}
unpacked["a"].connect(wrong)
starred = [*changed, post_save]
starred[0].connect(wrong)
changed[0].connect(wrong)
SOME = "a"
named = {SOME: post_save, "b": pre_save}
# E: post_save cannot connect wrong: 'never' is never sent (PostSave does not declare it): remove the parameter or give it a default  [signal-parameter]
named["a"].connect(wrong)


def by_number(number: int, key: str) -> None:
    # E: post_save cannot connect wrong: 'never' is never sent (PostSave does not declare it): remove the parameter or give it a default  [signal-parameter]
    [post_save, pre_save][number].connect(wrong)
    [post_save, pre_save][number].connect(new)
    {"a": post_save, "b": pre_save}[key].connect(new)
    [post_save][number:][0].connect(wrong)


# Attributes.


class Hub:
    saved = post_save
    stated: Signal = pre_save
    (one, other) = (post_save, pre_save)
    for looped in (post_save, pre_save):
        print(looped)

    def __init__(self, given: Signal) -> None:
        self.given = given
        self.default: Signal = pre_save
        self.default = given

    @property
    def now(self) -> Signal:
        return post_save

    @now.setter
    def now(self, value: Signal) -> None: ...

    @functools.wraps(wrong)
    def decorated(self) -> Signal:
        return post_save

    def method(self) -> Signal:
        return post_save

    async def later(self) -> Signal:
        return post_save


hub = Hub(post_save)
kind: type[Hub] = Hub
# E: post_save cannot connect wrong: 'never' is never sent (PostSave does not declare it): remove the parameter or give it a default  [signal-parameter]
kind.saved.connect(wrong)
# E: post_save cannot connect wrong: 'never' is never sent (PostSave does not declare it): remove the parameter or give it a default  [signal-parameter]
hub.given.connect(wrong)
# E: post_save cannot connect wrong: 'never' is never sent (PostSave does not declare it): remove the parameter or give it a default  [signal-parameter]
hub.now.connect(wrong)
# E: post_save cannot connect wrong: 'never' is never sent (PostSave does not declare it): remove the parameter or give it a default  [signal-parameter]
hub.method().connect(wrong)
# E: post_save cannot connect wrong: 'never' is never sent (PostSave does not declare it): remove the parameter or give it a default  [signal-parameter]
hub.one.connect(wrong)
Hub.looped.connect(wrong)
hub.stated.connect(wrong)
hub.default.connect(wrong)
hub.decorated().connect(wrong)  # type: ignore[call-arg]
hub.missing.connect(wrong)  # type: ignore[attr-defined]


async def wait() -> None:
    (await hub.later()).connect(wrong)
    async for late in lately():
        late.connect(wrong)


async def lately() -> AsyncIterator[Signal]:
    yield post_save


@dataclass
class Record:
    saved: Signal = field(default=post_save)
    plain: Signal = pre_save


# E: post_save cannot connect wrong: 'never' is never sent (PostSave does not declare it): remove the parameter or give it a default  [signal-parameter]
Record().saved.connect(wrong)
# E: pre_save cannot connect wrong: 'never' is never sent (PreSave does not declare it): remove the parameter or give it a default  [signal-parameter]
Record(post_save).plain.connect(wrong)


def from_outside(record: Record) -> None:
    record.saved.connect(wrong)


# Functions.


def yielding() -> Iterator[Signal]:
    yield post_save


def yielding_from() -> Iterator[Signal]:
    yield from yielding()


for yielded in yielding():
    # E: post_save cannot connect wrong: 'never' is never sent (PostSave does not declare it): remove the parameter or give it a default  [signal-parameter]
    yielded.connect(wrong)
for yielded in yielding_from():
    yielded.connect(wrong)
next(yielding()).connect(wrong)


def either(is_new: bool) -> Signal:
    if is_new:
        return post_save
    return pre_save


# E: post_save cannot connect wrong: 'never' is never sent (PostSave does not declare it): remove the parameter or give it a default  [signal-parameter]
either(True).connect(wrong)
either(True).connect(new)
# E: post_save cannot connect wrong: 'never' is never sent (PostSave does not declare it): remove the parameter or give it a default  [signal-parameter]
cast(Signal, post_save).connect(wrong)
(unknown_options() or post_save).connect(wrong)
getattr(signals, "post_sav").connect(wrong)
getattr(signals, unknown_options()).connect(wrong)
# E: post_save cannot connect wrong: 'never' is never sent (PostSave does not declare it): remove the parameter or give it a default  [signal-parameter]
getattr(hub, "saved").connect(wrong)
# E: signals.post_save cannot connect wrong: 'never' is never sent (PostSave does not declare it): remove the parameter or give it a default  [signal-parameter]
getattr(signals, "post_save").connect(wrong)


def reading(sender, **kwargs):
    kwargs.clear()
    print(kwargs["never"])


post_save.connect(reading)


async def reading_later(sender, **kwargs):
    async with sender:
        # E: 'never' is never in kwargs, because post_save does not declare it: remove it  [signal-read]
        print(kwargs["never"])


post_save.connect(reading_later)


def not_reading(sender, **kwargs):
    print(kwargs)


post_save.connect(not_reading)


class Other:
    def connect(self, receiver: object) -> None: ...


def read_elsewhere(sender, **kwargs):
    print(kwargs["never"])


post_save.connect(read_elsewhere)
Other().connect(read_elsewhere)


# Unknown again.

for after in (post_save, pre_save):
    print(after)
after.connect(wrong)
([post_save] if __debug__ else [pre_save])[0].connect(new)


def from_parameters(several: list[Signal], by_key: dict[str, Signal]) -> None:
    for each in several:
        each.connect(wrong)
    for each in several if by_key else [post_save]:
        each.connect(wrong)
    for each in by_key.values():
        each.connect(wrong)
    by_key["a"].connect(wrong)
