"""
May a receiver be connected? The checks of its names, types and response.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from mypy.nodes import ARG_STAR2, FuncDef
from mypy.subtypes import is_subtype
from mypy.types import AnyType, CallableType, Instance, TypeVarType, get_proper_type

from typed_signals._contract.rules import OF_PLACEHOLDER, POSITIONAL_ONLY, fits
from typed_signals._shared.messages import DELIVERY_NAME, refused
from typed_signals.mypy import codes
from typed_signals.mypy.lib.complaints import Complaint, Reason
from typed_signals.mypy.lib.declared_types import REQUIRED_KINDS
from typed_signals.mypy.lib.parameters import callables_of, parameters_of, without_first
from typed_signals.mypy.lib.partials import (
    binds_any_number,
    has_placeholder,
    is_forgotten,
    is_partial,
)
from typed_signals.mypy.lib.targets import written_name

from .in_background import also_sending, delivery_to, find_stuck, find_unreachable
from .invalid_payload import reserved_problem
from .keyword_names import find_breaches
from .return_type import find_wrong_response
from .value_types import CACHED_FUNCTION, find_misfit_of_sender, find_misfits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy.plugin import CheckerPluginInterface
    from mypy.types import Type

    from typed_signals._contract.rules import Parameters
    from typed_signals.mypy.lib.arguments import CheckedReceiver
    from typed_signals.mypy.lib.targets import Target


def find_refusals(receiver: CheckedReceiver, targets: list[Target]) -> Iterator[Complaint]:
    """
    Yield why *receiver* cannot be connected to each of *targets*.
    """
    takes_all = False
    typ = receiver.type
    if isinstance(typ, CallableType) and not any(target.signal.is_blinkers for target in targets):
        takes_all = _takes_all(typ, targets, receiver.api)
        is_fast = takes_all and not _is_annotated(typ) and _runs(typ, targets)
        if is_fast and not any(target.is_background for target in targets):
            return
    if is_forgotten(receiver.expression, typ, receiver.module):
        return
    signatures = callables_of(typ, receiver.decorated)
    if not signatures:
        return
    readings = [
        (signature, None if takes_all else _parameters_left(receiver, signature))
        for signature in signatures
    ]
    if receiver.is_guarded:
        _require_any_key(targets, [parameters for _, parameters in readings if parameters])
    for target in targets:
        if reserved_problem(target.signal) is not None:
            continue  # reported where the signal is declared
        reasons = [
            _find_reasons(receiver, target, signature, parameters)
            for signature, parameters in readings
        ]
        # One overload must fit. If none does, report the best match.
        nearest = min(reasons, key=len)
        for code, reason in nearest:
            name = _name_of(receiver, signatures[reasons.index(nearest)])
            yield Complaint(code, refused(target.name, name, reason), receiver.place)


def _parameters_left(receiver: CheckedReceiver, signature: CallableType) -> Parameters:
    parameters = parameters_of(signature, receiver.module, receiver.api)
    if is_partial(receiver.type):
        if binds_any_number(receiver.expression, signature, receiver.api):
            parameters.bound = []
        if has_placeholder(receiver.expression, receiver.api):
            parameters.needs_position = OF_PLACEHOLDER
    return parameters


def _require_any_key(targets: list[Target], readings: list[Parameters]) -> None:
    """
    Let *readings* require what only some sends carry: a decorator may only pass these on.
    """
    sent = {key for target in targets for key in target.signal.types}
    for parameters in readings:
        parameters.required = [name for name in parameters.required if name not in sent]


def _not_narrowed(values: dict[str, Type], signature: CallableType) -> dict[str, Type]:
    """
    Return those *values* whose parameters do not accept only some of them.
    """
    stated = dict(zip(signature.arg_names, signature.arg_types, strict=True))
    return {
        name: typ
        for name, typ in values.items()
        if name not in stated or not is_subtype(stated[name], typ)
    }


def _takes_all(signature: CallableType, targets: list[Target], api: CheckerPluginInterface) -> bool:
    """
    Return whether it is of a plain function with ``**kwargs`` that only requires sent keys.

    Most receivers are. Then only the types of their parameters can be wrong.
    """
    definition, names = signature.definition, signature.arg_names
    if not isinstance(definition, FuncDef) or definition.arg_names != names:
        return False
    if None in names or ARG_STAR2 not in signature.arg_kinds:
        return False
    parameters = zip(names, signature.arg_kinds, strict=True)
    required = [name for name, kind in parameters if name and kind in REQUIRED_KINDS]
    called = (also_sending(target, delivery_to(target, api)) for target in targets)
    return all(fits(target.signal.payload, required) for target in called)


def _runs(signature: CallableType, targets: list[Target]) -> bool:
    """
    Return whether the body of a plain function runs when it is called.
    """
    function = cast("FuncDef", signature.definition)
    is_awaited = not any(target.is_on_commit or target.signal.is_celerys for target in targets)
    return not function.is_generator and (is_awaited or not function.is_coroutine)


def _is_annotated(signature: CallableType) -> bool:
    for typ in signature.arg_types:  # a loop is fastest, and this is called most often
        if not isinstance(typ, AnyType):
            return True
    return not isinstance(signature.ret_type, AnyType)


def _name_of(receiver: CheckedReceiver, signature: CallableType) -> str:
    if receiver.decorated is not None:
        return receiver.decorated.name
    instance = get_proper_type(receiver.type)
    if isinstance(instance, TypeVarType):
        instance = get_proper_type(instance.upper_bound)
    if isinstance(instance, Instance):
        written = written_name(receiver.expression)
        if instance.type.fullname == CACHED_FUNCTION and written:
            return written.rpartition(".")[2]  # it has the name of the function
        return f"{instance.type.name} object"
    # mypy calls a bound method "on_done of Kitchen".
    return (signature.name or "the receiver").partition(" of ")[0]


def _find_reasons(
    receiver: CheckedReceiver,
    target: Target,
    signature: CallableType,
    parameters: Parameters | None,
) -> list[Reason]:
    """
    Return the errors of *receiver* with *signature*.

    Args:
        receiver: the receiver.
        target: what it is connected to.
        signature: its type.
        parameters: its parameters; None if only their types can be wrong.
    """
    if unreachable := find_unreachable(receiver, target):
        return [unreachable]
    api = receiver.api
    more = delivery_to(target, api)
    values = target.signal.types
    if DELIVERY_NAME in signature.arg_names:
        values = {**values, **more}
    if not target.signal.is_blinkers:
        values = {"sender": target.sender, "signal": target.signal.instance, **values}
    if receiver.is_guarded:
        values = _not_narrowed(values, signature)
    if not target.signal.is_blinkers:
        named = also_sending(target, more)
        breaches = () if parameters is None else find_breaches(named, parameters, api)
        return [
            *breaches,
            *find_misfits(target, values, signature, api),
            *find_stuck(target, signature, api),
            *find_wrong_response(target, signature, receiver),
        ]
    # It is called as receiver(sender, **payload).
    rest = without_first(signature)
    if rest is None:
        text = "the sender is passed by position: add it as the first parameter"
        return [Reason(codes.BY_PROBLEM[POSITIONAL_ONLY], text)]
    return [
        *find_misfit_of_sender(target, signature, api),
        *find_breaches(target, parameters_of(rest, receiver.module, receiver.api), api),
        *find_misfits(target, values, rest, api),
    ]
