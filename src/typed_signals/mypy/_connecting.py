"""
The ways of connecting a receiver: ``signal.connect(f)`` and ``@receiver(signal)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from mypy.nodes import (
    CallExpr,
    Decorator,
    Expression,
    ListExpr,
    MemberExpr,
    NameExpr,
    TupleExpr,
    Var,
)
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

from ._callables import PARTIAL
from ._names import RECEIVER_DECORATOR, SIGNAL
from ._reads import check_reads, reads_kwargs
from ._receivers import Target, check_receiver
from ._senders import check_sender
from ._signals import SignalType, read_signal
from ._unsent import check_unsent, reports_unsent
from ._weak import check_held

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy.plugin import FunctionContext, MethodContext

T = TypeVar("T")

# Several signals, written in place.
_DISPLAYS = (ListExpr, TupleExpr)


def connect(ctx: MethodContext) -> Type:
    """
    Check ``signal.connect(receiver, sender=...)``.
    """
    signal = read_signal(ctx.type)
    receiver_type = _argument(ctx, "receiver", ctx.arg_types)
    receiver_expression = _argument(ctx, "receiver", ctx.args)
    if signal is None or receiver_type is None or receiver_expression is None:
        return ctx.default_return_type
    sender = _sender(ctx)
    target = Target(
        _name_of_signal(ctx) or signal.instance.type.name,
        signal,
        _filtered(sender) or signal.sender,
    )
    check_sender(ctx, target, _argument(ctx, "sender", ctx.args), sender)
    if _is_readable(ctx, receiver_expression, receiver_type):
        check_receiver(ctx, [target], receiver_type)
        check_unsent(ctx, [target], receiver_type)
    if _is_weak(ctx) and _holds_weakly(signal):
        check_held(ctx, target.name, receiver_expression, receiver_type)
    return ctx.default_return_type


def receiver(ctx: FunctionContext) -> Type:
    """
    Note in the type of ``receiver(signals, sender=...)`` what it connects to.

    The function to check comes later, as the argument of the object that this returns. So its
    one type argument becomes a tuple of ``(name, signal, sender, weak)`` for each signal.
    """
    default = get_proper_type(ctx.default_return_type)
    if not (isinstance(default, Instance) and default.type.fullname == RECEIVER_DECORATOR):
        return ctx.default_return_type
    argument = _argument(ctx, "signal", ctx.args)
    if isinstance(get_proper_type(default.args[0]), AnyType) and not isinstance(
        argument, _DISPLAYS
    ):
        return default  # a variable of several signals, or an overload that is only tried
    sender = _sender(ctx)
    is_weak = _is_weak(ctx)
    anything = ctx.api.named_generic_type("builtins.object", [])
    fallback = ctx.api.named_generic_type("builtins.tuple", [anything])
    notes: list[Type] = []
    for expression in _signal_expressions(argument):
        name = _name(expression) or ""
        typ = ctx.api.get_expression_type(expression)
        if sender is not None and (signal := read_signal(typ)) is not None:
            target = Target(name or signal.instance.type.name, signal, signal.sender)
            check_sender(ctx, target, _argument(ctx, "sender", ctx.args), sender)
        note = [_literal(ctx, name), typ, _filtered(sender) or NoneType(), _literal(ctx, is_weak)]
        notes.append(TupleType(note, fallback))
    return default.copy_modified(args=[TupleType(notes, fallback)])


def decorate(ctx: MethodContext) -> Type:
    """
    Check the function that ``receiver(...)`` is applied to.
    """
    receiver_type = _argument(ctx, None, ctx.arg_types)
    receiver_expression = _argument(ctx, None, ctx.args)
    if receiver_type is None or receiver_expression is None:
        return ctx.default_return_type
    noted = _targets(ctx.type)
    targets = [target for target, _ in noted]
    is_readable = _is_readable(ctx, receiver_expression, receiver_type)
    if is_readable:
        check_receiver(ctx, targets, receiver_type)
    # One strong reference is enough, and signals of others may hold one.
    if len(noted) == len(_notes(ctx.type)) > 0 and all(is_weak for _, is_weak in noted):
        check_held(ctx, targets[0].name, receiver_expression, receiver_type)
    decorated = ctx.context if isinstance(ctx.context, Decorator) else None
    is_reading = decorated is not None and reads_kwargs(ctx, decorated.func)
    if (is_reading or reports_unsent(ctx)) and (targets := _all_targets(ctx)):
        if is_readable:
            check_unsent(ctx, targets, receiver_type)
        if decorated is not None and is_reading:
            check_reads(ctx, decorated.func, targets)
    return ctx.default_return_type


def _all_targets(ctx: MethodContext) -> list[Target]:
    """
    Return all that the receiver is connected to by its decorators, if that is known by now.

    The innermost decorator comes first, so there is an answer only when it is the outermost's
    turn, and only if all of them are ours.
    """
    decorators: list[Type] = [ctx.type]
    if isinstance(ctx.context, Decorator):
        expressions = ctx.context.original_decorators
        if not all(ctx.api.has_type(expression) for expression in expressions):  # type: ignore[attr-defined]
            return []
        decorators = [ctx.api.lookup_type(expression) for expression in expressions]  # type: ignore[attr-defined]
    targets: list[Target] = []
    for decorator in decorators:
        noted = _targets(decorator)
        if not noted or len(noted) != len(_notes(decorator)):
            return []
        targets += [target for target, _ in noted]
    return targets


def _is_readable(ctx: MethodContext, expression: Expression, typ: Type) -> bool:
    """
    Tell whether *typ* says the same of the receiver in a cold and in a warm run.

    mypy's cache forgets which function a partial in another module's variable was made of.
    """
    instance = get_proper_type(typ)
    if not (isinstance(instance, Instance) and instance.type.fullname == PARTIAL):
        return True
    variable = expression.node if isinstance(expression, (NameExpr, MemberExpr)) else None
    module: str = ctx.api.tree.fullname  # type: ignore[attr-defined]
    return not isinstance(variable, Var) or variable.fullname.rpartition(".")[0] in ("", module)


def _notes(decorator: Type) -> list[Type]:
    decorator = get_proper_type(decorator)
    if not isinstance(decorator, Instance) or decorator.type.fullname != RECEIVER_DECORATOR:
        return []
    noted = get_proper_type(decorator.args[0]) if decorator.args else None
    return noted.items if isinstance(noted, TupleType) else []


def _targets(decorator: Type) -> list[tuple[Target, bool]]:
    """
    Return what the function ``receiver`` noted, with whether each connection is weak.
    """
    targets = []
    for note in _notes(decorator):
        typ = get_proper_type(note)
        if not (isinstance(typ, TupleType) and len(typ.items) == 4):
            continue
        name, signal_type, sender, is_weak = (get_proper_type(item) for item in typ.items)
        signal = read_signal(signal_type)
        if signal is None or not (
            isinstance(name, LiteralType) and isinstance(is_weak, LiteralType)
        ):
            continue
        shown = str(name.value) or signal.instance.type.name
        given = signal.sender if isinstance(sender, NoneType) else sender
        is_held_weakly = bool(is_weak.value) and _holds_weakly(signal)
        targets.append((Target(shown, signal, given), is_held_weakly))
    return targets


def _signal_expressions(argument: Expression | None) -> list[Expression]:
    if argument is None:
        return []
    return argument.items if isinstance(argument, _DISPLAYS) else [argument]


def _argument(
    ctx: FunctionContext | MethodContext, name: str | None, values: Sequence[Sequence[T]]
) -> T | None:
    """
    Return the one of *values* that is passed to the parameter called *name*, if one is.

    Args:
        ctx: the call.
        name: the parameter's name; None for a positional-only one.
        values: ``ctx.args`` or ``ctx.arg_types``.
    """
    if name not in ctx.callee_arg_names:
        return None
    index = ctx.callee_arg_names.index(name)
    passed = values[index]
    return passed[0] if len(passed) == 1 and not ctx.arg_kinds[index][0].is_star() else None


def _is_unpacked(ctx: FunctionContext | MethodContext) -> bool:
    """
    Tell whether there is an argument ``*args`` or ``**kwargs``, which may stand for any other.
    """
    return any(kind.is_star() for kinds in ctx.arg_kinds for kind in kinds)


def _sender(ctx: FunctionContext | MethodContext) -> Type | None:
    """
    Return the type of the argument ``sender``; None if there is none.
    """
    given = _argument(ctx, "sender", ctx.arg_types)
    return AnyType(TypeOfAny.special_form) if given is None and _is_unpacked(ctx) else given


def _filtered(sender: Type | None) -> Type | None:
    """
    Return the type of the one sender to listen to; None if there is none.
    """
    return None if sender is None or isinstance(get_proper_type(sender), NoneType) else sender


def _holds_weakly(signal: SignalType) -> bool:
    """
    Tell whether *signal* holds its receivers as ours do; another ``connect`` may hold them.
    """
    method = signal.instance.type.get_method("connect")
    return method is not None and method.info.fullname == SIGNAL


def _is_weak(ctx: FunctionContext | MethodContext) -> bool:
    """
    Tell whether the argument ``weak`` is certainly true.
    """
    weak = _argument(ctx, "weak", ctx.args)
    if weak is None:
        return not _is_unpacked(ctx)
    return isinstance(weak, NameExpr) and weak.fullname == "builtins.True"


def _literal(ctx: FunctionContext, value: str | bool) -> LiteralType:
    name = f"builtins.{type(value).__name__}"
    return LiteralType(value, ctx.api.named_generic_type(name, []))


def _name_of_signal(ctx: MethodContext) -> str | None:
    """
    Return what the code calls the signal whose ``connect`` is called, or is a decorator.
    """
    callees: list[Expression] = []
    if isinstance(ctx.context, Decorator):
        callees = ctx.context.original_decorators
    elif isinstance(ctx.context, CallExpr):
        callees = [ctx.context.callee]
    methods = [callee for callee in callees if isinstance(callee, MemberExpr)]
    return _name(methods[0].expr) if len(methods) == 1 else None


def _name(expression: Expression) -> str | None:
    if isinstance(expression, NameExpr):
        return expression.name
    if isinstance(expression, MemberExpr):
        owner = _name(expression.expr)
        return f"{owner}.{expression.name}" if owner else expression.name
    return None
