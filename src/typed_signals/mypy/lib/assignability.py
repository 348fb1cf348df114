"""
Compare types, and format them for messages.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from mypy.messages import format_type, format_type_distinctly
from mypy.subtypes import is_subtype
from mypy.types import Instance, Type, TypeType, UnionType, get_proper_type

from .fullnames import SIGNALS

# Where our signals are defined, in messages.
_PRIVATE: Final = re.compile(r"\btyped_signals\.((?:django\.)?)_\w+\.")

if TYPE_CHECKING:
    from mypy.plugin import CheckerPluginInterface


def is_assignable(value: Type, declared: Type, api: CheckerPluginInterface) -> bool:
    """
    Return whether type *value* is compatible with type *declared*.

    Classes are objects, so they implement protocols like ``Hashable``. mypy would check the
    instances instead.
    """
    if is_object(declared) or is_subtype(value, declared):
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


def is_object(typ: Type) -> bool:
    """
    Return whether *typ* is ``object``.
    """
    return isinstance(typ, Instance) and typ.type.fullname == "builtins.object"


def quoted(typ: Type, api: CheckerPluginInterface) -> str:
    """
    Return *typ* in quotes, as in mypy's messages.

    Type parameters of a signal that are rarely used are omitted.
    """
    return format_type(_without_rare_arguments(typ), api.options)


def both_quoted(first: Type, second: Type, api: CheckerPluginInterface) -> tuple[str, str]:
    """
    Return both types in quotes, with their modules if the names alone are equal.
    """
    shown = format_type_distinctly(
        _without_rare_arguments(first), _without_rare_arguments(second), options=api.options
    )
    one, other = (_PRIVATE.sub(r"typed_signals.\1", text) for text in shown)
    return one, other


def _without_rare_arguments(typ: Type) -> Type:
    proper = get_proper_type(typ)
    if isinstance(proper, Instance) and proper.type.fullname in SIGNALS:
        return proper.copy_modified(args=proper.args[:2])
    return typ
