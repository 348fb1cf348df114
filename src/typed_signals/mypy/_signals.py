"""
What the type of a signal says: its sender, its payload's keys and their types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from mypy.maptype import map_instance_to_supertype
from mypy.messages import format_type_bare
from mypy.nodes import ARG_NAMED, ARG_POS, ARG_STAR, ARG_STAR2
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
    TypeAliasType,
    TypedDictType,
    TypeType,
    TypeVarType,
    UnionType,
    get_proper_type,
)

from typed_signals._declare.payload import SIGNAL_ITSELF, Payload
from typed_signals._shared.messages import (
    RESERVED_KEYS,
    no_sender_problem,
    not_typed_dict_problem,
    reserved_keys_problem,
)

from ._names import BASE_SIGNAL, BLINKER_SIGNAL

if TYPE_CHECKING:
    from collections.abc import Collection

    from mypy.options import Options


# Of parameters without a default.
REQUIRED_KINDS: Final = (ARG_POS, ARG_NAMED)


class SignalType(NamedTuple):
    """
    A signal's declaration as mypy sees it.
    """

    instance: Instance
    """The signal's own type, which is an engine's, or a subclass of one."""

    sender: Type

    response: Type

    types: dict[str, Type]
    """The type of each key of the payload."""

    required_keys: Collection[str]
    """The keys that are always sent."""

    typed_dict: TypedDictType | None
    """The payload's TypedDict; None if keyword parameters or nothing declare it."""

    is_open: bool = False
    """Whether keys may be sent that are not declared."""

    @property
    def is_blinkers(self) -> bool:
        """
        Whether receivers are called as blinker calls them: ``receiver(sender, **payload)``.
        """
        return self.instance.type.fullname == BLINKER_SIGNAL

    @property
    def payload(self) -> Payload:
        """
        The payload as the run time has it.

        It is what the verdicts and the messages are made of, so not every reader needs it.
        """
        return Payload(
            SIGNAL_ITSELF if self.typed_dict is None else self.typed_dict.fallback.type.name,
            [key for key in self.types if key in self.required_keys],
            [key for key in self.types if key not in self.required_keys],
            open=self.is_open,
        )


def read_signal(typ: Type | None) -> SignalType | None:
    """
    Return what *typ* declares, or None if it is no signal, or one that says too little.
    """
    instance = _instance(typ)
    if instance is None or (arguments := _signal_arguments(instance)) is None:
        return None
    sender, kwargs, response, parameters = arguments
    if _lone_payload(arguments) is not None:
        return None
    if isinstance(kwargs, TypedDictType):
        required_keys = kwargs.required_keys
        return SignalType(instance, sender, response, kwargs.items, required_keys, kwargs)
    if not isinstance(parameters, Parameters):
        return None
    # Without a function, P is ``...``, which mypy's cache knows as (*args: Any, **kwargs: Any).
    if isinstance(kwargs, AnyType) or ARG_STAR not in parameters.arg_kinds:
        return _from_parameters(instance, sender, response, parameters)
    return None


def declaration_problem(typ: Type | None, options: Options) -> str | None:
    """
    Return why no send could satisfy the declaration that *typ* is, if that is so.
    """
    if (signal := read_signal(typ)) is not None:
        return reserved_problem(signal)
    instance = _instance(typ)
    arguments = None if instance is None else _signal_arguments(instance)
    if arguments is None:
        return None
    if (lone := _lone_payload(arguments)) is not None:
        return no_sender_problem(lone.fallback.type.name)
    if not isinstance(arguments[1], _NO_TYPED_DICT):
        return None
    is_swapped = isinstance(arguments[0], TypedDictType)
    shown = format_type_bare(arguments[1], options)
    return not_typed_dict_problem(shown, is_swapped=is_swapped)


def _lone_payload(arguments: list[ProperType]) -> TypedDictType | None:
    """
    Return the payload in the place of the sender, if there is none in its own place.
    """
    sender, kwargs = arguments[:2]
    return sender if isinstance(sender, TypedDictType) and isinstance(kwargs, AnyType) else None


def reserved_problem(signal: SignalType) -> str | None:
    """
    Return what is wrong with the keys of *signal*, if anything is.
    """
    if signal.types.keys().isdisjoint(RESERVED_KEYS):
        return None
    reserved = sorted(signal.types.keys() & RESERVED_KEYS)
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


def _signal_arguments(instance: Instance) -> list[ProperType] | None:
    """
    Return the four type arguments of ``BaseSignal`` that *instance* stands for, if it is a signal.
    """
    base = next((info for info in instance.type.mro if info.fullname == BASE_SIGNAL), None)
    if base is None:
        return None
    arguments = map_instance_to_supertype(instance, base).args
    # Fewer while the class is not complete yet.
    return [_expanded(argument) for argument in arguments] if len(arguments) == 4 else None


def _expanded(typ: Type) -> ProperType:
    """
    Return what an alias, like a TypedDict's name, stands for.

    mypy would make a copy of the TypedDict, key by key, but only one with type variables differs.
    """
    if isinstance(typ, TypeAliasType) and typ.alias is not None and not typ.alias.alias_tvars:
        target = typ.alias.target
        if isinstance(target, TypedDictType):
            return target
    return get_proper_type(typ)


def _from_parameters(
    instance: Instance, sender: Type, response: Type, parameters: Parameters
) -> SignalType | None:
    """
    Return the signal that a function declares, by its *parameters* after the sender.
    """
    types: dict[str, Type] = {}
    required_keys: list[str] = []
    for name, kind, typ in zip(
        parameters.arg_names, parameters.arg_kinds, parameters.arg_types, strict=True
    ):
        if kind is ARG_STAR or kind is ARG_STAR2:
            continue
        if name is None:  # positional-only: no declaration of ours
            return None
        types[name] = typ
        if kind in REQUIRED_KINDS:
            required_keys.append(name)
    is_open = ARG_STAR2 in parameters.arg_kinds
    return SignalType(instance, sender, response, types, required_keys, None, is_open)
