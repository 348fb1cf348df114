"""
Receivers, as ``connect`` and ``@receiver`` get them, held against their signals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mypy.nodes import ARG_STAR, ARG_STAR2, Context, Decorator, FuncDef
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    Type,
    TypedDictType,
    TypeVarType,
    get_proper_type,
)

from typed_signals._contract.rules import POSITIONAL_ONLY, find_problems
from typed_signals._declare.payload import Payload
from typed_signals._shared.messages import RESERVED_KEYS, listed

from . import _codes
from ._callables import (
    callables_of,
    definition_of,
    is_typed_as_self,
    parameters_of,
    without_first,
)
from ._extra_items import may_carry_more
from ._signals import REQUIRED_KINDS, SignalType, reserved_problem
from ._types import fits, shown

if TYPE_CHECKING:
    from mypy.errorcodes import ErrorCode
    from mypy.plugin import CheckerPluginInterface, MethodContext

    from typed_signals._contract.rules import Parameters


class Target(NamedTuple):
    """
    A signal that a receiver is connected to.
    """

    name: str
    """How the code calls the signal."""

    signal: SignalType

    sender: Type
    """The only sender that the receiver listens to, or whatever the signal's sender is."""

    is_answered: bool = True
    """Whether a send gets what the receiver returns."""


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
    takes_all = False
    if isinstance(receiver, CallableType) and not any(t.signal.is_blinkers for t in targets):
        takes_all = _takes_all(receiver, targets)
        if takes_all and not _is_annotated(receiver):
            return
    signatures = callables_of(receiver)
    if not signatures:
        return
    module = ctx.api.tree  # type: ignore[attr-defined]  # the checker's, in all versions
    readings = [
        (signature, None if takes_all else parameters_of(signature, module))
        for signature in signatures
    ]
    for target in targets:
        if reserved_problem(target.signal) is not None:
            continue  # reported where the signal is declared
        complaints = [
            _complaints(target, signature, parameters, ctx.api)
            for signature, parameters in readings
        ]
        # Of overloads one must fit; if none does, the nearest is the one that was meant.
        nearest = min(complaints, key=len)
        if not nearest:
            continue
        name = _name(ctx, receiver, signatures[complaints.index(nearest)])
        for complaint in nearest:
            text = f"{target.name} cannot connect {name}: {complaint.text}"
            ctx.api.fail(text, place_of(ctx), code=complaint.code)


def _takes_all(receiver: CallableType, targets: list[Target]) -> bool:
    """
    Tell whether *receiver* is a plain function with ``**kwargs`` that needs only what is sent.

    Most receivers are, and the types of their parameters are all that can be wrong with them.
    """
    definition, names = receiver.definition, receiver.arg_names
    if not isinstance(definition, FuncDef) or definition.arg_names != names:
        return False
    if None in names or ARG_STAR2 not in receiver.arg_kinds:
        return False
    parameters = zip(names, receiver.arg_kinds, strict=True)
    needed = {name for name, kind in parameters if kind in REQUIRED_KINDS}
    needed.difference_update(RESERVED_KEYS)
    return all(needed.issubset(target.signal.required_keys) for target in targets)


def _is_annotated(receiver: CallableType) -> bool:
    for typ in receiver.arg_types:  # a loop is the fastest way, and this is asked for most often
        if not isinstance(typ, AnyType):
            return True
    return not isinstance(receiver.ret_type, AnyType)


def _name(ctx: MethodContext, receiver: Type | None, signature: CallableType) -> str:
    if isinstance(ctx.context, Decorator):
        return ctx.context.func.name
    instance = get_proper_type(receiver)
    if isinstance(instance, TypeVarType):
        instance = get_proper_type(instance.upper_bound)
    if isinstance(instance, Instance):
        return f"{instance.type.name} object"
    # mypy calls a bound method "on_done of Kitchen".
    return (signature.name or "the receiver").partition(" of ")[0]


def _complaints(
    target: Target,
    signature: CallableType,
    parameters: Parameters | None,
    api: CheckerPluginInterface,
) -> list[Complaint]:
    """
    Return what is wrong with a receiver that has *signature*.

    Args:
        target: what it is connected to.
        signature: its type.
        parameters: its parameters; None if nothing but their types can be wrong.
        api: mypy's checker.
    """
    if target.signal.is_blinkers:
        return _complaints_by_position(target, signature, api)
    complaints: list[Complaint] = []
    if parameters is not None:
        complaints += _broken_contract(target, parameters, api)
    values = {
        "sender": target.sender,
        "signal": target.signal.instance,
        **target.signal.types,
    }
    complaints += _misfits(target, values, signature, api)
    complaints += _wrong_response(target, signature, api)
    return complaints


def _complaints_by_position(
    target: Target, signature: CallableType, api: CheckerPluginInterface
) -> list[Complaint]:
    """
    Return what is wrong with a receiver that is called ``receiver(sender, **payload)``.
    """
    rest = without_first(signature)
    if rest is None:
        text = "the sender is passed by position: add a first parameter for it"
        return [Complaint(_codes.BY_PROBLEM[POSITIONAL_ONLY], text)]
    complaints: list[Complaint] = []
    first = signature.arg_types[0]
    is_stated = not isinstance(first, AnyType) and not is_typed_as_self(signature)
    if is_stated and not fits(target.sender, first, api):
        name = signature.arg_names[0] or "sender"
        complaints.append(_misfit(target, name, target.sender, first, api))
    module = api.tree  # type: ignore[attr-defined]  # the checker's, in all versions
    complaints += _broken_contract(target, parameters_of(rest, module), api)
    complaints += _misfits(target, target.signal.types, rest, api)
    return complaints


def _broken_contract(
    target: Target, parameters: Parameters, api: CheckerPluginInterface
) -> list[Complaint]:
    payload, by_position = target.signal.payload, target.signal.is_blinkers
    unsent = [
        name
        for name in parameters.required
        if name not in payload.keys and name not in RESERVED_KEYS
    ]
    if unsent and not payload.open and may_carry_more(target.signal, api):
        # With that, mypy forgets the keys in the functional syntax.
        payload = Payload(
            payload.name,
            payload.required,
            payload.optional,
            open=not payload.keys,
            extra_items=True,
        )
    problems = find_problems(payload, parameters, sender_by_position=by_position)
    return [Complaint(_codes.BY_PROBLEM[problem.kind], problem.text) for problem in problems]


def _misfits(
    target: Target, values: dict[str, Type], signature: CallableType, api: CheckerPluginInterface
) -> list[Complaint]:
    """
    Return what is wrong with the annotations of the parameters, given the types of what is sent.
    """
    complaints: list[Complaint] = []
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
                complaints += _misfits_in_unpacked(target, rest, unpacked, api)
            else:
                complaints += _misfits_in_kwargs(target, rest, declared, api)
        elif kind is not ARG_STAR and name in values and not fits(values[name], declared, api):
            complaints.append(_misfit(target, name, values[name], declared, api))
    return complaints


def _misfits_in_kwargs(
    target: Target, values: dict[str, Type], declared: Type, api: CheckerPluginInterface
) -> list[Complaint]:
    """
    Return what is wrong with the annotation of ``**kwargs``, given what is left for it.
    """
    misfits = [key for key, typ in values.items() if not fits(typ, declared, api)]
    if not misfits:
        return []
    text = f"**kwargs is annotated {shown(declared, api)}, which cannot hold {listed(misfits)}"
    is_typed_dict = isinstance(get_proper_type(declared), TypedDictType)
    better = f"Unpack[{target.signal.payload.name}]" if is_typed_dict else "object or Any"
    return [Complaint(_codes.TYPE, f"{text}: annotate it {better}")]


def _misfits_in_unpacked(
    target: Target, values: dict[str, Type], declared: TypedDictType, api: CheckerPluginInterface
) -> list[Complaint]:
    """
    Return what is wrong with ``**kwargs: Unpack[...]``, given what is left for it.
    """
    payload = target.signal.payload
    complaints = [
        _misfit(target, key, values[key], typ, api)
        for key, typ in declared.items.items()
        if key in values and not fits(values[key], typ, api)
    ]
    unsent = sorted(declared.required_keys.difference(payload.required_keys, RESERVED_KEYS))
    if unsent and not payload.open:
        text = (
            f"**kwargs is annotated Unpack[{declared.fallback.type.name}], which requires "
            f"{listed(unsent)}, not always sent: annotate it object or Unpack[{payload.name}]"
        )
        complaints.append(Complaint(_codes.TYPE, text))
    return complaints


def _misfit(
    target: Target, key: str, value: Type, declared: Type, api: CheckerPluginInterface
) -> Complaint:
    sent = shown(value, api)
    # The rest is no payload's: the sender, by whatever name, and the signal.
    source = f" in {target.signal.payload.name}" if key in target.signal.types else ""
    return Complaint(
        _codes.TYPE,
        f"{key!r} is sent as {sent}{source}, which is no {shown(declared, api)}: "
        f"annotate the parameter {sent}",
    )


def _wrong_response(
    target: Target, signature: CallableType, api: CheckerPluginInterface
) -> list[Complaint]:
    returned = _response_of(signature) if target.is_answered else None
    if returned is None or fits(returned, target.signal.response, api):
        return []
    wanted = shown(target.signal.response, api)
    text = f"it returns {shown(returned, api)}, and {target.name} asks for {wanted}"
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
