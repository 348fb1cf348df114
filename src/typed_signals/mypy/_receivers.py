"""
Receivers, as ``connect`` and ``@receiver`` get them, held against their signals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mypy.messages import format_type
from mypy.nodes import ARG_STAR, ARG_STAR2, Context, Decorator
from mypy.subtypes import is_subtype
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    Type,
    TypedDictType,
    UnpackType,
    get_proper_type,
)

from typed_signals._contract import find_problems
from typed_signals._words import RESERVED_KEYS, listed

from . import _codes
from ._callables import callables_of, definition_of, parameters_of
from ._signals import SignalType, declaration_problem

if TYPE_CHECKING:
    from mypy.errorcodes import ErrorCode
    from mypy.options import Options
    from mypy.plugin import MethodContext

    from typed_signals._contract import Parameters


class Target(NamedTuple):
    """
    A signal that a receiver is connected to.
    """

    name: str
    """How the code calls the signal."""

    signal: SignalType

    sender: Type
    """The only sender that the receiver listens to, or whatever the signal's sender is."""


class Complaint(NamedTuple):
    """
    One error to report.
    """

    code: ErrorCode
    text: str


def place_of(ctx: MethodContext) -> Context:
    """
    Return where to report what is wrong with a receiver.

    At a decorator, that is the line of the ``def``, where the parameters to mend stand.
    """
    return ctx.context.func if isinstance(ctx.context, Decorator) else ctx.context


def check_receiver(ctx: MethodContext, targets: list[Target], receiver: Type | None) -> None:
    """
    Report why *receiver* cannot be connected to each of *targets*.
    """
    signatures = callables_of(receiver)
    if not signatures:
        return
    module = ctx.api.tree.fullname  # type: ignore[attr-defined]  # the checker's, in all versions
    for target in targets:
        if declaration_problem(target.signal.instance, ctx.api.options) is not None:
            continue  # reported where the signal is declared
        complaints = [
            _complaints(target, signature, parameters_of(signature, module), ctx.api.options)
            for signature in signatures
        ]
        # Of overloads one must fit; if none does, the nearest is the one that was meant.
        nearest = min(complaints, key=len)
        name = _name(receiver, signatures[complaints.index(nearest)])
        for complaint in nearest:
            text = f"{target.name} cannot connect {name}: {complaint.text}"
            ctx.api.fail(text, place_of(ctx), code=complaint.code)


def _name(receiver: Type | None, signature: CallableType) -> str:
    instance = get_proper_type(receiver)
    if isinstance(instance, Instance):
        return f"{instance.type.name} object"
    # mypy calls a bound method "on_done of Kitchen".
    return (signature.name or "the receiver").partition(" of ")[0]


def _complaints(
    target: Target, signature: CallableType, parameters: Parameters, options: Options
) -> list[Complaint]:
    complaints = [
        Complaint(_codes.BY_PROBLEM[problem.kind], problem.text)
        for problem in find_problems(target.signal.payload, parameters)
    ]
    complaints += _misfits(target, signature, options)
    complaints += _wrong_response(target, signature, options)
    complaints += _never_sent(target, parameters)
    return complaints


def _misfits(target: Target, signature: CallableType, options: Options) -> list[Complaint]:
    """
    Return what is wrong with the annotations of the parameters.
    """
    values = {
        "sender": target.sender,
        "signal": target.signal.instance,
        **target.signal.types,
    }
    complaints: list[Complaint] = []
    for name, kind, declared in zip(
        signature.arg_names, signature.arg_kinds, signature.arg_types, strict=True
    ):
        if kind is ARG_STAR2:
            rest = {key: typ for key, typ in values.items() if key not in signature.arg_names}
            complaints += _misfits_in_kwargs(target, rest, declared, options)
        elif kind is not ARG_STAR and name in values and not is_subtype(values[name], declared):
            complaints.append(_misfit(target, name, values[name], declared, options))
    return complaints


def _misfits_in_kwargs(
    target: Target, values: dict[str, Type], declared: Type, options: Options
) -> list[Complaint]:
    """
    Return what is wrong with the annotation of ``**kwargs``, given what is left for it.
    """
    payload = target.signal.payload
    declared = get_proper_type(declared)
    if isinstance(declared, UnpackType):
        declared = get_proper_type(declared.type)
    if not isinstance(declared, TypedDictType):
        misfits = [key for key, typ in values.items() if not is_subtype(typ, declared)]
        if not misfits:
            return []
        text = (
            f"**kwargs is annotated {format_type(declared, options)}, which cannot hold "
            f"{listed(misfits)}: annotate it object or Any"
        )
        return [Complaint(_codes.TYPE, text)]
    complaints = [
        _misfit(target, key, values[key], typ, options)
        for key, typ in declared.items.items()
        if key in values and not is_subtype(values[key], typ)
    ]
    unsent = sorted(declared.required_keys.difference(payload.required_keys, RESERVED_KEYS))
    if unsent and not payload.open:
        text = (
            f"**kwargs is annotated Unpack[{declared.fallback.type.name}], which requires "
            f"{listed(unsent)}, not always sent: annotate it object or Unpack[{payload.name}]"
        )
        complaints.append(Complaint(_codes.TYPE, text))
    return complaints


def _misfit(target: Target, key: str, value: Type, declared: Type, options: Options) -> Complaint:
    if key == "signal":
        # The parameters that hardly anybody writes would only blur the message.
        instance = target.signal.instance
        value = instance.copy_modified(args=instance.args[:2])
    shown = format_type(value, options)
    source = "" if key in RESERVED_KEYS else f" in {target.signal.payload.name}"
    return Complaint(
        _codes.TYPE,
        f"{key!r} is sent as {shown}{source}, which is no {format_type(declared, options)}: "
        f"annotate the parameter {shown}",
    )


def _wrong_response(target: Target, signature: CallableType, options: Options) -> list[Complaint]:
    returned = _response_of(signature)
    if returned is None or is_subtype(returned, target.signal.response):
        return []
    wanted = format_type(target.signal.response, options)
    text = f"it returns {format_type(returned, options)}, and {target.name} asks for {wanted}"
    return [Complaint(_codes.RESPONSE, f"{text}: return {wanted}")]


def _response_of(signature: CallableType) -> Type | None:
    """
    Return what a send gets from a receiver; None if that cannot be known.
    """
    returned = get_proper_type(signature.ret_type)
    if not (isinstance(returned, Instance) and returned.type.has_readable_member("__await__")):
        return None if isinstance(returned, AnyType) else returned
    # Only functions with "async def" are awaited.
    definition = definition_of(signature)
    if definition is not None and definition.is_coroutine:
        return returned.args[-1] if returned.args else None
    return None


def _never_sent(target: Target, parameters: Parameters) -> list[Complaint]:
    payload = target.signal.payload
    if payload.open:
        return []
    unsent = [name for name in parameters.optional if name not in payload.keys]
    return [
        Complaint(_codes.UNSENT, f"{name!r} is never sent, so it always has its default: remove it")
        for name in unsent
        if name not in RESERVED_KEYS
    ]
