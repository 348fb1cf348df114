"""
What the type of a signal says: its sender, its payload's keys and their types.
"""

from __future__ import annotations

from typing import NamedTuple

from mypy.maptype import map_instance_to_supertype
from mypy.nodes import ARG_STAR, ARG_STAR2
from mypy.types import (
    AnyType,
    Instance,
    Parameters,
    ProperType,
    Type,
    TypedDictType,
    TypeVarType,
    get_proper_type,
)

from typed_signals._payload import SIGNAL_ITSELF, Payload
from typed_signals._words import RESERVED_KEYS, reserved_keys_problem

from ._names import SIGNAL


class SignalType(NamedTuple):
    """
    A signal's declaration as mypy sees it.
    """

    instance: Instance
    """The signal's own type, which may be a subclass of ``Signal``."""

    sender: Type

    payload: Payload

    types: dict[str, Type]
    """The type of each key of the payload."""

    typed_dict: TypedDictType | None
    """The payload's TypedDict; None if keyword parameters or nothing declare it."""


def read_signal(typ: Type | None) -> SignalType | None:
    """
    Return what *typ* declares, or None if it is no signal, or one that says too little.
    """
    instance = get_proper_type(typ)
    if isinstance(instance, TypeVarType):
        instance = get_proper_type(instance.upper_bound)
    if not isinstance(instance, Instance):
        return None
    base = next((info for info in instance.type.mro if info.fullname == SIGNAL), None)
    if base is None:
        return None
    arguments = [get_proper_type(arg) for arg in map_instance_to_supertype(instance, base).args]
    if len(arguments) != 4:  # the class is not complete yet
        return None
    sender, kwargs, _, parameters = arguments
    if isinstance(kwargs, TypedDictType):
        return _from_typed_dict(instance, sender, kwargs)
    if isinstance(kwargs, AnyType) and isinstance(parameters, Parameters):
        return _from_parameters(instance, sender, parameters)
    return None


def reserved_keys_error(signal: SignalType) -> str | None:
    """
    Return what is wrong with the payload's keys, if anything is.
    """
    reserved = sorted(signal.payload.keys.intersection(RESERVED_KEYS))
    return reserved_keys_problem(signal.payload.name, reserved) if reserved else None


def _from_typed_dict(instance: Instance, sender: ProperType, kwargs: TypedDictType) -> SignalType:
    payload = Payload(
        kwargs.fallback.type.name,
        (key for key in kwargs.items if key in kwargs.required_keys),
        (key for key in kwargs.items if key not in kwargs.required_keys),
    )
    return SignalType(instance, sender, payload, kwargs.items, kwargs)


def _from_parameters(
    instance: Instance, sender: ProperType, parameters: Parameters
) -> SignalType | None:
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
    payload = Payload(SIGNAL_ITSELF, required, optional, open=is_open)
    return SignalType(instance, sender, payload, types, None)
