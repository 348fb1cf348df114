"""
Read the type of a signal: its sender, the keys of its payload and their types.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, final

from mypy.maptype import map_instance_to_supertype
from mypy.nodes import ARG_NAMED, ARG_POS, ARG_STAR, ARG_STAR2
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    ProperType,
    Type,
    TypeAliasType,
    TypedDictType,
    TypeVarType,
    get_proper_type,
)
from mypy.types import Parameters as ParametersType

from typed_signals._declare.payload import SIGNAL_ITSELF, Payload

from .fullnames import BACKGROUND_CLASS, BASE_SIGNAL, BLINKER_SIGNAL, CELERY_SIGNAL, SIGNALS

if TYPE_CHECKING:
    from collections.abc import Collection


# The kinds of parameters without a default.
REQUIRED_KINDS: Final = (ARG_POS, ARG_NAMED)


@final
class SignalType:
    """
    The declaration of a signal in mypy's types.

    Attributes:
        instance: the signal's own type, which is an engine's, or a subclass of one.
        sender: the type of senders.
        response: the type that receivers return.
        types: the type of each key of the payload.
        required_keys: the keys that are always sent.
        positional: the keys that may also be passed by position, after the sender.
        typed_dict: the TypedDict of the payload; None for keyword parameters or without a
            declaration.
        is_open: whether undeclared keys may be sent.
    """

    def __init__(
        self,
        instance: Instance,
        sender: Type,
        response: Type,
        types: dict[str, Type],
        *,
        required_keys: Collection[str],
        positional: Collection[str] = (),
        typed_dict: TypedDictType | None = None,
        is_open: bool = False,
    ) -> None:
        self.instance = instance
        self.sender = sender
        self.response = response
        self.types = types
        self.required_keys = required_keys
        self.positional = positional
        self.typed_dict = typed_dict
        self.is_open = is_open

    @property
    def is_blinkers(self) -> bool:
        """
        Whether receivers are called as in blinker: ``receiver(sender, **payload)``.
        """
        return self.instance.type.has_base(BLINKER_SIGNAL)

    @property
    def is_celerys(self) -> bool:
        """
        Whether it is one of Celery's, which does not await receivers.
        """
        return self.instance.type.has_base(CELERY_SIGNAL)

    @property
    def holds_weakly(self) -> bool:
        """
        Whether the signal keeps weak references like ours; another ``connect`` may not.
        """
        # Blinker's connect() returns the receiver, so the caller may store it.
        return not self.is_blinkers and self.connects_as_ours

    @property
    def connects_as_ours(self) -> bool:
        """
        Whether its ``connect`` is one of ours, not that of a subclass.
        """
        method = self.instance.type.get_method("connect")
        return method is not None and method.info.fullname in SIGNALS

    @cached_property
    def payload(self) -> Payload:
        """
        The payload in the form of the run time.

        The checks of parameters and the messages use it.
        """
        return Payload(
            SIGNAL_ITSELF if self.typed_dict is None else self.typed_dict.fallback.type.name,
            [key for key in self.types if key in self.required_keys],
            [key for key in self.types if key not in self.required_keys],
            positional=self.positional,
            open=self.is_open,
        )


def read_signal(typ: Type | None) -> SignalType | None:
    """
    Return what *typ* declares, or None if it is not a signal, or does not declare enough.
    """
    instance = instance_of(typ)
    if instance is None or (arguments := signal_arguments(instance)) is None:
        return None
    sender, kwargs, response, parameters = arguments
    if lone_payload(arguments) is not None:
        return None
    if isinstance(kwargs, TypedDictType):
        # mypy's cache sorts the keys. Messages must not depend on it.
        types = dict(sorted(kwargs.items.items()))
        keys = kwargs.required_keys
        return SignalType(instance, sender, response, types, required_keys=keys, typed_dict=kwargs)
    if not isinstance(parameters, ParametersType):
        return None
    # Without a function, P is ``...``, which mypy's cache knows as (*args: Any, **kwargs: Any).
    if isinstance(kwargs, AnyType) or ARG_STAR not in parameters.arg_kinds:
        return _from_parameters(instance, sender, response, parameters)
    return None


def signal_class(typ: Type | None) -> str | None:
    """
    Return the name of the signal class whose type is *typ*; None for other types.
    """
    proper = get_proper_type(typ)
    if not isinstance(proper, CallableType) or not proper.is_type_obj():
        return None
    info = proper.type_object()
    return info.name if info.has_base(BASE_SIGNAL) else None


def is_signal(typ: Type) -> bool:
    """
    Return whether *typ* is the type of a signal, or may be.
    """
    proper = _upper_bound(typ)
    return isinstance(proper, AnyType) or (
        isinstance(proper, Instance) and proper.type.has_base(BASE_SIGNAL)
    )


def is_a_background(typ: Type | None) -> bool:
    """
    Return whether *typ* is a ``Background``, which connects receivers to run elsewhere.
    """
    instance = instance_of(typ)
    return instance is not None and instance.type.has_base(BACKGROUND_CLASS)


def lone_payload(arguments: list[ProperType]) -> TypedDictType | None:
    """
    Return the payload if it is used as the sender, and there is no other payload.
    """
    sender, kwargs = arguments[:2]
    return sender if isinstance(sender, TypedDictType) and isinstance(kwargs, AnyType) else None


def instance_of(typ: Type | None) -> Instance | None:
    """
    Return *typ* or the bound of a type variable if it is an instance; None otherwise.
    """
    proper = _upper_bound(typ)
    return proper if isinstance(proper, Instance) else None


def _upper_bound(typ: Type | None) -> ProperType | None:
    proper = get_proper_type(typ)
    return get_proper_type(proper.upper_bound) if isinstance(proper, TypeVarType) else proper


def signal_arguments(instance: Instance) -> list[ProperType] | None:
    """
    Return the four type arguments of *instance* as a ``BaseSignal``, if it is a signal.
    """
    base = next((info for info in instance.type.mro if info.fullname == BASE_SIGNAL), None)
    if base is None:
        return None
    arguments = map_instance_to_supertype(instance, base).args
    # Fewer while the class is not complete yet.
    return [_expanded(argument) for argument in arguments] if len(arguments) == 4 else None


def _expanded(typ: Type) -> ProperType:
    """
    Return the type of an alias, such as the name of a TypedDict.

    mypy would copy the TypedDict, key by key, but this is only needed with type variables.
    """
    if isinstance(typ, TypeAliasType) and typ.alias is not None and not typ.alias.alias_tvars:
        target = typ.alias.target
        if isinstance(target, TypedDictType):
            return target
    return get_proper_type(typ)


def _from_parameters(
    instance: Instance, sender: Type, response: Type, parameters: ParametersType
) -> SignalType | None:
    """
    Return the signal that a function declares with its *parameters* after the sender.
    """
    types: dict[str, Type] = {}
    required_keys: list[str] = []
    positional: list[str] = []
    for name, kind, typ in zip(
        parameters.arg_names, parameters.arg_kinds, parameters.arg_types, strict=True
    ):
        if kind is ARG_STAR or kind is ARG_STAR2:
            continue
        if name is None:  # positional-only: not one of our declarations
            return None
        types[name] = typ
        if kind in REQUIRED_KINDS:
            required_keys.append(name)
        if kind.is_positional():
            positional.append(name)
    return SignalType(
        instance,
        sender,
        response,
        types,
        required_keys=required_keys,
        positional=positional,
        is_open=ARG_STAR2 in parameters.arg_kinds,
    )
