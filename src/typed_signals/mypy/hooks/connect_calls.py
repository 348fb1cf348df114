"""
The methods ``connect`` and ``connected`` of a signal, and blinker's ``connected_to``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy.nodes import ARG_STAR, ARG_STAR2
from mypy.types import AnyType, CallableType, Type, TypeOfAny

from typed_signals.mypy.checks.always_default import find_unsent
from typed_signals.mypy.checks.compatibility import find_refusals
from typed_signals.mypy.checks.impossible_sender import find_impossible_sender
from typed_signals.mypy.checks.weak_receivers import find_short_lived
from typed_signals.mypy.lib.arguments import Arguments, CheckedReceiver
from typed_signals.mypy.lib.complaints import report
from typed_signals.mypy.lib.declared_types import read_signal
from typed_signals.mypy.lib.fullnames import SIGNALS
from typed_signals.mypy.lib.targets import (
    known_sender,
    signal_expression,
    target_of,
    written_name,
)

if TYPE_CHECKING:
    from mypy.plugin import MethodContext, MethodSigContext
    from mypy.types import FunctionLike

    from typed_signals.mypy.lib.third_party import ThirdPartySignals


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
    anything = AnyType(TypeOfAny.special_form)
    function = ctx.api.named_generic_type("builtins.function", [])
    types = list(signature.arg_types)
    types[signature.arg_names.index("receiver")] = CallableType(
        [anything, anything],
        [ARG_STAR, ARG_STAR2],
        [None, None],
        anything,
        function,
        implicit=True,  # a lambda argument would get this type
        is_ellipsis_args=True,
    )
    return signature.copy_modified(arg_types=types)


def connect(third_party: ThirdPartySignals, ctx: MethodContext) -> Type:
    """
    Check ``signal.connect(receiver, sender=...)``, ``connected``, and blinker's ``connected_to``.
    """
    arguments, expression = Arguments(ctx), signal_expression(ctx)
    sender = arguments.type_of("sender")
    signal = read_signal(third_party.find(ctx.api, expression, sender)) or read_signal(ctx.type)
    passed, typ = arguments.expression_of("receiver"), arguments.type_of("receiver")
    if signal is None or passed is None or typ is None:
        return ctx.default_return_type
    sender = known_sender(signal, sender)
    receiver = CheckedReceiver(ctx, passed, typ)
    target = target_of(written_name(expression), signal, sender, is_weak=arguments.is_weak())
    complaints = [
        *find_impossible_sender(target, arguments.expression_of("sender"), sender, ctx.api),
        *find_refusals(receiver, [target]),
        *find_unsent(receiver, [target]),
        *find_short_lived(receiver, [target]),
    ]
    report(ctx.api, complaints)
    return ctx.default_return_type
