"""
What the type of a signal says: its sender, its payload's keys and their types.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mypy.maptype import map_instance_to_supertype
from mypy.messages import format_type_bare
from mypy.nodes import ARG_STAR, ARG_STAR2
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    LiteralType,
    NoneType,
    Overloaded,
    Parameters,
    ProperType,
    TupleType,
    Type,
    TypedDictType,
    TypeType,
    TypeVarType,
    UnionType,
    get_proper_type,
)

from typed_signals._payload import SIGNAL_ITSELF, Payload
from typed_signals._words import RESERVED_KEYS, not_typed_dict_problem, reserved_keys_problem

from ._names import SIGNAL

if TYPE_CHECKING:
    from mypy.options import Options


class SignalType(NamedTuple):
    """
    A signal's declaration as mypy sees it.
    """

    instance: Instance
    """The signal's own type, which may be a subclass of ``Signal``."""

    sender: Type

    response: Type

    payload: Payload

    types: dict[str, Type]
    """The type of each key of the payload."""

    typed_dict: TypedDictType | None
    """The payload's TypedDict; None if keyword parameters or nothing declare it."""


def read_signal(typ: Type | None) -> SignalType | None:
    """
    Return what *typ* declares, or None if it is no signal, or one that says too little.
    """
    instance = _instance(typ)
    arguments = _signal_arguments(instance)
    if instance is None or arguments is None:
        return None
    sender, kwargs, response, parameters = arguments
    if isinstance(kwargs, TypedDictType):
        payload, types = _from_typed_dict(kwargs), kwargs.items
        return SignalType(instance, sender, response, payload, types, kwargs)
    if isinstance(kwargs, AnyType) and isinstance(parameters, Parameters):
        declared = _from_parameters(parameters)
        return declared and SignalType(instance, sender, response, *declared, None)
    return None


def declaration_problem(typ: Type | None, options: Options) -> str | None:
    """
    Return why no send could satisfy the declaration that *typ* is, if that is so.
    """
    if (signal := read_signal(typ)) is not None:
        return reserved_problem(signal)
    arguments = _signal_arguments(typ)
    if arguments is None or not isinstance(arguments[1], _NO_TYPED_DICT):
        return None
    is_swapped = isinstance(arguments[0], TypedDictType)
    shown = format_type_bare(arguments[1], options)
    return not_typed_dict_problem(shown, is_swapped=is_swapped)


def reserved_problem(signal: SignalType) -> str | None:
    """
    Return what is wrong with the keys of *signal*, if anything is.
    """
    if signal.payload.keys.isdisjoint(RESERVED_KEYS):
        return None
    reserved = sorted(signal.payload.keys.intersection(RESERVED_KEYS))
    return reserved_keys_problem(signal.payload.name, reserved)


# Types that are known, and known to be no TypedDict; not so Any and type variables.
_NO_TYPED_DICT = (
    CallableType,
    Instance,
    LiteralType,
    NoneType,
    Overloaded,
    TupleType,
    TypeType,
    UnionType,
)


def _instance(typ: Type | None) -> Instance | None:
    proper = get_proper_type(typ)
    if isinstance(proper, TypeVarType):
        proper = get_proper_type(proper.upper_bound)
    return proper if isinstance(proper, Instance) else None


def _signal_arguments(typ: Type | None) -> list[ProperType] | None:
    """
    Return the four type arguments of ``Signal`` that *typ* stands for, if it is a signal.
    """
    instance = _instance(typ)
    if instance is None:
        return None
    if instance.type.fullname == SIGNAL:
        arguments = instance.args
    else:
        base = next((info for info in instance.type.mro if info.fullname == SIGNAL), None)
        if base is None:
            return None
        arguments = map_instance_to_supertype(instance, base).args
    # Fewer while the class is not complete yet.
    return [get_proper_type(argument) for argument in arguments] if len(arguments) == 4 else None


def _from_typed_dict(kwargs: TypedDictType) -> Payload:
    required = kwargs.required_keys
    return _payload(
        kwargs.fallback.type.name,
        tuple([key for key in kwargs.items if key in required]),
        tuple([key for key in kwargs.items if key not in required]),
    )


# A signal is read wherever it is used.
_payload = lru_cache(maxsize=64)(Payload)


def _from_parameters(parameters: Parameters) -> tuple[Payload, dict[str, Type]] | None:
    required: list[str] = []
    optional: list[str] = []
    types: dict[str, Type] = {}
    for name, kind, typ in zip(
        parameters.arg_names, parameters.arg_kinds, parameters.arg_types, strict=True
    ):
        if kind in (ARG_STAR, ARG_STAR2):
            continue
        if name is None:  # positional-only: no declaration of ours
            return None
        (required if kind.is_required() else optional).append(name)
        types[name] = typ
    is_open = ARG_STAR2 in parameters.arg_kinds
    return Payload(SIGNAL_ITSELF, required, optional, open=is_open), types
