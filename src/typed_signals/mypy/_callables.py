"""
The parameters of a receiver, read from its type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy.expandtype import expand_type
from mypy.nodes import ARG_STAR, ARG_STAR2, Argument, FuncDef
from mypy.subtypes import find_member
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    Overloaded,
    Type,
    TypeOfAny,
    TypeVarType,
    get_proper_type,
)

from typed_signals._contract import Parameters

if TYPE_CHECKING:
    from collections.abc import Iterator


def callables_of(receiver: Type | None) -> list[CallableType]:
    """
    Return the signatures of *receiver*, of which one must fit; none if they cannot be known.
    """
    typ = get_proper_type(receiver)
    if isinstance(typ, TypeVarType):
        typ = get_proper_type(typ.upper_bound)
    if isinstance(typ, Instance):
        typ = get_proper_type(find_member("__call__", typ, typ, is_operator=True))
    if isinstance(typ, CallableType):
        signatures = [typ]
    elif isinstance(typ, Overloaded):
        signatures = list(typ.items)
    else:
        return []
    known = [_without_variables(signature) for signature in signatures if _is_known(signature)]
    return known if len(known) == len(signatures) else []


def parameters_of(signature: CallableType) -> Parameters:
    """
    Return what the contract asks of *signature*.
    """
    positional_only: list[str] = []
    required: list[str] = []
    optional: list[str] = []
    for index, (name, kind) in enumerate(
        zip(signature.arg_names, signature.arg_kinds, strict=True)
    ):
        if kind in (ARG_STAR, ARG_STAR2):
            continue
        if name is None:
            if kind.is_required():
                positional_only.append(_written_name(signature, index))
        else:
            (required if kind.is_required() else optional).append(name)
    return Parameters(
        tuple(positional_only),
        tuple(required),
        tuple(optional),
        tuple(_bound_names(signature)),
        ARG_STAR2 in signature.arg_kinds,
    )


def _is_known(signature: CallableType) -> bool:
    return not signature.is_ellipsis_args and signature.param_spec() is None


def _without_variables(signature: CallableType) -> CallableType:
    """
    Return *signature* with ``Any`` in place of its own type variables: any type may fill them.
    """
    if not signature.variables:
        return signature
    anything = AnyType(TypeOfAny.special_form)
    bare = signature.copy_modified(variables=[])
    return expand_type(bare, {variable.id: anything for variable in signature.variables})


def _bound_names(signature: CallableType) -> Iterator[str]:
    """
    Yield the name of ``self`` or ``cls``, if a bound method has one that takes a keyword.
    """
    arguments = _written(signature)
    for argument in arguments[: len(arguments) - len(signature.arg_kinds)]:
        if argument.kind.is_positional() and not argument.pos_only:
            yield argument.variable.name


def _written_name(signature: CallableType, index: int) -> str:
    """
    Return the name of a positional-only parameter, which the type alone does not have.
    """
    arguments = _written(signature)
    position = index + len(arguments) - len(signature.arg_kinds)
    return arguments[position].variable.name if arguments else f"parameter {index + 1}"


def _written(signature: CallableType) -> list[Argument]:
    """
    Return the parameters in the ``def`` of *signature*, ``self`` included, where it is known.
    """
    definition = signature.definition
    return definition.arguments if isinstance(definition, FuncDef) else []
