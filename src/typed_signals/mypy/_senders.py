"""
The ``sender`` to listen to: can it ever send the signal?
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

from . import _codes
from ._types import fits, shown

if TYPE_CHECKING:
    from mypy.nodes import Expression
    from mypy.plugin import CheckerPluginInterface, FunctionContext, MethodContext

    from ._receivers import Target


def check_sender(
    ctx: FunctionContext | MethodContext,
    target: Target,
    expression: Expression | None,
    given: Type | None,
) -> None:
    """
    Report a ``sender=`` that can never be the sender of the signal.
    """
    if given is None or expression is None:
        return
    if _is_impossible(get_proper_type(given), get_proper_type(target.signal.sender), ctx.api):
        stranger = shown(_class_object(get_proper_type(given)), ctx.api)
        ctx.api.fail(
            f"{target.name} is never sent by {stranger}: "
            f"listen to {shown(target.signal.sender, ctx.api)}, or leave the sender out",
            expression,
            code=_codes.SENDER,
        )


def _is_impossible(given: ProperType, declared: ProperType, api: CheckerPluginInterface) -> bool:
    if isinstance(given, NoneType):
        return False
    as_class = _class_object(given)
    if fits(as_class, declared, api):
        return False
    if is_subtype(declared, as_class):
        return False  # the declaration is narrower, but it may well be meant
    if isinstance(given, FunctionLike):
        # A class by its name is that very class; what is no class would be a strange sender.
        return given.is_type_obj() and isinstance(declared, (Instance, TypeType))
    if isinstance(given, TypeType):
        # Of two unrelated classes, there may be a common subclass; an instance is no class.
        return isinstance(declared, Instance)
    return isinstance(given, Instance) and isinstance(declared, TypeType)


def _class_object(typ: ProperType) -> ProperType:
    """
    Return ``type[C]`` for the class ``C`` itself, whose type is that of its constructor.
    """
    if isinstance(typ, FunctionLike) and typ.is_type_obj():
        return TypeType.make_normalized(fill_typevars_with_any(typ.type_object()))
    return typ
