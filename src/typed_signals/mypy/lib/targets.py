"""
The target of a connection: a signal, its name in the code, and the sender.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from mypy.nodes import Decorator, MemberExpr, NameExpr
from mypy.subtypes import is_subtype
from mypy.types import Instance, NoneType, Type, get_proper_type

from .fullnames import MODEL_SIGNAL

if TYPE_CHECKING:
    from mypy.nodes import CallExpr, Expression
    from mypy.plugin import MethodContext

    from .declared_types import SignalType


class Target(NamedTuple):
    """
    A signal that a receiver is connected to.
    """

    name: str
    """The name of the signal in the code."""

    signal: SignalType

    sender: Type
    """The sender that the receiver is connected to, or the sender type of the signal."""

    is_weak: bool
    """Whether the signal certainly has only a weak reference to the receiver."""

    is_answered: bool = True
    """Whether a send returns the response of the receiver."""


def target_of(
    name: str,
    signal: SignalType,
    sender: Type | None,
    *,
    is_weak: bool,
    is_answered: bool = True,
) -> Target:
    """
    Return the target of a call.

    Args:
        name: the name of the signal in the code, empty without a name.
        signal: its declared type.
        sender: the type of the sender in the call; None without a sender.
        is_weak: whether the call asks for a weak connection.
        is_answered: whether a send returns the response of the receiver.
    """
    if (
        sender is None
        or isinstance(get_proper_type(sender), NoneType)
        # blinker's ANY
        or (signal.is_blinkers and not is_subtype(sender, signal.sender))
    ):
        sender = signal.sender
    name = name or signal.instance.type.name
    return Target(name, signal, sender, is_weak and signal.holds_weakly, is_answered)


def known_sender(signal: SignalType, sender: Type | None) -> Type | None:
    """
    Return *sender*, unless it is the name of a model, whose class is unknown here.
    """
    named = get_proper_type(sender)
    is_text = isinstance(named, Instance) and named.type.fullname == "builtins.str"
    return None if is_text and signal.instance.type.has_base(MODEL_SIGNAL) else sender


def signal_expression(ctx: MethodContext) -> Expression | None:
    """
    Return the signal whose ``connect`` is called, or used as a decorator.

    For several decorators with this name, mypy does not say which one it checks.
    """
    if isinstance(ctx.context, Decorator):
        callees = ctx.context.original_decorators
    else:
        # mypy only knows the full name of a method in these two cases.
        callees = [cast("CallExpr", ctx.context).callee]
    methods = [callee for callee in callees if isinstance(callee, MemberExpr)]
    return methods[0].expr if len(methods) == 1 else None


def written_name(expression: Expression | None) -> str:
    """
    Return the name of a signal in the code; an empty string without a name.
    """
    if isinstance(expression, NameExpr):
        return expression.name
    if isinstance(expression, MemberExpr):
        owner = written_name(expression.expr)
        return f"{owner}.{expression.name}" if owner else expression.name
    return ""
