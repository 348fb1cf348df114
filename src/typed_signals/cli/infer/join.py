"""
Join the types that several witnesses give for one key.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from typed_signals.cli.survey.written_types import (
    NONE,
    OBJECT,
    NamedType,
    ParameterTypes,
    UnionOf,
    UnknownType,
    Verbatim,
    WrittenType,
    is_known,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

MOST_ALTERNATIVES: Final = 3
"""The size of the largest union, without None."""

# All classes have one of these, so it would say nothing to have it in common.
_EMPTY: Final = frozenset(
    {"builtins:object", "abc:ABC", "typing:Generic", "typing:Protocol", "enum:Enum"}
)
_SAYS_NOTHING: Final = frozenset(
    _EMPTY
    | {"django.db.models:Model", "django.db.models.base:Model"}
    | {"django.db.models.utils:AltersData"}
    | {"collections.abc:Hashable", "collections.abc:Sized", "collections.abc:Container"}
    | {"collections.abc:Iterable", "collections.abc:Collection"}
)
# What type checkers accept in place of another class.
PROMOTED: Final = {
    "builtins:bool": "builtins:int",
    "builtins:int": "builtins:float",
    "builtins:float": "builtins:complex",
}
_NEVER: Final = UnionOf(())
"""The type of the items of what was empty."""


def join(
    types: Iterable[WrittenType], ancestors: Mapping[str, Sequence[str]], *, merges: bool = False
) -> WrittenType:
    """
    Return the type of values that have one of *types*; ``UnknownType`` if one is not known.

    Args:
        types: the types.
        ancestors: for each class, those that it inherits from, like ``shop.models:Order``.
        merges: whether ``list[int]`` and ``list[str]`` become ``list[int | str]``, because they are
            only what was in a list.
    """
    flat = [one for typ in types for one in alternatives(typ)]
    unknown = next((typ for typ in flat if not is_known(typ)), None)
    if unknown is not None:
        return unknown if isinstance(unknown, UnknownType) else UnknownType("partly known")
    unique = [*dict.fromkeys(flat)]
    has_none = NONE in unique
    items = [typ for typ in unique if typ != NONE]
    items = _without_subclasses(_merged(items, ancestors) if merges else items, ancestors)
    if len(items) > MOST_ALTERNATIVES:
        items = _common_base(items, ancestors) or [OBJECT]
    if OBJECT in items:
        return OBJECT
    if has_none:
        items.append(NONE)
    return items[0] if len(items) == 1 else UnionOf(tuple(items))


def alternatives(typ: WrittenType) -> Iterator[WrittenType]:
    """
    Yield the types of a union, also of inner ones; for another type, itself.
    """
    if isinstance(typ, UnionOf):
        for item in typ.items:
            yield from alternatives(item)
    else:
        yield typ


def _merged(
    items: Iterable[WrittenType], ancestors: Mapping[str, Sequence[str]]
) -> list[WrittenType]:
    """
    Return *items* with one type for each class.
    """
    found: dict[str, list[NamedType]] = {}
    for item in cast("Iterable[NamedType]", items):
        found.setdefault(class_name(item), []).append(item)
    return [_merged_class(same, ancestors) for same in found.values()]


def _merged_class(same: list[NamedType], ancestors: Mapping[str, Sequence[str]]) -> NamedType:
    first, dots = same[0], Verbatim("...")
    lengths = {len(each.args) for each in same}
    is_tuple = class_name(first) == "builtins:tuple"
    if is_tuple and (len(lengths) > 1 or any(dots in each.args for each in same)):
        inner = [arg for each in same for arg in each.args if arg != dots]
        return replace(first, args=(join(inner, ancestors, merges=True), dots))
    if len(lengths) > 1:
        return max(same, key=lambda each: len(each.args))
    columns = [*zip(*(each.args for each in same), strict=True)]
    return replace(first, args=tuple(_merged_argument(column, ancestors) for column in columns))


def _merged_argument(
    column: Sequence[WrittenType], ancestors: Mapping[str, Sequence[str]]
) -> WrittenType:
    if all(arg == column[0] for arg in column):
        return column[0]
    if any(isinstance(arg, (ParameterTypes, Verbatim)) for arg in column):
        return Verbatim("...")
    return join(column, ancestors, merges=True)


def with_unknown_items(typ: WrittenType) -> WrittenType:
    """
    Return *typ* with unknown items for what was always empty.
    """
    if typ == _NEVER:
        return UnknownType("it was always empty")
    if isinstance(typ, UnionOf):
        return UnionOf(tuple(map(with_unknown_items, typ.items)))
    if isinstance(typ, NamedType):
        return replace(typ, args=tuple(map(with_unknown_items, typ.args)))
    return typ


def is_instance_of(
    typ: WrittenType, other: WrittenType, ancestors: Mapping[str, Sequence[str]]
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
    mine, full = class_name(typ), class_name(other)
    if mine == full == "builtins:type":
        if not (typ.args and other.args):
            return not other.args
        return is_instance_of(typ.args[0], other.args[0], ancestors)
    if mine == full:
        return not other.args
    if PROMOTED.get(mine) == full:
        return True
    return full in ancestors.get(mine, ()) and not other.args


def without_classes(
    typ: WrittenType, classes: Collection[str], ancestors: Mapping[str, Sequence[str]]
) -> WrittenType:
    """
    Return *typ* with base classes in place of some classes.

    Args:
        typ: the type.
        classes: these classes.
        ancestors: as for ``join``.
    """
    if isinstance(typ, UnionOf):
        return UnionOf(tuple(without_classes(item, classes, ancestors) for item in typ.items))
    if not isinstance(typ, NamedType):
        return typ
    if (full := class_name(typ)) not in classes:
        args = tuple(without_classes(arg, classes, ancestors) for arg in typ.args)
        return replace(typ, args=args)
    bases = (one for one in ancestors[full] if one not in classes and one not in _EMPTY)
    base = next(bases, None)
    return UnknownType("only tests define it") if base is None else named_class(base)


def _without_subclasses(
    items: list[WrittenType], ancestors: Mapping[str, Sequence[str]]
) -> list[WrittenType]:
    return [
        item
        for item in items
        if not any(other != item and is_instance_of(item, other, ancestors) for other in items)
    ]


def _common_base(
    items: list[WrittenType], ancestors: Mapping[str, Sequence[str]]
) -> list[WrittenType] | None:
    """
    Return the nearest class that all *items* inherit from, or the type of such classes.
    """
    named = [item for item in items if isinstance(item, NamedType)]
    if len(named) < len(items):
        return None
    if all(class_name(item) == "builtins:type" for item in named):
        classes = [item.args[0] for item in named if item.args]
        found = _common_base(classes, ancestors) if len(classes) == len(named) else None
        return [NamedType("builtins", "type", tuple(found or ()))]
    lines = [[class_name(item), *ancestors.get(class_name(item), ())] for item in named]
    for base in lines[0]:
        if base not in _SAYS_NOTHING and all(base in line for line in lines):
            return [named_class(base)]
    return None


def class_name(typ: NamedType) -> str:
    """
    Return the class of *typ* as ``shop.models:Order``.
    """
    return f"{typ.module}:{typ.name}"


def named_class(full: str) -> NamedType:
    """
    Return the type of the class *full*, like ``shop.models:Order``.
    """
    module, _, name = full.partition(":")
    return NamedType(module, name)
