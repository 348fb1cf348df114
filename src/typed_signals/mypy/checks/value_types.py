"""
Annotations of a receiver's parameters that do not accept the types that are sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mypy.nodes import ARG_STAR, ARG_STAR2
from mypy.subtypes import is_subtype
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    Type,
    TypedDictType,
    TypeType,
    get_proper_type,
)

from typed_signals._shared.messages import RESERVED_KEYS, listed
from typed_signals.mypy import codes
from typed_signals.mypy.lib.assignability import both_quoted, is_assignable, quoted
from typed_signals.mypy.lib.complaints import Reason
from typed_signals.mypy.lib.fullnames import BASE_SIGNAL
from typed_signals.mypy.lib.parameters import definition_of, is_typed_as_self

from .impossible_sender import as_class_object

# What functools.cache and lru_cache return.
CACHED_FUNCTION: Final = "functools._lru_cache_wrapper"
# Its parameters are Hashable.
_CACHED: Final = f"{CACHED_FUNCTION}.__call__"

if TYPE_CHECKING:
    from mypy.plugin import CheckerPluginInterface

    from typed_signals.mypy.lib.targets import Target


def find_misfits(
    target: Target, values: dict[str, Type], signature: CallableType, api: CheckerPluginInterface
) -> list[Reason]:
    """
    Return the errors in the annotations of the parameters, given the types of the payload.
    """
    reasons: list[Reason] = []
    for index, (name, kind, declared) in enumerate(
        zip(signature.arg_names, signature.arg_kinds, signature.arg_types, strict=True)
    ):
        if isinstance(declared, AnyType):  # as without annotations
            continue
        if index == 0 and is_typed_as_self(signature):
            continue
        if kind is ARG_STAR2:
            rest = {key: typ for key, typ in values.items() if key not in signature.arg_names}
            unpacked = get_proper_type(declared)
            if signature.unpack_kwargs and isinstance(unpacked, TypedDictType):
                reasons += _misfits_in_unpacked(target, rest, unpacked, api, f"**{name}")
            elif _is_cached(signature):
                reasons += _unhashable(rest, declared, api)
            else:
                reasons += _misfits_in_kwargs(target, rest, declared, api, f"**{name}")
        elif (
            kind is not ARG_STAR
            and name in values
            and not is_assignable(values[name], declared, api)
            and not (name == "signal" and _may_be_its_class(declared))
        ):
            reasons.append(_misfit(target, name, values[name], declared, api))
    return reasons


def _may_be_its_class(declared: Type) -> bool:
    """
    Return whether the signal may be of the class *declared*, which its package defines.
    """
    cls = get_proper_type(declared)
    return (
        isinstance(cls, Instance)
        and cls.type.module_name != "builtins"
        and not cls.type.has_base(BASE_SIGNAL)
    )


def find_misfit_of_sender(
    target: Target, signature: CallableType, api: CheckerPluginInterface
) -> list[Reason]:
    """
    Return the error in the annotation of the first parameter, which gets the sender.
    """
    declared = signature.arg_types[0]
    is_stated = not isinstance(declared, AnyType) and not is_typed_as_self(signature)
    if not is_stated or is_assignable(target.sender, declared, api):
        return []
    name = signature.arg_names[0] or "sender"
    return [_misfit(target, name, target.sender, declared, api)]


def _is_cached(signature: CallableType) -> bool:
    definition = definition_of(signature)
    return definition is not None and definition.fullname == _CACHED


def _unhashable(
    values: dict[str, Type], declared: Type, api: CheckerPluginInterface
) -> list[Reason]:
    """
    Return the error of a function under ``functools.cache`` that gets unhashable *values*.
    """
    unhashable = [key for key, typ in values.items() if not is_assignable(typ, declared, api)]
    if not unhashable:
        return []
    are = "is" if len(unhashable) == 1 else "are"
    text = f"functools.cache hashes the arguments, but {listed(unhashable)} {are} not hashable"
    fix = "connect a function that calls the cached one with hashable values"
    return [Reason(codes.TYPE, f"{text}: {fix}")]


def _misfits_in_kwargs(
    target: Target,
    values: dict[str, Type],
    declared: Type,
    api: CheckerPluginInterface,
    parameter: str,
) -> list[Reason]:
    """
    Return the errors in the annotation of ``**kwargs``, given the remaining keys.
    """
    misfits = [key for key, typ in values.items() if not is_assignable(typ, declared, api)]
    if not misfits:
        return []
    text = f"{parameter} is annotated {quoted(declared, api)}, but it must accept {listed(misfits)}"
    is_typed_dict = isinstance(get_proper_type(declared), TypedDictType)
    payload = target.signal.typed_dict
    if is_typed_dict and payload is not None:
        better = f'"Unpack[{payload.fallback.type.name}]"'
    else:
        better = '"object" or "Any"'
    return [Reason(codes.TYPE, f"{text}: annotate it as {better}")]


def _misfits_in_unpacked(
    target: Target,
    values: dict[str, Type],
    declared: TypedDictType,
    api: CheckerPluginInterface,
    parameter: str,
) -> list[Reason]:
    """
    Return the errors in ``**kwargs: Unpack[...]``, given the remaining keys.
    """
    payload = target.signal.payload
    reasons = [
        _misfit(target, key, values[key], typ, api, unpacked=declared.fallback.type.name)
        for key, typ in sorted(declared.items.items())
        if key in values and not is_assignable(values[key], typ, api)
    ]
    unsent = sorted(declared.required_keys.difference(payload.required_keys, RESERVED_KEYS))
    if unsent and not payload.open:
        unpacked = f"Unpack[{declared.fallback.type.name}]"
        text = (
            f'{parameter} is annotated "{unpacked}", which requires keys '
            f'that are not always sent ({listed(unsent)}): annotate it as "object" or "Any"'
        )
        reasons.append(Reason(codes.TYPE, text))
    return reasons


def _misfit(
    target: Target,
    key: str,
    value: Type,
    declared: Type,
    api: CheckerPluginInterface,
    *,
    unpacked: str | None = None,
) -> Reason:
    sent, annotated = both_quoted(value, declared, api)
    # The others are not in the payload: the sender, under any name, and the signal.
    source = f" in {target.signal.payload.name}" if key in target.signal.types else ""
    text = f"{key!r} has type {sent}{source}, but "
    if unpacked is None:
        fix = f"annotate it as {sent}"
        if key == "sender" and (only := _sender_to_filter(target, declared)) is not None:
            fix = f"connect it with sender={only}, or {fix}"
        if source and _depends_on_sender(target, value, declared):
            fix += f", or declare {target.name} as a function of its sender, in a stub file"
        text += f"the parameter is annotated {annotated}: {fix}"
    else:
        text += f"{annotated} in {unpacked}: change the type in {unpacked}"
    return Reason(codes.TYPE, text)


def _depends_on_sender(target: Target, value: Type, declared: Type) -> bool:
    """
    Return whether *declared* is the class that is listened to, and *value* a base class of it.

    Then the declaration is probably less exact than what is sent.
    """
    sender, wanted = as_class_object(get_proper_type(target.sender)), get_proper_type(declared)
    return (
        target.sender is not target.signal.sender
        and isinstance(wanted, Instance)
        and is_subtype(wanted, value)
        and is_subtype(sender, TypeType(wanted))
    )


def _sender_to_filter(target: Target, declared: Type) -> str | None:
    """
    Return the name of the class with which a receiver only gets senders of type *declared*.
    """
    wanted = get_proper_type(declared)
    if target.sender is not target.signal.sender or not isinstance(wanted, TypeType):
        return None
    cls = wanted.item
    is_one = isinstance(cls, Instance) and is_subtype(wanted, target.sender)
    return cls.type.name if is_one and isinstance(cls, Instance) else None
