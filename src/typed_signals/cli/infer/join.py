"""
Join the types that several witnesses give for one key.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from typed_signals.cli.survey.written_types import (
    NONE,
    OBJECT,
    NamedType,
    UnionOf,
    UnknownType,
    WrittenType,
    is_known,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

MOST_ALTERNATIVES: Final = 3
"""The size of the largest union, without None."""

# All classes have one of these, so it would say nothing to have it in common.
_EMPTY: Final = frozenset(
    {"builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol", "enum.Enum"}
)
_SAYS_NOTHING: Final = frozenset(
    _EMPTY
    | {"django.db.models.Model", "django.db.models.base.Model", "django.db.models.utils.AltersData"}
    | {"collections.abc.Hashable", "collections.abc.Sized", "collections.abc.Container"}
    | {"collections.abc.Iterable", "collections.abc.Collection"}
)
_PROMOTED: Final = {"builtins.bool": "builtins.int", "builtins.int": "builtins.float"}


def join(types: Iterable[WrittenType], ancestors: Mapping[str, tuple[str, ...]]) -> WrittenType:
    """
    Return the type of values that have one of *types*; ``UnknownType`` if one is not known.

    Args:
        types: the types.
        ancestors: for each class, the full names of those that it inherits from.
    """
    flat: list[WrittenType] = []
    for typ in types:
        flat += typ.items if isinstance(typ, UnionOf) else [typ]
    unknown = next((typ for typ in flat if not is_known(typ)), None)
    if unknown is not None:
        return unknown if isinstance(unknown, UnknownType) else UnknownType("partly known")
    unique = [*dict.fromkeys(flat)]
    has_none = NONE in unique
    items = _without_subclasses([typ for typ in unique if typ != NONE], ancestors)
    if len(items) > MOST_ALTERNATIVES:
        items = _common_base(items, ancestors) or [OBJECT]
    if OBJECT in items:
        return OBJECT
    if has_none:
        items.append(NONE)
    return items[0] if len(items) == 1 else UnionOf(tuple(items))


def is_instance_of(
    typ: WrittenType, other: WrittenType, ancestors: Mapping[str, tuple[str, ...]]
) -> bool:
    """
    Return whether values of the type *typ* certainly have the type *other*, too.
    """
    if other in (typ, OBJECT):
        return True
    if isinstance(typ, UnionOf):
        return all(is_instance_of(item, other, ancestors) for item in typ.items)
    if isinstance(other, UnionOf):
        return any(is_instance_of(typ, item, ancestors) for item in other.items)
    if not (isinstance(typ, NamedType) and isinstance(other, NamedType)):
        return False
    mine, full = _full(typ), _full(other)
    if mine == full == "builtins.type":
        if not (typ.args and other.args):
            return not other.args
        return is_instance_of(typ.args[0], other.args[0], ancestors)
    if mine == full:
        return not other.args
    if _PROMOTED.get(mine) == full:
        return True
    return full in ancestors.get(mine, ()) and not other.args


def without_classes(
    typ: WrittenType, classes: Collection[str], ancestors: Mapping[str, tuple[str, ...]]
) -> WrittenType:
    """
    Return *typ* with base classes in place of some classes.

    Args:
        typ: the type.
        classes: the full names of these classes.
        ancestors: as for ``join``.
    """
    if isinstance(typ, UnionOf):
        return UnionOf(tuple(without_classes(item, classes, ancestors) for item in typ.items))
    if not isinstance(typ, NamedType):
        return typ
    if (full := _full(typ)) not in classes:
        args = tuple(without_classes(arg, classes, ancestors) for arg in typ.args)
        return replace(typ, args=args)
    bases = (one for one in ancestors[full] if one not in classes and one not in _EMPTY)
    module, _, name = next(bases, "").rpartition(".")
    return NamedType(module, name) if name else UnknownType("only tests define it")


def _without_subclasses(
    items: list[WrittenType], ancestors: Mapping[str, tuple[str, ...]]
) -> list[WrittenType]:
    return [
        item
        for item in items
        if not any(other != item and is_instance_of(item, other, ancestors) for other in items)
    ]


def _common_base(
    items: list[WrittenType], ancestors: Mapping[str, tuple[str, ...]]
) -> list[WrittenType] | None:
    """
    Return the nearest class that all *items* inherit from, or the type of such classes.
    """
    named = [item for item in items if isinstance(item, NamedType)]
    if len(named) < len(items):
        return None
    if all(_full(item) == "builtins.type" for item in named):
        classes = [item.args[0] for item in named if item.args]
        found = _common_base(classes, ancestors) if len(classes) == len(named) else None
        return [NamedType("builtins", "type", tuple(found or ()))]
    lines = [[_full(item), *ancestors.get(_full(item), ())] for item in named]
    for base in lines[0]:
        if base not in _SAYS_NOTHING and all(base in line for line in lines):
            module, name = _split(base, named)
            return [NamedType(module, name)]
    return None


def _split(full: str, named: list[NamedType]) -> tuple[str, str]:
    for item in named:
        if _full(item) == full:
            return item.module, item.name
    module, _, name = full.rpartition(".")
    return module, name


def _full(typ: NamedType) -> str:
    return f"{typ.module}.{typ.name}"
