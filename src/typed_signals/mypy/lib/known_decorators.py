"""
Decorators of Python and of packages whose effect is known without their source.
"""

from __future__ import annotations

from enum import Flag, auto
from typing import Final


class Trait(Flag):
    """
    What is known of a decorator.
    """

    BARE = auto()
    """It gets the function: ``@final``."""
    CALLED = auto()
    """A call of it returns the decorator: ``@wraps(function)``. With ``BARE``: it may be both."""
    PASSES_ON = auto()
    """What it returns passes everything on to the function, or is the function."""
    KEEPS_RESULT = auto()
    """What it returns has the result of the function, as an attribute or by a call."""
    IS_NEW = auto()
    """It returns another object each time, which nothing else refers to."""


_BARE: Final = Trait.BARE
_CALLED: Final = Trait.CALLED
_EITHER: Final = Trait.BARE | Trait.CALLED
_PASSES_ON: Final = Trait.PASSES_ON
_KEEPS_RESULT: Final = Trait.KEEPS_RESULT
_IS_NEW: Final = Trait.IS_NEW

# By full name: where it is defined, and where it is imported from. Each has at least these traits.
_DECORATORS: Final = {
    "asgiref.sync.async_to_sync": _EITHER | _PASSES_ON | _IS_NEW,
    "asgiref.sync.sync_to_async": _EITHER | _PASSES_ON | _IS_NEW,
    "builtins.classmethod": _BARE | _KEEPS_RESULT,
    "builtins.property": _BARE | _KEEPS_RESULT,
    "builtins.staticmethod": _BARE | _KEEPS_RESULT,
    "django.db.transaction.atomic": _EITHER | _IS_NEW,
    "django.dispatch.dispatcher.receiver": _CALLED | _PASSES_ON,
    "django.dispatch.receiver": _CALLED | _PASSES_ON,
    "django.utils.functional.cached_property": _BARE | _KEEPS_RESULT,
    "functools.cache": _BARE | _PASSES_ON | _KEEPS_RESULT | _IS_NEW,
    "functools.cached_property": _BARE | _KEEPS_RESULT,
    "functools.lru_cache": _EITHER | _PASSES_ON | _KEEPS_RESULT | _IS_NEW,
    "functools.update_wrapper": _BARE | _PASSES_ON,
    "functools.wraps": _CALLED | _PASSES_ON,
    "tenacity.retry": _EITHER | _PASSES_ON,
    "typed_signals.django.receiver": _CALLED | _PASSES_ON,
    "typed_signals.receiver": _CALLED | _PASSES_ON,
    "typing.final": _BARE | _PASSES_ON,
    "typing.no_type_check": _BARE | _PASSES_ON,
    "typing_extensions.deprecated": _CALLED | _PASSES_ON,
    "typing_extensions.final": _BARE | _PASSES_ON,
    "warnings.deprecated": _CALLED | _PASSES_ON,
}


def traits_of(name: str) -> Trait:
    """
    Return what is known of the decorator with the full *name*; nothing for other names.
    """
    return _DECORATORS.get(name, Trait(0))


def decorators_with(trait: Trait) -> frozenset[str]:
    """
    Return the full names of the decorators with a *trait*.
    """
    return frozenset(name for name, traits in _DECORATORS.items() if trait in traits)
