"""
Types as they can be written in source code, independent of mypy.

A class is carried with the module that it is imported from, so that whoever writes it can also
write the import.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from keyword import iskeyword
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_BUILTINS: Final = "builtins"


@dataclass(frozen=True)
class NamedType:
    """
    A class or another named type, with its arguments.
    """

    module: str
    """The module that it is imported from; ``builtins`` needs no import."""

    name: str
    """The name in the module; ``Outer.Inner`` for a nested class."""

    args: tuple[WrittenType, ...] = ()

    at_run_time: bool = True
    """Whether objects have the class at run time; false for what only type checkers know: modules
    of typeshed, ``NewType``, and protocols and TypedDicts of others than the standard library."""


@dataclass(frozen=True)
class UnionOf:
    """
    One of several types, as ``int | None``.
    """

    items: tuple[WrittenType, ...]


@dataclass(frozen=True)
class ParameterTypes:
    """
    The first argument of ``Callable``, as ``[int, str]``.
    """

    items: tuple[WrittenType, ...]


@dataclass(frozen=True)
class Verbatim:
    """
    A part of a type that is not a type: ``...``, or a value of ``Literal``.
    """

    text: str


@dataclass(frozen=True)
class UnknownType:
    """
    A type that is not known, or that cannot be written. In source code, it is ``object``.
    """

    why: str = ""
    """What the type is, if it cannot be written, or why mypy does not know it."""


WrittenType: TypeAlias = NamedType | UnionOf | ParameterTypes | Verbatim | UnknownType

OBJECT: Final = NamedType(_BUILTINS, "object")
NONE: Final = NamedType(_BUILTINS, "None")


def is_known(typ: WrittenType) -> bool:
    """
    Return whether *typ* and all its parts are known.
    """
    return not any(isinstance(part, UnknownType) for part in parts_of(typ))


def parts_of(typ: WrittenType) -> Iterator[WrittenType]:
    """
    Yield *typ* and the types in it.
    """
    yield typ
    if isinstance(typ, NamedType):
        inner = typ.args
    elif isinstance(typ, (UnionOf, ParameterTypes)):
        inner = typ.items
    else:
        inner = ()
    for part in inner:
        yield from parts_of(part)


def imports_of(typ: WrittenType) -> set[tuple[str, str]]:
    """
    Return the modules and names that must be imported for *typ*, as ``("shop.models", "Order")``.
    """
    return {
        (part.module, part.name.partition(".")[0])
        for part in parts_of(typ)
        if isinstance(part, NamedType) and part.module != _BUILTINS
    }


def is_source(typ: WrittenType) -> bool:
    """
    Return whether *typ* can be written as source code, and its classes imported.
    """
    names = [
        part
        for named in parts_of(typ)
        if isinstance(named, NamedType)
        for part in f"{named.module}.{named.name}".split(".")
    ]
    try:
        ast.parse(full_text(typ), mode="eval")
    except (SyntaxError, ValueError):
        return False
    return all(part.isidentifier() and (part == "None" or not iskeyword(part)) for part in names)


def source_of(typ: WrittenType, name_of: Callable[[NamedType], str]) -> str:
    """
    Return *typ* as source code.

    Args:
        typ: the type.
        name_of: returns how a class is written where the code is, without arguments.
    """
    if isinstance(typ, NamedType):
        name = name_of(typ)
        inner = ", ".join(source_of(arg, name_of) for arg in typ.args)
        return f"{name}[{inner}]" if inner else name
    if isinstance(typ, UnionOf):
        return " | ".join(source_of(item, name_of) for item in typ.items)
    if isinstance(typ, ParameterTypes):
        return f"[{', '.join(source_of(item, name_of) for item in typ.items)}]"
    return typ.text if isinstance(typ, Verbatim) else name_of(OBJECT)


def full_text(typ: WrittenType) -> str:
    """
    Return *typ* with the full names of classes, as ``shop.models.Order | None``.
    """
    return source_of(
        typ,
        lambda named: named.name if named.module == _BUILTINS else f"{named.module}.{named.name}",
    )


def short_text(typ: WrittenType) -> str:
    """
    Return *typ* without modules, as ``Order | None``.
    """
    return source_of(typ, lambda named: named.name)


def type_to_json(typ: WrittenType) -> dict[str, Any]:
    """
    Return *typ* as JSON data.
    """
    if isinstance(typ, NamedType):
        data: dict[str, Any] = {"module": typ.module, "name": typ.name}
        if typ.args:
            data["args"] = [type_to_json(arg) for arg in typ.args]
        if not typ.at_run_time:
            data["at_run_time"] = False
        return data
    if isinstance(typ, UnionOf):
        return {"union": [type_to_json(item) for item in typ.items]}
    if isinstance(typ, ParameterTypes):
        return {"parameters": [type_to_json(item) for item in typ.items]}
    return {"text": typ.text} if isinstance(typ, Verbatim) else {"unknown": typ.why}


def type_from_json(data: dict[str, Any]) -> WrittenType:
    """
    Return the type of which *data* is the JSON.
    """
    if "module" in data:
        args = tuple(type_from_json(arg) for arg in data.get("args", ()))
        return NamedType(data["module"], data["name"], args, data.get("at_run_time", True))
    if "union" in data:
        return UnionOf(tuple(map(type_from_json, data["union"])))
    if "parameters" in data:
        return ParameterTypes(tuple(map(type_from_json, data["parameters"])))
    return Verbatim(data["text"]) if "text" in data else UnknownType(data["unknown"])
