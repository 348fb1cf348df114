"""
The target of a connection: a signal, its name in the code, and the sender.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from mypy.nodes import Decorator, MemberExpr, NameExpr, RefExpr, TypeAlias, TypeInfo
from mypy.subtypes import is_subtype
from mypy.types import (
    AnyType,
    FunctionLike,
    Instance,
    NoneType,
    Type,
    TypeOfAny,
    TypeType,
    get_proper_type,
)

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

    is_on_commit: bool = False
    """Whether it is certainly called on commit."""

    is_background: bool = False
    """Whether it certainly runs in the background."""

    may_be_background: bool = False
    """Whether it may run there."""


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


def known_sender(
    signal: SignalType, sender: Type | None, expression: Expression | None
) -> Type | None:
    """
    Return *sender*, or Any if its class is unknown here.

    This is the case for the name of a model, and for ``type[Model]``: a function like
    ``get_user_model`` returns a certain class, which is more than its type says. A class that is
    named in the code is that class.

    Args:
        signal: the signal.
        sender: the type of the sender.
        expression: the sender in the code.
    """
    given = get_proper_type(sender)
    if isinstance(given, Instance) and given.type.fullname == "builtins.str":
        is_unknown = signal.instance.type.has_base(MODEL_SIGNAL)
    else:
        is_class = isinstance(given, TypeType) or (
            isinstance(given, FunctionLike) and given.is_type_obj()
        )
        is_unknown = is_class and not is_named_class(expression)
    return AnyType(TypeOfAny.special_form) if is_unknown else sender


def is_named_class(expression: Expression | None) -> bool:
    """
    Return whether *expression* is the name of a class.

    A variable may have the type of a class because it is the common base of several.
    """
    return isinstance(expression, RefExpr) and isinstance(expression.node, (TypeInfo, TypeAlias))


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
