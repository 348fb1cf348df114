"""
Check the ``sender`` argument: can it send the signal?
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy.subtypes import is_subtype
from mypy.types import (
    FunctionLike,
    Instance,
    NoneType,
    ProperType,
    Type,
    TypeType,
    get_proper_type,
)
from mypy.typevars import fill_typevars_with_any

from typed_signals.mypy import codes
from typed_signals.mypy.lib.assignability import is_assignable, quoted
from typed_signals.mypy.lib.complaints import Complaint

if TYPE_CHECKING:
    from mypy.nodes import Expression
    from mypy.plugin import CheckerPluginInterface

    from typed_signals.mypy.lib.targets import Target


def find_impossible_sender(
    target: Target,
    expression: Expression | None,
    given: Type | None,
    api: CheckerPluginInterface,
) -> list[Complaint]:
    """
    Return the complaint about a ``sender=`` that can never be the sender of the signal.
    """
    if given is None or expression is None:
        return []
    sender = get_proper_type(given)
    if not is_impossible(sender, get_proper_type(target.signal.sender), api):
        return []
    text = (
        f"{target.name} is never sent by {quoted(as_class_object(sender), api)}: "
        f"use a sender of type {quoted(target.signal.sender, api)}, or leave the sender out"
    )
    return [Complaint(codes.SENDER, text, expression)]


def is_impossible(given: ProperType, declared: ProperType, api: CheckerPluginInterface) -> bool:
    """
    Return whether an object of type *given* is certainly not of type *declared*.
    """
    if isinstance(given, NoneType):
        return False
    as_class = as_class_object(given)
    if is_assignable(as_class, declared, api):
        return False
    if is_subtype(declared, as_class):
        return False  # the declared type is narrower, but this may be intended
    if isinstance(given, FunctionLike):
        # The name of a class is exactly this class; other callables are unlikely senders.
        return given.is_type_obj() and isinstance(declared, (Instance, TypeType))
    if isinstance(given, TypeType):
        # Two unrelated classes may have a common subclass; an instance is not a class.
        return isinstance(declared, Instance)
    return isinstance(given, Instance) and isinstance(declared, TypeType)


def as_class_object(typ: ProperType) -> ProperType:
    """
    Return ``type[C]`` for the class ``C`` itself, whose type is that of its constructor.
    """
    if isinstance(typ, FunctionLike) and typ.is_type_obj():
        return TypeType.make_normalized(fill_typevars_with_any(typ.type_object()))
    return typ
