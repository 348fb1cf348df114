"""
Signals by their names: all that there are, and which ones a pattern means.
"""

from __future__ import annotations

import gc
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from typed_signals._shared.weak_map import WeakMap

from .kinds import has_name, kinds, signal_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

EVERY_NAME: Final = "*"

# The name of a signal, and how often it was asked for before it had one; 0 if it has one.
_known: Final[WeakMap[tuple[str, int]]] = WeakMap()


def known_name(signal: Any) -> str:
    """
    Return the name of *signal*, as ``list_signals`` shows it.

    To find it, all modules are searched. So for a signal without a name, only the first, second,
    fourth, eighth ... call of this does so.
    """
    name, asked = _known.get(signal) or ("", 1)
    if asked and not asked & (asked - 1):
        name = signal_kind(signal).name_of(signal)
    if asked:
        _known.set(signal, (name, 0 if has_name(name) else asked + 1))
    return name


def is_meant(name: str, pattern: str) -> bool:
    """
    Return whether the signal with this name is meant by *pattern*, such as ``post_save``,
    ``shop.signals.pizza_done`` or ``shop.*``.
    """
    return fnmatchcase(name, pattern) or fnmatchcase(name, f"*.{pattern}")


def can_match(pattern: str) -> bool:
    """
    Return whether there can be a signal with a name that *pattern* means.
    """
    return pattern.strip() == pattern != "" and "" not in pattern.split(".")


def all_signals() -> Iterator[tuple[str | None, Any]]:
    """
    Yield all signals, some more than once, each with its name, or None if it may have none.
    """
    for kind in kinds():
        named = list(kind.named())
        yield from named
        known = {id(signal) for _, signal in named}
        classes = list(_subclasses(kind.constructor[0]))
        ids = {id(cls) for cls in classes}
        # An object refers to its class. All objects would include tuples that other threads are
        # just making, which fails if somebody else has them.
        for value in gc.get_referrers(*classes):
            if id(type(value)) in ids and id(value) not in known and kind.is_one(value):
                yield None, value


def _subclasses(cls: type) -> Iterator[type]:
    yield cls
    subclasses: list[type] = type.__subclasses__(cls)
    for subclass in subclasses:
        yield from _subclasses(subclass)
