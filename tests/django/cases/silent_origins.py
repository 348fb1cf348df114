"""Signals that come from loops, collections, attributes and functions of the module."""

# ruff: noqa: RUF034 - equal branches are several cases
import itertools
import os
import random
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db.models.signals import ModelSignal, m2m_changed, post_save
from django.dispatch import receiver as connects


def on_save(sender: Any, created: Any, **kwargs: Any) -> None: ...


def on_change(sender: Any, action: Any, **kwargs: Any) -> None: ...


def on_any(sender: Any, **kwargs: Any) -> None: ...


def is_wanted(name: str) -> bool:
    return name == "save"


for every in (post_save, m2m_changed):
    # E: m2m_changed cannot connect on_save: 'created' is never sent (M2MChanged does not declare it): remove the parameter or give it a default  [signal-parameter]
    every.connect(on_save)


for one, _ in zip(reversed((post_save, m2m_changed)), ["a", "b"], strict=True):
    # E: m2m_changed cannot connect on_save: 'created' is never sent (M2MChanged does not declare it): remove the parameter or give it a default  [signal-parameter]
    one.connect(on_save)


# Loops that use some of the items only.


def branch_on_a_flag() -> None:
    for signal in (post_save, m2m_changed):
        is_save = signal is post_save
        if is_save:
            signal.connect(on_save)
        else:
            signal.connect(on_change)


branch_on_a_flag()


def first_one_only() -> None:
    first = True
    for signal in [post_save, m2m_changed]:
        if first:
            signal.connect(on_save)
        first = False


first_one_only()


def skip_some() -> None:
    for name, signal in {"save": post_save, "change": m2m_changed}.items():
        skip = not is_wanted(name)
        if skip:
            continue
        signal.connect(on_save)


skip_some()


def stop_early() -> None:
    for signal in [post_save, m2m_changed]:
        signal.connect(on_save)
        break


stop_early()


def return_early() -> None:
    for signal in [post_save, m2m_changed]:
        signal.connect(on_save)
        return


return_early()


def condition_in_an_expression() -> None:
    for number, signal in enumerate((post_save, m2m_changed), start=1):
        is_last = number == 2
        signal.connect(on_change if is_last else on_save)
        is_last or signal.connect(on_save)


condition_in_an_expression()


def match_on_the_signal() -> None:
    for signal in (post_save, m2m_changed):
        match signal:
            case found if found is post_save:
                signal.connect(on_save)
            case _:
                signal.connect(on_change)


match_on_the_signal()


def while_in_the_loop() -> None:
    for signal in (post_save, m2m_changed):
        while signal is post_save:
            signal.connect(on_save)
            break


while_in_the_loop()


def exception_in_the_loop() -> None:
    for name, signal in (("save", post_save), ("change", m2m_changed)):
        try:
            ["save"].index(name)
            signal.connect(on_save)
        except ValueError:
            signal.connect(on_change)


exception_in_the_loop()


def condition_in_a_comprehension() -> None:
    wanted = [signal for signal in (post_save, m2m_changed) if signal is post_save]
    for signal in wanted:
        signal.connect(on_save)
    [signal.connect(on_save) for signal in (post_save, m2m_changed) if signal is post_save]


condition_in_a_comprehension()


def connect_later() -> None:
    for signal in (m2m_changed, post_save):

        def connect() -> None:
            signal.connect(on_save)  # noqa: B023 - the last one

    connect()


connect_later()


def after_the_loop() -> None:
    for signal in (post_save, m2m_changed):
        signal.connect(on_any)
    else:  # noqa: PLW0120 - also without a break
        signal.connect(on_change)


after_the_loop()


def same_name_twice() -> None:
    for signal in [post_save]:
        for signal in [m2m_changed]:  # noqa: PLW2901 - replaced
            signal.connect(on_change)
        signal.connect(on_change)


same_name_twice()


def bound_by_a_pattern(value: Any) -> None:
    signal: Any = post_save
    match value:
        case {"signal": signal}:
            signal.connect(on_change)
        case [signal, *_]:
            signal.connect(on_change)


bound_by_a_pattern({"signal": m2m_changed})


# The order of the items.


def in_reverse() -> None:
    receivers: list[Any] = [on_save, on_change]
    for signal, receiver in zip(reversed((m2m_changed, post_save)), receivers, strict=True):
        signal.connect(receiver)


in_reverse()


def in_another_order() -> None:
    receivers: list[Any] = [on_change, on_save]
    if id(post_save) < id(m2m_changed):
        receivers.reverse()
    for signal, receiver in zip(sorted((m2m_changed, post_save), key=id), receivers, strict=True):
        signal.connect(receiver)


in_another_order()


def without_an_order(pairs: Iterable[int] = (1,)) -> None:
    receivers: dict[ModelSignal, Any] = {post_save: on_save, m2m_changed: on_change}
    ordered: list[Any] = [receivers[signal] for signal in {post_save, m2m_changed}]
    for signal, receiver in zip({post_save, m2m_changed}, ordered, strict=True):
        signal.connect(receiver)
    for signal, receiver in zip(frozenset((post_save, m2m_changed)), [on_any, on_any], strict=True):
        signal.connect(receiver)


without_an_order()


def in_order_of_a_comprehension() -> None:
    receivers: list[Any] = [on_save, on_save, on_change, on_change]
    signals = [signal for signal in (post_save, m2m_changed) for _ in range(2)]
    pairs = [(number, signal) for signal in (post_save, m2m_changed) for number in (1, 2)]
    for signal, receiver in zip(signals, receivers, strict=True):
        signal.connect(receiver)
    for (_, signal), receiver in zip(pairs, receivers, strict=True):
        signal.connect(receiver)


in_order_of_a_comprehension()


def part_of_a_list() -> None:
    for signal in [[post_save, m2m_changed]][0][:1]:
        signal.connect(on_save)


part_of_a_list()


# Collections that change.


def consume() -> None:
    signals = iter((post_save, m2m_changed))
    next(signals)
    for signal in signals:
        signal.connect(on_change)


consume()


def trim(signals: list[Any]) -> None:
    signals.pop()


def changed_by_a_function() -> None:
    signals = [post_save, m2m_changed]
    trim(signals)
    for signal in signals:
        signal.connect(on_save)


changed_by_a_function()


def changed_by_a_method() -> None:
    by_name = {"save": post_save, "change": m2m_changed}
    by_name.popitem()
    for signal in by_name.values():
        signal.connect(on_save)
    some = {post_save, m2m_changed}
    some.difference_update({m2m_changed})
    for signal in some:
        signal.connect(on_save)
    shuffled = [post_save, post_save]
    random.shuffle(shuffled)
    shuffled.append(m2m_changed)
    shuffled[-1].connect(on_change)


changed_by_a_method()


def key_of_a_name(names: list[str]) -> None:
    key = names[0]
    by_name = {key: post_save, "change": m2m_changed}
    key = "change"
    by_name[key].connect(on_change)
    name = names[0]
    {"name": post_save, "change": m2m_changed}[name].connect(on_change)


key_of_a_name(["change"])


def last_of_equal_keys(names: list[str]) -> None:
    {"change": post_save, names[0]: m2m_changed}["change"].connect(on_change)


last_of_equal_keys(["change"])


# Attributes and methods that may be replaced.


class Replaced:
    signal = post_save
    signals = [post_save, m2m_changed]  # noqa: RUF012 - usual in such classes

    def get_signal(self) -> ModelSignal:
        return post_save

    @property
    def connected(self) -> ModelSignal:
        return post_save

    def connect(self) -> None:
        self.signal.connect(on_change)
        self.get_signal().connect(on_change)
        self.connected.connect(on_change)
        for signal in self.signals:
            signal.connect(on_change)


class Replacing(Replaced):
    signal: Any = m2m_changed
    signals = [m2m_changed]  # noqa: RUF012 - usual in such classes

    def get_signal(self) -> ModelSignal:
        return m2m_changed

    @property
    def connected(self) -> ModelSignal:
        return m2m_changed


Replacing().connect()


class Named:
    def __init__(self, signal: Any) -> None:
        self.signal = signal


def set_later() -> None:
    named = Named(post_save)
    setattr(named, "signal", m2m_changed)  # noqa: B010
    named.signal.connect(on_change)


set_later()


# Functions.


def signals_of(kind: str) -> Iterator[ModelSignal]:
    if kind == "save":
        yield post_save
    else:
        yield m2m_changed


for found in signals_of("save"):
    found.connect(on_save)


def signal_for(node: Any) -> ModelSignal:
    if node == 1:
        return signal_for(node - 1)
    if node == 2:
        return signal_for(node - 2)
    if node == 3:
        return signal_for(node - 3)
    return post_save


signal_for(3).connect(on_save)


def many_cases(node: Any) -> ModelSignal:
    a = post_save if node else m2m_changed
    b = a if node else (post_save if node else a)
    c = b if node else (a if node else b)
    d = c if node else (b if node else c)
    return d if node else (c if node else d)


many_cases(1).connect(on_save)

if sys.platform != signal_for.__name__:

    def choose() -> ModelSignal:
        return post_save

else:

    def choose() -> ModelSignal:
        return m2m_changed


choose().connect(on_save)


# Functions whose common type has no names.


def on_first(sender, instance, created, **kwargs): ...


def on_second(sender, created, instance, **kwargs): ...


for either in (on_first, on_second):
    post_save.connect(either)

post_save.connect(on_first if signal_for(3) else on_second)
post_save.connect(next(iter([on_first, on_second])))  # type: ignore[list-item]


def positional(sender, instance, /, **kwargs): ...


# E: post_save cannot connect positional: receivers are called by keyword, so 'sender', 'instance' cannot be positional-only: remove the '/' or add a default  [signal-positional]
post_save.connect(positional)


# What is unknown.


def unknown_parts(names: list[str], more: dict[str, Any], pairs: Any) -> None:
    for signal, _ in zip({"a": post_save, **more}.values(), names, strict=False):
        signal.connect(on_change)
    for signal in [each for name in names for each in (post_save, m2m_changed, name)]:
        signal.connect(on_change)  # type: ignore[union-attr]
    for signal, receiver in zip(*pairs, strict=True):
        signal.connect(receiver)
    for signal in [post_save if names else m2m_changed for _ in range(2)]:
        signal.connect(on_change)
    for signal in [post_save if names else m2m_changed for _ in (1, 2)]:
        signal.connect(on_change)
    named = Named(post_save)
    setattr(named, names[0], m2m_changed)
    many = [(a, b) for a in range(2) for b in (post_save,) * 2]
    for _, signal in many:
        signal.connect(on_save)


unknown_parts(["a"], {}, [])


# What takes too long, or never ends.


def too_many(node: Any) -> ModelSignal:
    a = post_save if node else (m2m_changed if node else post_save)
    b = a if node else (a if node else (a if node else a))
    c = b if node else (b if node else (b if node else b))
    d = c if node else (c if node else (c if node else c))
    e = d if node else (d if node else (d if node else d))
    f = e if node else (e if node else (e if node else e))
    return f if node else (f if node else (f if node else f))


too_many(1).connect(on_save)
connects([too_many(1)])(on_any)

for _number, each in itertools.product(range(200), [post_save] * 2):
    each.connect(on_save)

for _number, each in [(number, each) for number in [0] * 2 for each in [post_save, m2m_changed]]:
    each.connect(on_any)

for each, handler in zip([*signals_of("save")], [on_save], strict=True):
    each.connect(handler)

for each in signals_of("save"):
    each.connect(on_save)


class Constants:
    SAVE = "save"
    changes = "change"


class Body:
    signal = post_save
    signal.connect(on_save)


def by_constant(other: Constants, key: Any = 1) -> None:
    by_key: dict[Any, ModelSignal] = {key: post_save, Constants: m2m_changed}
    by_key[key].connect(on_save)
    other.changes = "save"
    {"save": post_save, "change": m2m_changed}[other.changes].connect(on_save)
    {"save": post_save, "change": m2m_changed}[Constants.changes].connect(on_save)
    {settings.DEBUG: post_save, "change": m2m_changed}[settings.DEBUG].connect(on_save)
    {os.sep: post_save, os.linesep: m2m_changed}[os.sep].connect(on_save)


class Early:
    def signals(self) -> Iterator[ModelSignal]:
        yield post_save


class Late(Early):
    def signals(self) -> Iterator[ModelSignal]:
        yield m2m_changed


def of_instance(early: Early) -> None:
    for each in early.signals():
        each.connect(on_change)


of_instance(Late())
