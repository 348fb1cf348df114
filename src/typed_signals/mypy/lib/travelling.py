"""
Which types travel to the background, for types of mypy.

The run time decides, in :mod:`typed_signals.background._codec`. A type has an obstacle here if the
run time certainly refuses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from mypy.expandtype import expand_type_by_instance
from mypy.nodes import Var
from mypy.types import (
    AnyType,
    FunctionLike,
    Instance,
    ProperType,
    TupleType,
    Type,
    TypedDictType,
    TypeOfAny,
    UnionType,
    get_proper_type,
)

from typed_signals._shared.messages import (
    TYPES_OF_DJANGO,
    bare_type_problem,
    opaque_type_problem,
    same_names_problem,
    vague_type_problem,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy.nodes import TypeInfo

_SCALARS: Final = frozenset(
    {
        *("builtins.bool", "builtins.bytes", "builtins.float", "builtins.int", "builtins.str"),
        *("datetime.date", "datetime.datetime", "datetime.time", "datetime.timedelta"),
        *("builtins.type", "decimal.Decimal", "uuid.UUID", "zoneinfo.ZoneInfo"),
    }
)
_GENERIC_TYPES: Final = frozenset(
    {
        *("builtins.dict", "builtins.frozenset", "builtins.list", "builtins.set"),
        *("builtins.tuple", "typing.AbstractSet", "typing.Collection", "typing.Iterable"),
        *("typing.Mapping", "typing.MutableMapping", "typing.MutableSequence"),
        *("typing.MutableSet", "typing.Sequence"),
    }
)
# mypy has another name for it.
_RUN_TIME_NAMES: Final = {"AbstractSet": "Set"}
_DJANGOS_MODEL: Final = "django.db.models.base.Model"
_STRUCT: Final = "msgspec.Struct"
# A type with more layers contains itself.
_MOST_TYPE_LAYERS: Final = 20


class Obstacle(NamedTuple):
    """
    Why values of a type do not travel.
    """

    what: str
    """The rest of a sentence about the type."""

    fix: str
    path: str = ""
    """Where in the type it is, like ``[].price``."""

    def reason_about(self, name: str) -> str:
        """
        Return what is wrong with the type of *name*: "it" or the part of it.
        """
        return f"{name}{self.path} {self.what}" if self.path else f"it {self.what}"


def find_obstacle(typ: Type, layers: int = _MOST_TYPE_LAYERS) -> Obstacle | None:
    """
    Return why values of *typ* do not travel; None if they do, or may.

    Args:
        typ: the type.
        layers: how many layers of it are read.
    """
    if not layers:
        return None
    proper = get_proper_type(typ)
    problem: tuple[str, str] | None = None
    if isinstance(proper, AnyType) and proper.type_of_any == TypeOfAny.explicit:
        problem = vague_type_problem("Any")
    elif isinstance(proper, FunctionLike) and not proper.is_type_obj():
        problem = opaque_type_problem("Callable")
    elif isinstance(proper, UnionType):
        problem = _same_names(proper)
    elif isinstance(proper, Instance):
        problem = _problem_of(proper)
    if problem is not None:
        return Obstacle(*problem)
    for step, inner in _types_in(proper):
        if (found := find_obstacle(inner, layers - 1)) is not None:
            return found._replace(path=f"{step}{found.path}")
    return None


def _problem_of(instance: Instance) -> tuple[str, str] | None:
    """
    Return what is wrong with a class, whatever its fields or items are, and the fix.
    """
    cls = instance.type
    name = _RUN_TIME_NAMES.get(cls.name, cls.name)
    if cls.fullname == "builtins.object":
        return vague_type_problem(name)
    if cls.fullname in _GENERIC_TYPES:
        is_bare = all(
            isinstance(each, AnyType) and each.type_of_any == TypeOfAny.from_omitted_generics
            for each in map(get_proper_type, instance.args)
        )
        return bare_type_problem(name) if is_bare else None
    for refused, problem in TYPES_OF_DJANGO.items():
        if cls.has_base(refused):
            return problem
    return None if cls.fullname in _SCALARS or _may_have_fields(cls) else opaque_type_problem(name)


def _may_have_fields(cls: TypeInfo) -> bool:
    """
    Return whether *cls* declares its data, or stands for another type, as far as is known.
    """
    return (
        cls.is_newtype
        or cls.fallback_to_any
        # dataclasses, attrs and what is like them have metadata.
        or any(base.is_enum or base.is_named_tuple or base.metadata for base in cls.mro)
        or any(map(cls.has_base, (_DJANGOS_MODEL, _STRUCT)))
    )


def _same_names(union: UnionType) -> tuple[str, str] | None:
    """
    Return what is wrong with a union of two classes with one name, and the fix.
    """
    names: dict[str, str] = {}
    for item in map(get_proper_type, union.items):
        if isinstance(item, Instance) and "dataclass" in item.type.metadata and not item.args:
            cls = item.type
            if names.setdefault(cls.name, cls.fullname) != cls.fullname:
                return same_names_problem(cls.name)
    return None


def _types_in(typ: ProperType | None) -> Iterator[tuple[str, Type]]:
    """
    Yield the types that are part of *typ*, each with the step to it.
    """
    if isinstance(typ, UnionType):
        yield from (("", item) for item in typ.items)
    elif isinstance(typ, TypedDictType):
        yield from ((f"[{key!r}]", item) for key, item in typ.items.items())
    elif isinstance(typ, TupleType) and not typ.partial_fallback.type.is_named_tuple:
        yield from (("[]", item) for item in typ.items)
    elif isinstance(typ, Instance):
        cls = typ.type
        if cls.is_newtype:
            yield "", cls.bases[0]
        elif cls.fullname in _GENERIC_TYPES:
            yield from (("[]", argument) for argument in typ.args)
        else:
            yield from (("", argument) for argument in typ.args)
            for field in cls.metadata.get("dataclass", {}).get("attributes", ()):
                symbol = cls.get(field["name"])
                variable = symbol.node if symbol is not None else None
                if isinstance(variable, Var) and variable.type and not field["is_init_var"]:
                    yield f".{variable.name}", expand_type_by_instance(variable.type, typ)
