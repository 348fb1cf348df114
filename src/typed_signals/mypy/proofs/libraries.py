"""
Functions and classes of libraries with a known effect; their source is not read.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Final

from typed_signals.mypy.lib.known_decorators import Trait, decorators_with, traits_of

from .values import (
    IDENTITY,
    UNKNOWN_VALUE,
    Closure,
    Items,
    Library,
    Mark,
    constant,
    copied,
    is_function,
    union,
    unknown,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .values import Meaning, Meanings


_FACTORY: Final[Meanings] = frozenset({Mark.FACTORY})
CONTEXT_DECORATORS: Final = {"contextlib.ContextDecorator", "contextlib.AsyncContextDecorator"}
PLAIN_BASES: Final[Meanings] = frozenset(
    {Library("builtins.object"), Library("typing.Generic"), Library("abc.ABC")}
)
BASES: Final = {*CONTEXT_DECORATORS, "builtins.object", "typing.Generic", "abc.ABC"}
_PASSING_ON: Final = decorators_with(Trait.PASSES_ON)
# They turn a generator function into a factory of decorators that pass everything on.
_MAKE_FACTORIES: Final = {"contextlib.asynccontextmanager", "contextlib.contextmanager"}
_OTHERS: Final = {
    "asgiref.sync.iscoroutinefunction",
    "asyncio.iscoroutinefunction",
    "functools.partial",
    "inspect.iscoroutinefunction",
    "typing.cast",
    # What it states is checked, not the function.
    "typed_signals.with_signature",
}
_KNOWN: Final = frozenset().union(
    _PASSING_ON,
    _MAKE_FACTORIES,
    _OTHERS,
    BASES,
    {"inspect.isclass"},
)
_PARENTS: Final = frozenset(name.rpartition(".")[0] for name in _KNOWN)
THIRD_PARTY: Final = frozenset(name.partition(".")[0] for name in _KNOWN) - {
    "django",
    "typed_signals",
}
"""Packages whose source is not read."""
# Builtins that tell something about their arguments, ...
_TELLING: Final = {
    f"builtins.{name}"
    for name in (
        *("all", "any", "bool", "callable", "format", "hasattr", "hash", "id", "isinstance"),
        *("issubclass", "len", "print", "repr", "str"),
    )
}
# ... or copy what is in them.
_COPYING: Final = {
    f"builtins.{name}"
    for name in (
        *("dict", "enumerate", "frozenset", "iter", "list", "reversed", "set", "sorted", "tuple"),
        "zip",
    )
}
_READERS: Final = {*_TELLING, *_COPYING, "builtins.getattr", "builtins.type"}


def library(name: str) -> Meanings:
    """
    Return the value of something with a full name, if its effect or that of its parts is known.
    """
    parent, _, last = name.rpartition(".")
    is_builtin = parent == "builtins" and last[:1] != "_" and hasattr(builtins, last)
    is_known = is_builtin or name in _KNOWN or name in _PARENTS
    return frozenset({Library(name)}) if is_known else UNKNOWN_VALUE


def is_reader(value: Meaning) -> bool:
    """
    Return whether a function only reads its arguments, or is known to the evaluator.
    """
    if not isinstance(value, Library):
        return value is Mark.IDENTITY
    return value.name in _READERS or not value.name.startswith("builtins.")


def library_result(
    name: str, args: Sequence[Meanings], keywords: Mapping[str, Meanings]
) -> Meanings:
    """
    Return what a call of a function of a library returns.

    Args:
        name: the full name.
        args: the positional arguments.
        keywords: the arguments by keyword.
    """
    if name in _MAKE_FACTORIES:
        return _FACTORY
    if name in _PASSING_ON:
        return _passed_on(traits_of(name), args)
    if name == "typing.cast" and len(args) == 2:
        return args[1]
    if name in _READERS:
        return _result_of_builtin(name, args, keywords)
    if name == "functools.partial" and args:
        return union(_bound(value, args[1:], keywords) for value in args[0])
    return unknown(*args, *keywords.values())


def _result_of_builtin(
    name: str, args: Sequence[Meanings], keywords: Mapping[str, Meanings]
) -> Meanings:
    if name == "builtins.len" and len(args) == 1:
        return union(_length(value) for value in args[0])
    if name in _TELLING:
        return UNKNOWN_VALUE
    if name in _COPYING:
        return unknown(*map(copied, args), *keywords.values())
    return unknown(*args, *keywords.values())


def _passed_on(traits: Trait, args: Sequence[Meanings]) -> Meanings:
    """
    Return what a call returns of a decorator that passes everything on.
    """
    if Trait.CALLED not in traits:
        return args[0] if args else UNKNOWN_VALUE
    is_bare = Trait.BARE in traits and bool(args) and all(map(is_function, args[0]))
    return args[0] if is_bare else IDENTITY


def _length(value: Meaning) -> Meanings:
    return constant(len(value.values)) if isinstance(value, Items) else UNKNOWN_VALUE


def _bound(value: Meaning, args: Sequence[Meanings], keywords: Mapping[str, Meanings]) -> Meanings:
    if not isinstance(value, Closure):
        return UNKNOWN_VALUE
    bound = (*value.args, *args)
    return frozenset({Closure(value.node, value.scope, bound, {**value.keywords, **keywords})})
