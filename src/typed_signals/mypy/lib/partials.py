"""
Read the type of a ``functools.partial``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mypy.nodes import ARG_STAR, CallExpr, MemberExpr, NameExpr, RefExpr, Var
from mypy.types import Instance, get_proper_type

from .bindings import bindings_of

if TYPE_CHECKING:
    from mypy.nodes import Expression, MypyFile
    from mypy.types import CallableType, Type

_PARTIAL: Final = "functools.partial"
_OF_FUNCTOOLS: Final = "functools.Placeholder"


def is_partial(typ: Type) -> bool:
    """
    Return whether *typ* is the type of a partial.

    It does not contain the bound keywords.
    """
    instance = get_proper_type(typ)
    return isinstance(instance, Instance) and instance.type.fullname == _PARTIAL


def makes_partial(call: CallExpr) -> bool:
    """
    Return whether *call* is a call of ``partial``.
    """
    return isinstance(call.callee, RefExpr) and call.callee.fullname == _PARTIAL


def signature_left(partial: Instance) -> Type | None:
    """
    Return the signature without bound arguments, if mypy knows it.
    """
    attributes = partial.extra_attrs.attrs if partial.extra_attrs else {}
    return attributes.get("__mypy_partial")


def is_forgotten(expression: Expression, typ: Type, module: MypyFile) -> bool:
    """
    Return whether a cold and a warm run read different signatures from *typ*.

    mypy's cache does not store the function of a partial in a variable of another module.
    """
    if not is_partial(typ):
        return False
    variable = expression.node if isinstance(expression, (NameExpr, MemberExpr)) else None
    owner = variable.fullname.rpartition(".")[0] if isinstance(variable, Var) else ""
    return owner not in ("", module.fullname)


def binds_any_number(expression: Expression, signature: CallableType, api: Any) -> bool:
    """
    Return whether it is unknown how many arguments a partial binds by position.

    For ``partial(f, *values)``, mypy assumes that it binds all positional parameters.

    Args:
        expression: the partial.
        signature: what is left of the function's.
        api: mypy's checker.
    """
    if any(kind.is_positional() for kind in signature.arg_kinds):
        return False
    calls = _calls(expression, api)
    return not calls or any(
        not isinstance(call, CallExpr) or ARG_STAR in call.arg_kinds for call in calls
    )


def has_placeholder(expression: Expression, api: Any) -> bool:
    """
    Return whether a partial has a ``Placeholder``, which only another positional argument fills.

    For mypy, it is a value like any other.
    """
    return any(
        isinstance(call, CallExpr)
        and any(isinstance(each, RefExpr) and each.fullname == _OF_FUNCTOOLS for each in call.args)
        for call in _calls(expression, api)
    )


def _calls(expression: Expression, api: Any) -> list[Expression]:
    """
    Return the expressions one of which made a partial.
    """
    if isinstance(expression, RefExpr) and isinstance(expression.node, Var):
        return [binding.value for binding in bindings_of(api).of(expression.node)]
    return [expression]
