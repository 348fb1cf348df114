"""
Receivers, as ``connect`` and ``@receiver`` get them, held against their signals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mypy.messages import format_type
from mypy.nodes import ARG_STAR, ARG_STAR2, Context, Decorator
from mypy.subtypes import is_subtype
from mypy.types import CallableType, Instance, Type, TypedDictType, UnpackType, get_proper_type

from typed_signals._contract import find_problems
from typed_signals._words import listed

from . import _codes
from ._callables import callables_of, parameters_of
from ._signals import SignalType, declaration_problem

if TYPE_CHECKING:
    from mypy.errorcodes import ErrorCode
    from mypy.options import Options
    from mypy.plugin import MethodContext


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


def check_receiver(ctx: MethodContext, targets: list[Target], receiver: Type | None) -> None:
    """
    Report why *receiver* cannot be connected to each of *targets*.
    """
    signatures = callables_of(receiver)
    # At a decorator, the parameters to mend stand in the line of the def.
    place: Context = ctx.context.func if isinstance(ctx.context, Decorator) else ctx.context
    for target in targets:
        if declaration_problem(target.signal.instance, ctx.api.options) is not None:
            continue  # reported where the signal is declared
        complaints = [_complaints(target, signature, ctx.api.options) for signature in signatures]
        if not complaints:
            continue
        # Of overloads one must fit; if none does, the nearest is the one that was meant.
        nearest = min(complaints, key=len)
        name = _name(receiver, signatures[complaints.index(nearest)])
        for complaint in nearest:
            text = f"{target.name} cannot connect {name}: {complaint.text}"
            ctx.api.fail(text, place, code=complaint.code)


def _name(receiver: Type | None, signature: CallableType) -> str:
    instance = get_proper_type(receiver)
    if isinstance(instance, Instance):
        return f"{instance.type.name} object"
    # mypy calls a bound method "on_done of Kitchen".
    return (signature.name or "the receiver").partition(" of ")[0]


def _complaints(target: Target, signature: CallableType, options: Options) -> list[Complaint]:
    payload = target.signal.payload
    complaints = [
        Complaint(_codes.BY_PROBLEM[problem.kind], problem.text)
        for problem in find_problems(payload, parameters_of(signature))
    ]
    values: dict[str, Type] = {
        "sender": target.sender,
        "signal": target.signal.instance,
        **target.signal.types,
    }
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
    Return what is wrong with the annotation of ``**kwargs``.
    """
    declared = get_proper_type(declared)
    if isinstance(declared, UnpackType):
        declared = get_proper_type(declared.type)
    if not isinstance(declared, TypedDictType):
        return [
            _misfit(target, key, typ, declared, options)
            for key, typ in values.items()
            if not is_subtype(typ, declared)
        ]
    payload = target.signal.payload
    complaints = [
        _misfit(target, key, values[key], typ, options)
        for key, typ in declared.items.items()
        if key in values and not is_subtype(values[key], typ)
    ]
    unsent = sorted(declared.required_keys - payload.required_keys - {"sender", "signal"})
    if unsent and not payload.open:
        name = declared.fallback.type.name
        complaints.append(
            Complaint(
                _codes.TYPE,
                f"**kwargs: Unpack[{name}] requires {listed(unsent)}, not always sent "
                f"({payload.name} is the payload): annotate it Unpack[{payload.name}] or object",
            )
        )
    return complaints


def _misfit(target: Target, key: str, value: Type, declared: Type, options: Options) -> Complaint:
    if key == "signal":
        # The parameters that hardly anybody writes would only blur the message.
        instance = target.signal.instance
        value = instance.copy_modified(args=instance.args[:2])
    shown = format_type(value, options)
    source = "" if key in ("sender", "signal") else f" in {target.signal.payload.name}"
    return Complaint(
        _codes.TYPE,
        f"{key!r} is sent as {shown}{source}, which is no {format_type(declared, options)}: "
        f"annotate the parameter {shown}",
    )
