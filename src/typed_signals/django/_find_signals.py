"""
Find signals and their names, for checks, listings and messages.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from django.dispatch import Signal as DjangoSignal

from typed_signals._base import BaseSignal
from typed_signals._receiver import is_declared
from typed_signals._shared.messages import shown
from typed_signals._shared.named_objects import named_objects

from ._defining_modules import DEFINING_MODULE

if TYPE_CHECKING:
    from collections.abc import Iterator


def builtin_signals() -> Iterator[tuple[str, DjangoSignal]]:
    """
    Yield the dotted name of each of Django's own signals, and the signal.

    Nothing is imported: the signals of a module that is not imported cannot have receivers.
    """
    for name, defining in DEFINING_MODULE.items():
        signal: Any = getattr(sys.modules.get(defining), name, None)
        if issubclass(type(signal), DjangoSignal):
            yield f"{defining}.{name}", signal


def find_signals() -> list[tuple[str, Any]]:
    """
    Return the name and the signal for signals with a name in a module, or in a class of a module.

    These are Django's, those of other packages, and ours on either dispatcher.
    """
    names: dict[int, tuple[Any, str, Any]] = {}
    for module, path, value in named_objects(DjangoSignal, BaseSignal):
        candidate = (_rank(module), f"{module}.{path}", value)
        known = names.setdefault(id(value), candidate)
        if candidate[0] < known[0]:
            names[id(value)] = candidate
    for name, signal in builtin_signals():
        names[id(signal)] = ((), name, signal)
    found = [(_declared_name(signal) or name, signal) for _, name, signal in names.values()]
    return sorted(found, key=lambda pair: pair[0])


def signal_name(signal: Any) -> str:
    """
    Return the name of *signal* in messages, with or without a declaration.
    """
    if name := _declared_name(signal):
        return name
    without = signal._declaration.name_of(signal) if is_declared(signal) else shown(signal)
    return next((name for name, found in find_signals() if found is signal), without)


def _rank(module: str) -> tuple[bool, bool, int, str]:
    """
    Return a sort key: modules that probably define what other modules import come first.
    """
    parts = module.split(".")
    return "__main__" in parts, "signals" not in parts, len(parts), module


def _declared_name(signal: Any) -> str | None:
    """
    Return the declared name of *signal*, if it is known.
    """
    if not is_declared(signal):
        return None
    name: str = signal._declaration.name_of(signal)
    return None if name.startswith("<") else name
