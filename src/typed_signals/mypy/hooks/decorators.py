"""
Decorators that connect: ``@receiver(signal)``, Django's own, and blinker's ``connect_via``.

The function to check comes later than the signals, as the argument of the result of
``receiver(...)``. So the signals are stored in the type of the result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from mypy.nodes import ARG_POS, Decorator, Expression, ListExpr, TupleExpr
from mypy.subtypes import find_member
from mypy.types import (
    AnyType,
    Instance,
    LiteralType,
    NoneType,
    TupleType,
    Type,
    TypeOfAny,
    get_proper_type,
)

from typed_signals.mypy.checks.always_default import find_unsent, reports_unsent
from typed_signals.mypy.checks.compatibility import find_refusals
from typed_signals.mypy.checks.impossible_sender import find_impossible_sender
from typed_signals.mypy.checks.kwargs_reads import find_unknown_reads, reads_kwargs
from typed_signals.mypy.checks.missing_parentheses import find_uncalled
from typed_signals.mypy.checks.weak_receivers import find_short_lived
from typed_signals.mypy.lib.arguments import Arguments, CheckedReceiver
from typed_signals.mypy.lib.complaints import report
from typed_signals.mypy.lib.declared_types import read_signal, signal_class
from typed_signals.mypy.lib.fullnames import RECEIVER_DECORATOR
from typed_signals.mypy.lib.targets import (
    Target,
    known_sender,
    signal_expression,
    target_of,
    written_name,
)

if TYPE_CHECKING:
    from mypy.plugin import FunctionContext, FunctionSigContext, MethodContext
    from mypy.types import FunctionLike, UnionType

    from typed_signals.mypy.lib.third_party import ThirdPartySignals

# Several signals in a literal.
_DISPLAYS = (ListExpr, TupleExpr)


def receiver_signature(ctx: FunctionSigContext) -> FunctionLike:
    """
    Let ``receiver(...)`` decorate any callable, because :func:`decorate` checks it.
    """
    signature = ctx.default_signature
    returned = cast("Instance", get_proper_type(signature.ret_type))
    parts = cast("UnionType", get_proper_type(find_member("__call__", returned, returned)))
    decorator = parts.items[0]
    given = ctx.args[0][0] if ctx.args[0] else None
    if given is not None and signal_class(ctx.api.get_expression_type(given)) is not None:
        # Any() would be ambiguous for the overloads. The hook for the call reports it.
        types = [ctx.api.named_generic_type("builtins.object", []), *signature.arg_types[1:]]
        return signature.copy_modified(ret_type=decorator, arg_types=types)
    signal = get_proper_type(signature.arg_types[0])
    if not (isinstance(signal, Instance) and signal.type.fullname == "typing.Sequence"):
        return signature.copy_modified(ret_type=decorator)
    anything = signal.copy_modified(args=[ctx.api.named_generic_type("builtins.object", [])])
    types = [anything, *signature.arg_types[1:]]
    return signature.copy_modified(ret_type=decorator, arg_types=types, variables=[])


def read_receiver(third_party: ThirdPartySignals, ctx: FunctionContext) -> Type:
    """
    Store in the type of ``receiver(signals, sender=...)`` what it connects to.

    Its one type argument becomes a tuple with a tuple like ``_Note`` for each signal.
    """
    # This is the return type of receiver_signature.
    default = cast("Instance", get_proper_type(ctx.default_return_type))
    is_any = isinstance(get_proper_type(default.args[0]), AnyType)
    arguments = Arguments(ctx)
    argument = arguments.expression_of("signal")
    for expression in _signal_expressions(argument):
        report(ctx.api, find_uncalled(ctx.api.get_expression_type(expression), expression))
    if is_any and not (
        isinstance(argument, _DISPLAYS) or third_party.find(ctx.api, argument, None) is not None
    ):
        return default  # a variable with several signals, or an overload that is only tried
    return _with_notes(third_party, ctx, default, arguments)


def read_django_receiver(third_party: ThirdPartySignals, ctx: FunctionContext) -> Type:
    """
    Store what Django's own ``receiver(signals, sender=...)`` connects to, as for ours.
    """
    default = _decorator(third_party, ctx)
    if default is None:
        return ctx.default_return_type
    noted = _with_notes(third_party, ctx, default, Arguments(ctx))
    return noted if _noted(noted).targets else ctx.default_return_type


def read_connect_via(third_party: ThirdPartySignals, ctx: MethodContext) -> Type:
    """
    Store what blinker's ``signal.connect_via(sender)`` connects to, as for ``receiver``.
    """
    expression, sender = signal_expression(ctx), Arguments(ctx).type_of("sender")
    signal = read_signal(third_party.find(ctx.api, expression, sender))
    default = _decorator(third_party, ctx)
    if signal is None or default is None:
        return ctx.default_return_type
    note = _Note(written_name(expression), signal.instance, sender, is_weak=False)
    return _noting(ctx, default, [note])


def decorate(ctx: MethodContext) -> Type:
    """
    Check the function under such a decorator.
    """
    if len(ctx.arg_kinds[0]) != 1 or ctx.arg_kinds[0][0] is not ARG_POS:
        return ctx.default_return_type
    receiver = CheckedReceiver(ctx, ctx.args[0][0], ctx.arg_types[0][0])
    noted = _noted(ctx.type)
    complaints = [*find_refusals(receiver, noted.targets)]
    if noted.is_all:
        complaints += find_short_lived(receiver, noted.targets)
    is_reading = reads_kwargs(receiver)
    if (is_reading or reports_unsent(ctx.api)) and (targets := _all_targets(ctx, noted)):
        complaints += find_unsent(receiver, targets)
        if is_reading:
            complaints += find_unknown_reads(receiver, targets)
    report(ctx.api, complaints)
    return ctx.default_return_type


def _decorator(
    third_party: ThirdPartySignals, ctx: FunctionContext | MethodContext
) -> Instance | None:
    """
    Return the type that our ``receiver(...)`` returns, for other decorators; None if it is unknown.
    """
    decorator = third_party.find_decorator(ctx.api)
    return None if decorator is None else Instance(decorator, [AnyType(TypeOfAny.special_form)])


def _signal_expressions(argument: Expression | None) -> list[Expression]:
    if argument is None:
        return []
    return argument.items if isinstance(argument, _DISPLAYS) else [argument]


def _with_notes(
    third_party: ThirdPartySignals,
    ctx: FunctionContext,
    default: Instance,
    arguments: Arguments,
) -> Instance:
    argument = arguments.expression_of("signal")
    if argument is None:
        return default
    sender, written_sender = arguments.type_of("sender"), arguments.expression_of("sender")
    is_weak, is_on_commit = arguments.is_weak(), arguments.is_on_commit()
    notes: list[_Note] = []
    for expression in _signal_expressions(argument):
        name, noted = written_name(expression), sender
        typ = third_party.find(ctx.api, expression, sender)
        if typ is None:
            typ = ctx.api.get_expression_type(expression)
        signal = read_signal(typ)
        if signal is not None:
            noted = known_sender(signal, sender)
            target = target_of(name, signal, noted, is_weak=is_weak)
            report(ctx.api, find_impossible_sender(target, written_sender, noted, ctx.api))
        notes.append(_Note(name, typ, noted, is_weak, is_on_commit))
    return _noting(ctx, default, notes)


class _Note(NamedTuple):
    """
    The information in the type of a decorator about one of its signals.
    """

    name: str
    signal: Type
    sender: Type | None
    is_weak: bool
    is_on_commit: bool = False


def _noting(
    ctx: FunctionContext | MethodContext, decorator: Instance, notes: list[_Note]
) -> Instance:
    """
    Return the type of a decorator with *notes* in its type argument.
    """
    anything = AnyType(TypeOfAny.special_form)
    fallback = ctx.api.named_generic_type("builtins.tuple", [anything])
    items: list[Type] = [
        TupleType(
            [
                _literal(ctx, note.name),
                note.signal,
                note.sender or NoneType(),
                _literal(ctx, note.is_weak),
                _literal(ctx, note.is_on_commit),
            ],
            fallback,
        )
        for note in notes
    ]
    return decorator.copy_modified(args=[TupleType(items, fallback)])


def _all_targets(ctx: MethodContext, noted: _Noted) -> list[Target]:
    """
    Return everything that the decorators connect the receiver to, if it is already known.

    mypy checks the innermost decorator first, so the result is only known at the outermost one, and
    only if all of them are ours.

    Args:
        ctx: the current decorator.
        noted: what it connects to.
    """
    all_noted = [noted]
    if isinstance(ctx.context, Decorator) and len(ctx.context.original_decorators) > 1:
        expressions = ctx.context.original_decorators
        if not all(ctx.api.has_type(expression) for expression in expressions):  # type: ignore[attr-defined]
            return []
        all_noted = [_noted(ctx.api.lookup_type(expression)) for expression in expressions]  # type: ignore[attr-defined]
    if not all(noted.is_all for noted in all_noted):
        return []
    return [target for noted in all_noted for target in noted.targets]


class _Noted(NamedTuple):
    """
    The information in the type of a decorator.
    """

    targets: list[Target]
    """The known targets."""

    is_all: bool
    """Whether these are all targets, and there is at least one."""


def _noted(decorator: Type) -> _Noted:
    decorator = get_proper_type(decorator)
    if not isinstance(decorator, Instance) or decorator.type.fullname != RECEIVER_DECORATOR:
        return _Noted([], is_all=False)
    notes = get_proper_type(decorator.args[0]) if decorator.args else None
    if not isinstance(notes, TupleType):
        return _Noted([], is_all=False)
    targets = [target for note in notes.items if (target := _noted_target(note)) is not None]
    return _Noted(targets, is_all=len(targets) == len(notes.items) > 0)


def _noted_target(note: Type) -> Target | None:
    note = get_proper_type(note)
    if not (isinstance(note, TupleType) and len(note.items) == len(_Note._fields)):
        return None
    name, signal_type, sender, *flags = note.items
    is_weak, is_on_commit = (isinstance(f, LiteralType) and bool(f.value) for f in flags)
    signal = read_signal(signal_type)
    if signal is None or not isinstance(name, LiteralType):
        return None
    return target_of(str(name.value), signal, sender, is_weak=is_weak, is_answered=not is_on_commit)


def _literal(ctx: FunctionContext | MethodContext, value: str | bool) -> LiteralType:
    name = f"builtins.{type(value).__name__}"
    return LiteralType(value, ctx.api.named_generic_type(name, []))
