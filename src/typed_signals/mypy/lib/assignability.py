"""
How types compare, and how messages show them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy.messages import format_type
from mypy.subtypes import is_subtype
from mypy.types import Instance, Type, TypeType, UnionType, get_proper_type

from .fullnames import SIGNALS

if TYPE_CHECKING:
    from mypy.plugin import CheckerPluginInterface


def is_assignable(value: Type, declared: Type, api: CheckerPluginInterface) -> bool:
    """
    Tell whether what is of type *value* is also of type *declared*.

    Classes are objects, so they have what protocols like ``Hashable`` ask of objects; mypy looks
    for it among what the instances have.
    """
    if _is_object(declared) or is_subtype(value, declared):
        return True
    value, declared = get_proper_type(value), get_proper_type(declared)
    if isinstance(value, UnionType):
        return all(is_assignable(item, declared, api) for item in value.items)
    if isinstance(declared, UnionType):
        return any(is_assignable(value, item, api) for item in declared.items)
    return (
        isinstance(value, TypeType)
        and isinstance(declared, Instance)
        and declared.type.is_protocol
        and is_subtype(api.named_generic_type("builtins.type", []), declared)
    )


def _is_object(typ: Type) -> bool:
    return isinstance(typ, Instance) and typ.type.fullname == "builtins.object"


def quoted(typ: Type, api: CheckerPluginInterface) -> str:
    """
    Return *typ* in quotes, as mypy's messages have it.

    The parameters of a signal that hardly anybody writes would only blur the message.
    """
    proper = get_proper_type(typ)
    if isinstance(proper, Instance) and proper.type.fullname in SIGNALS:
        return format_type(proper.copy_modified(args=proper.args[:2]), api.options)
    return format_type(typ, api.options)
