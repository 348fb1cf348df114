"""
The calls that the plugin reads, and why it cannot judge some of them.

Each is reported as an error, because mypy stores errors and repeats them for files that did not
change. It has the code of deprecated functions: unlike others, such an error has no effect where
mypy tries something out.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

from mypy.errorcodes import DEPRECATED
from mypy.nodes import (
    AssignmentStmt,
    CallExpr,
    Decorator,
    ListExpr,
    MemberExpr,
    RefExpr,
    TupleExpr,
)
from mypy.plugin import MethodContext
from mypy.types import AnyType, Instance, get_proper_type

from typed_signals.cli.survey.program import pairs_of
from typed_signals.mypy.checks.wrong_send import SentArguments
from typed_signals.mypy.hooks.decorators import signals_of_decorator
from typed_signals.mypy.lib.arguments import Arguments, CheckedReceiver
from typed_signals.mypy.lib.declared_types import read_signal
from typed_signals.mypy.lib.fullnames import (
    BASE_SIGNAL,
    BLINKERS_SIGNAL,
    CELERYS_SIGNAL,
    DJANGOS_SIGNAL,
)
from typed_signals.mypy.lib.known_signals import KnownSignals, signal_types
from typed_signals.mypy.lib.parameters import callables_of
from typed_signals.mypy.lib.targets import signal_expression, written_name
from typed_signals.mypy.lib.tree_walk import walk
from typed_signals.mypy.proofs.lookup import proofs_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy.nodes import Expression, MypyFile
    from mypy.plugin import FunctionContext, MethodSigContext
    from mypy.types import Type

    from typed_signals.mypy.hook_lookup import SignalPlugin
    from typed_signals.mypy.lib.declared_types import SignalType

CODE: Final = DEPRECATED.code
_MARK: Final = "typed-signals: "
CLASSES: Final = frozenset({BASE_SIGNAL, DJANGOS_SIGNAL, BLINKERS_SIGNAL, CELERYS_SIGNAL})

UNDECLARED: Final = "the signal is not declared"
_UNKNOWN_SIGNAL: Final = "mypy does not know the signal"
_UNKNOWN_RECEIVER: Final = "mypy does not know the receiver"
_UNPACKED: Final = "the keys of an unpacked dict are not known"


def is_signal_type(typ: Type) -> bool:
    """
    Return whether *typ* is a signal of any kind.
    """
    proper = get_proper_type(typ)
    return isinstance(proper, Instance) and any(
        base.fullname in CLASSES for base in proper.type.mro
    )


def note_signal(plugin: SignalPlugin, ctx: FunctionContext | MethodContext) -> None:
    """
    Note the signal that is created.
    """
    tree: MypyFile = ctx.api.tree  # type: ignore[attr-defined]
    target = _targets_in(tree).get(cast("CallExpr", ctx.context))
    name = target.fullname if isinstance(target, RefExpr) else ""
    if not name.startswith(f"{tree.fullname}."):
        if isinstance(ctx, MethodContext):
            return  # blinker returns a signal that may exist
        # Others may have the same name.
        name = f"{tree.fullname}:{ctx.context.line}:{ctx.context.column}"
    declared = plugin.third_party.find(ctx.api, target, None) or ctx.default_return_type
    is_known = _are_declared([read_signal(declared)])
    _note(ctx, "signal", name, "" if is_known else UNDECLARED)


@lru_cache(maxsize=1)
def _targets_in(tree: MypyFile) -> dict[Expression, Expression]:
    """
    Return what is assigned in a module, with the names that get it.
    """
    found: dict[Expression, Expression] = {}
    for node in walk(tree):
        if isinstance(node, AssignmentStmt):
            pairs = [(target, node.rvalue) for target in node.lvalues]
            for target, value in pairs:
                if isinstance(target, (TupleExpr, ListExpr)):
                    pairs += pairs_of(target, value)
                else:
                    found.setdefault(value, target)
    return found


def note_function(ctx: MethodContext) -> None:
    """
    Note the signal that a function declares.
    """
    if isinstance(ctx.context, Decorator) and read_signal(ctx.default_return_type) is not None:
        _note(ctx, "signal", ctx.context.fullname)


def note_send(plugin: SignalPlugin, ctx: MethodSigContext) -> None:
    """
    Note a send of any signal.
    """
    if not is_signal_type(ctx.type):
        return
    call = cast("CallExpr", ctx.context)  # mypy only asks for the signature of methods in calls
    expression = call.callee.expr if isinstance(call.callee, MemberExpr) else None
    declared = plugin.third_party.find(ctx.api, expression, None) or ctx.type
    reason = ""
    if not _are_declared([read_signal(declared)]):
        reason = UNDECLARED if _full_name(expression) else _UNKNOWN_SIGNAL
    elif SentArguments(call, ctx.api).unknown_names:
        reason = _UNPACKED
    _note(ctx, "send", _full_name(expression), reason)


def note_connect(plugin: SignalPlugin, ctx: MethodContext) -> None:
    """
    Note a receiver that is passed to ``connect``.
    """
    if not is_signal_type(ctx.type):
        return
    known = KnownSignals(plugin.third_party, ctx.api)
    expression = signal_expression(ctx)
    arguments = Arguments(ctx, known.origins)
    receiver, typ = arguments.expression_of("receiver"), arguments.type_of("receiver")
    reason = _why_unknown(known, expression)
    if not reason and receiver is not None and typ is not None and not callables_of(typ):
        node = receiver.node if isinstance(receiver, RefExpr) else None
        decorated = node if isinstance(node, Decorator) else None
        if not _is_proven(plugin, CheckedReceiver(ctx, receiver, typ), decorated):
            reason = _UNKNOWN_RECEIVER
    _note(ctx, "receiver", _full_name(expression), reason)


def note_receiver(plugin: SignalPlugin, ctx: FunctionContext, returned: Type) -> None:
    """
    Note the call ``receiver(signal)``, unless the call of what it returns is noted.
    """
    if signals_of_decorator(returned):
        return
    known = KnownSignals(plugin.third_party, ctx.api)
    argument = Arguments(ctx, known.origins).expression_of("signal")
    _note(ctx, "receiver", _full_name(argument), _why_unknown(known, argument) or _UNKNOWN_SIGNAL)


def note_decorated(plugin: SignalPlugin, ctx: MethodContext) -> None:
    """
    Note the function under ``receiver(signal)``.
    """
    signals = signals_of_decorator(ctx.type)
    if not signals:
        return
    typ = ctx.arg_types[0][0]
    reason = "" if _are_declared(signals) else UNDECLARED
    if isinstance(get_proper_type(typ), AnyType):
        receiver = CheckedReceiver(ctx, ctx.args[0][0], typ)
        decorated = ctx.context if isinstance(ctx.context, Decorator) else None
        if not _is_proven(plugin, receiver, decorated):
            reason = _UNKNOWN_RECEIVER
    _note(ctx, "receiver", "", reason)


def _is_proven(
    plugin: SignalPlugin, receiver: CheckedReceiver, decorated: Decorator | None
) -> bool:
    """
    Return whether decorators are proven to pass everything on.
    """
    if decorated is None:
        return False
    below = receiver.below or decorated.original_decorators
    proofs = proofs_for(plugin.proofs, receiver, decorated)[-len(below) :]
    return bool(proofs) and all(proof.passes_on for proof in proofs)


def _why_unknown(known: KnownSignals, argument: Expression | None) -> str:
    """
    Return why it is not known what the signals *argument* carry; empty if it is.
    """
    signals = known.signals_of(argument) if argument is not None else []
    for cases in signals:
        for one in cases:
            if not _are_declared(signal_types(known.declared_type(one, None))):
                typ = known.type_of(one)
                is_signal = typ is not None and is_signal_type(typ)
                return UNDECLARED if is_signal else _UNKNOWN_SIGNAL
    return "" if signals and all(signals) else _UNKNOWN_SIGNAL


def _are_declared(signals: Sequence[SignalType | None]) -> bool:
    """
    Return whether each signal has a declaration: our class without type arguments has none.
    """
    return bool(signals) and all(
        signal is not None and (signal.types or not signal.is_open) for signal in signals
    )


def _full_name(expression: Expression | None) -> str:
    if isinstance(expression, RefExpr) and expression.fullname:
        return expression.fullname
    return written_name(expression)


def _note(ctx: Any, kind: str, signal: str, reason: str = "") -> None:
    text = f"{_MARK}{json.dumps([kind, signal, reason])}"
    ctx.api.fail(text, ctx.context, code=DEPRECATED)


def read_note(message: str) -> list[str] | None:
    """
    Return the kind, the signal and the reason in the *message* of a note; None for other errors.
    """
    if not message.startswith(_MARK):
        return None
    found: list[str] = json.loads(message.removeprefix(_MARK))
    return found
