"""
The ways of connecting a receiver: ``signal.connect(f)`` and ``@receiver(signal)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy.nodes import Expression, ListExpr, MemberExpr, NameExpr, TupleExpr
from mypy.types import (
    Instance,
    LiteralType,
    NoneType,
    TupleType,
    Type,
    get_proper_type,
)

from ._names import RECEIVER_DECORATOR
from ._receivers import Target, check_receiver
from ._signals import read_signal

if TYPE_CHECKING:
    from mypy.plugin import FunctionContext, MethodContext


def connect(ctx: MethodContext) -> Type:
    """
    Check the receiver in ``signal.connect(receiver, sender=...)``.
    """
    signal = read_signal(ctx.type)
    if signal is not None:
        callee = getattr(ctx.context, "callee", None)
        name = _name(callee.expr) if isinstance(callee, MemberExpr) else None
        sender = _sender(_argument(ctx, "sender")) or signal.sender
        target = Target(name or signal.instance.type.name, signal, sender)
        check_receiver(ctx, [target], _argument(ctx, "receiver"))
    return ctx.default_return_type


def receiver(ctx: FunctionContext) -> Type:
    """
    Note in the type of ``receiver(signals, sender=...)`` what it connects to.

    The function to check comes later, as the argument of the object that this returns. So its
    one type argument becomes a tuple with ``(name, signal, sender)`` for each signal.
    """
    default = get_proper_type(ctx.default_return_type)
    if not (isinstance(default, Instance) and default.type.fullname == RECEIVER_DECORATOR):
        return ctx.default_return_type
    sender = _sender(_argument(ctx, "sender")) or NoneType()
    fallback = ctx.api.named_generic_type(
        "builtins.tuple", [ctx.api.named_generic_type("builtins.object", [])]
    )
    notes: list[Type] = []
    for expression in _signal_expressions(ctx):
        signal = ctx.api.get_expression_type(expression)
        name = LiteralType(_name(expression) or "", ctx.api.named_generic_type("builtins.str", []))
        notes.append(TupleType([name, signal, sender], fallback))
    return default.copy_modified(args=[TupleType(notes, fallback)])


def decorate(ctx: MethodContext) -> Type:
    """
    Check the function that ``receiver(...)`` is applied to.
    """
    decorator = get_proper_type(ctx.type)
    if isinstance(decorator, Instance) and ctx.arg_types and ctx.arg_types[0]:
        targets = [target for note in _notes(decorator) if (target := _read_note(note))]
        check_receiver(ctx, targets, ctx.arg_types[0][0])
    return ctx.default_return_type


def _notes(decorator: Instance) -> list[Type]:
    noted = get_proper_type(decorator.args[0]) if decorator.args else None
    return noted.items if isinstance(noted, TupleType) else []


def _read_note(note: Type) -> Target | None:
    note = get_proper_type(note)
    if not (isinstance(note, TupleType) and len(note.items) == 3):
        return None
    name, signal_type, sender = (get_proper_type(item) for item in note.items)
    signal = read_signal(signal_type)
    if signal is None or not isinstance(name, LiteralType):
        return None
    shown = str(name.value) or signal.instance.type.name
    return Target(shown, signal, signal.sender if isinstance(sender, NoneType) else sender)


def _signal_expressions(ctx: FunctionContext) -> list[Expression]:
    for name, expressions in zip(ctx.callee_arg_names, ctx.args, strict=False):
        if name == "signal" and len(expressions) == 1:
            (expression,) = expressions
            if isinstance(expression, (ListExpr, TupleExpr)):
                return expression.items
            return [expression]
    return []


def _argument(ctx: FunctionContext | MethodContext, name: str) -> Type | None:
    for callee_name, types in zip(ctx.callee_arg_names, ctx.arg_types, strict=False):
        if callee_name == name and len(types) == 1:
            return types[0]
    return None


def _sender(given: Type | None) -> Type | None:
    """
    Return the type of the one sender to listen to; None if there is none.
    """
    return None if given is None or isinstance(get_proper_type(given), NoneType) else given


def _name(expression: Expression) -> str | None:
    if isinstance(expression, NameExpr):
        return expression.name
    if isinstance(expression, MemberExpr):
        owner = _name(expression.expr)
        return f"{owner}.{expression.name}" if owner else expression.name
    return None
