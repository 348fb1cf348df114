"""
The methods ``connect`` and ``connected`` of a signal, and blinker's ``connected_to``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy.nodes import (
    CallExpr,
    Decorator,
    LambdaExpr,
    MemberExpr,
    NameExpr,
    RefExpr,
)
from mypy.types import AnyType, Type, TypeOfAny

from typed_signals.mypy.checks.always_default import find_unsent
from typed_signals.mypy.checks.compatibility import find_refusals
from typed_signals.mypy.checks.impossible_sender import find_impossible_sender
from typed_signals.mypy.checks.invalid_payload import find_wrong_declaration
from typed_signals.mypy.checks.kwargs_reads import find_unknown_reads, reads_kwargs
from typed_signals.mypy.checks.weak_receivers import find_short_lived
from typed_signals.mypy.lib.arguments import Arguments, CheckedReceiver
from typed_signals.mypy.lib.bindings import bindings_of
from typed_signals.mypy.lib.complaints import report
from typed_signals.mypy.lib.declared_types import is_signal, read_signal
from typed_signals.mypy.lib.fullnames import SIGNALS
from typed_signals.mypy.lib.known_signals import KnownSignals, signal_types
from typed_signals.mypy.lib.parameters import as_lambda, unknown_signature
from typed_signals.mypy.lib.targets import (
    Target,
    known_sender,
    signal_expression,
    target_of,
    written_name,
)
from typed_signals.mypy.proofs.lookup import proofs_for, without_decorators

from .decorators import read_connecting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy.nodes import Expression
    from mypy.plugin import FunctionContext, MethodContext, MethodSigContext
    from mypy.types import FunctionLike

    from typed_signals.mypy.lib.complaints import Complaint
    from typed_signals.mypy.lib.origins import Case
    from typed_signals.mypy.lib.third_party import ThirdPartySignals
    from typed_signals.mypy.proofs.proof import Proofs


def connect_signature(method: str, ctx: MethodSigContext) -> FunctionLike:
    """
    Let ``connect`` or ``connected``, the *method*, accept any callable; :func:`connect` checks it.
    """
    signature = ctx.default_signature
    signal = read_signal(ctx.type)
    if signal is None or "receiver" not in signature.arg_names:
        return signature
    definition = signal.instance.type.get_method(method)
    if definition is None or definition.info.fullname not in SIGNALS:
        return signature
    types = list(signature.arg_types)
    # A lambda argument gets this type, so it is implicit.
    anything = unknown_signature(ctx.api, AnyType(TypeOfAny.special_form))
    types[signature.arg_names.index("receiver")] = anything.copy_modified(implicit=True)
    return signature.copy_modified(arg_types=types)


def connect(third_party: ThirdPartySignals, proofs: Proofs, ctx: MethodContext) -> Type:
    """
    Check ``signal.connect(receiver, sender=...)``, ``connected``, and blinker's ``connected_to``.

    Args:
        third_party: the declarations of signals of other packages.
        proofs: returns which decorators in a module are proven to pass everything on.
        ctx: the call.
    """
    known, expression = KnownSignals(third_party, ctx.api), signal_expression(ctx)
    stated = known.third_party_type(expression)
    is_ours = is_signal(ctx.type)
    if not is_ours and stated is None and not _may_be_declared(known, expression):
        return ctx.default_return_type  # a method of any other class
    arguments = Arguments(ctx, known.origins, None if is_ours else _connect_parameters(ctx))
    passed, typ = arguments.expression_of("receiver"), arguments.type_of("receiver")
    if typ is None and not is_ours:
        return read_connecting(third_party, ctx, arguments)
    if passed is None or typ is None:
        return ctx.default_return_type
    name = written_name(expression)
    report(ctx.api, find_wrong_declaration(name, stated, ctx.context, ctx.api.options))
    connected: list[Target] = []
    is_known = True
    for cases in known.origins.cases_of(expression, passed, arguments.expression_of("sender")):
        written = (expression, passed)
        results = [
            _check_case(known, ctx, arguments, written, case, proofs=proofs) for case in cases
        ]
        # One of the cases happens, but it is not known which.
        if all(complaints for _, complaints in results):
            report(ctx.api, results[0][1])
        is_known = is_known and all(targets for targets, _ in results)
        connected += [target for targets, _ in results for target in targets]
    if connected and is_known:
        receiver = CheckedReceiver(ctx, passed, typ)
        report(ctx.api, find_unsent(receiver, connected))
        report(ctx.api, find_short_lived(receiver, connected))
        _check_reads(known, receiver, connected)
    return ctx.default_return_type


def _may_be_declared(known: KnownSignals, expression: Expression | None) -> bool:
    """
    Return whether *expression* may be a signal with a declaration.
    """
    signals = [] if expression is None else known.signals_of(expression)
    return any(signal_types(known.declared_type(one, None)) for case in signals for one in case)


def _connect_parameters(ctx: MethodContext) -> Sequence[str | None] | None:
    """
    Return the parameters of ``connect(*args, **kwargs)`` and the like; None if mypy knows them.

    This is how Celery's signals decide whether they get a receiver, or return a decorator.
    """
    names = ctx.callee_arg_names
    return None if {"receiver", "sender"}.intersection(names) else ("receiver", "sender")


def read_getattr(third_party: ThirdPartySignals, ctx: FunctionContext) -> Type:
    """
    Return the type of the signal that ``getattr(signals, "post_save")`` returns, if it is one.
    """
    known = KnownSignals(third_party, ctx.api)
    call = ctx.context if isinstance(ctx.context, CallExpr) else None
    found = [case[0] for cases in known.origins.cases_of(call) for case in cases]
    if any(third_party.find(ctx.api, signal, None) is None for signal in found):
        return ctx.default_return_type
    types = [known.type_of(signal) for signal in found if signal is not None]
    is_one = len(types) > 0 and all(typ == types[0] for typ in types)
    return (types[0] if is_one else None) or ctx.default_return_type


def _check_reads(known: KnownSignals, receiver: CheckedReceiver, targets: list[Target]) -> None:
    """
    Check the keys that a function of this module reads, if all uses of it are connections.
    """
    api, function = receiver.api, receiver.function
    if function is None or not reads_kwargs(api, function):
        return
    # A decorator is not a call.
    found = targets if receiver.decorated is not None else []
    uses = 0
    for call in bindings_of(api).connects:
        if call is receiver.ctx.context:
            found = [*found, *targets]
            uses += 1
        elif any(isinstance(one, RefExpr) and one.node is function for one in call.args):
            expression = call.callee.expr if isinstance(call.callee, MemberExpr) else None
            others = signal_types(known.declared_type(expression, None))
            if not others:
                return
            name = written_name(expression)
            more = (target_of(name, signal, None, is_weak=False) for signal in others)
            found = [*found, *more]
            uses += 1
    report(api, find_unknown_reads(api, function, found, uses=uses))


def _check_case(
    known: KnownSignals,
    ctx: MethodContext,
    arguments: Arguments,
    written: tuple[Expression | None, Expression],
    case: Case,
    *,
    proofs: Proofs,
) -> tuple[list[Target], list[Complaint]]:
    """
    Return what a receiver is connected to, and what is wrong.

    Args:
        known: the signals that expressions are.
        ctx: the call.
        arguments: its arguments.
        written: the signal and the receiver in the call.
        case: the signal, the receiver and the sender that they are.
        proofs: returns which decorators are proven to pass everything on.
    """
    signal_is, receiver_is, sender_is = case
    sender = arguments.type_of("sender")
    if sender_is is not None and sender_is is not arguments.expression_of("sender"):
        sender = known.type_of(sender_is)
    declared = known.declared_type(signal_is, sender, sender_is)
    signals = signal_types(declared) or signal_types(ctx.type)
    typ = arguments.type_of("receiver")
    if receiver_is is not None and receiver_is is not written[1]:
        typ = known.type_of(receiver_is)
    if typ is None or receiver_is is None or not signals:
        return [], []
    if isinstance(receiver_is, LambdaExpr):
        typ = as_lambda(typ)
    receiver = CheckedReceiver(ctx, receiver_is, typ)
    bare = _without_proven(proofs, receiver)
    targets: list[Target] = []
    complaints: list[list[Complaint]] = []
    name = written_name(signal_is) or written_name(written[0])
    for signal in signals:
        place = arguments.expression_of("sender")
        impossible = find_impossible_sender(name, signal, sender, place, ctx.api)
        # A wrong sender is the only error to fix first.
        to = None if impossible else known_sender(signal, sender, sender_is)
        is_weak = arguments.is_weak(is_celerys=signal.is_celerys)
        target = target_of(name, signal, to, is_weak=is_weak)
        refusals = [*find_refusals(receiver, [target])]
        if bare is not None:
            # The decorators may return something else.
            target = target._replace(is_answered=False)
            refusals = [*find_refusals(bare, [target])] or refusals
        targets.append(target)
        complaints.append([*impossible, *refusals])
    return targets, complaints[0] if all(complaints) else []


def _without_proven(proofs: Proofs, receiver: CheckedReceiver) -> CheckedReceiver | None:
    """
    Return the function itself, if it is one of this module under proven decorators.
    """
    name = receiver.expression
    node = name.node if isinstance(name, NameExpr) else None
    if not isinstance(node, Decorator) or node.func.info:
        return None
    symbol = receiver.module.names.get(node.func.name)
    if symbol is None or symbol.node is not node:
        return None
    proven = proofs_for(proofs, receiver, node)
    return (
        without_decorators(receiver, node)
        if proven and all(proof.passes_on for proof in proven)
        else None
    )
