"""
Declarations that no send could satisfy: reported where the signal is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy.nodes import Decorator
from mypy.types import AnyType, CallableType, Instance, Type, get_proper_type

from . import _codes
from ._names import SIGNALS
from ._signals import declaration_problem

if TYPE_CHECKING:
    from mypy.plugin import ClassDefContext, FunctionContext, MethodContext


def construct(ctx: FunctionContext) -> Type:
    """
    Check ``Signal[S, K]()`` and ``x: Signal[S, K] = Signal()``; let ``Signal()`` return anything.
    """
    _check(ctx)
    typ = get_proper_type(ctx.default_return_type)
    if not isinstance(typ, Instance) or len(typ.args) != 4:
        return ctx.default_return_type
    sender, kwargs, response, parameters = (get_proper_type(argument) for argument in typ.args)
    is_bare = isinstance(sender, AnyType) and isinstance(kwargs, AnyType)
    if is_bare and isinstance(response, Instance) and response.type.fullname == "builtins.object":
        # Who declares nothing is not asked to declare the responses before reading them.
        return typ.copy_modified(args=[sender, kwargs, kwargs, parameters])
    return ctx.default_return_type


def subclass(ctx: ClassDefContext) -> None:
    """
    Check ``class PizzaSignal(Signal[S, K])``.
    """
    for base in ctx.cls.info.bases:
        if base.type.fullname in SIGNALS:
            problem = declaration_problem(base, ctx.api.options)
            if problem is not None:
                ctx.api.fail(problem, ctx.reason, code=_codes.DECLARATION)


def declare(ctx: MethodContext) -> Type:
    """
    Check the function under ``@Signal.declare``.
    """
    function = get_proper_type(ctx.arg_types[0][0]) if ctx.arg_types and ctx.arg_types[0] else None
    if isinstance(function, CallableType) and _first_parameter(ctx, function) not in (
        None,
        "sender",
    ):
        ctx.api.fail(
            f"the first parameter of {function.name} must be called 'sender': rename it",
            function.definition or ctx.context,
            code=_codes.DECLARATION,
        )
    _check(ctx)
    return ctx.default_return_type


def _first_parameter(ctx: MethodContext, function: CallableType) -> str | None:
    """
    Return the name of the first parameter; None without one, or without a name.
    """
    if isinstance(ctx.context, Decorator) and ctx.context.func.arguments:
        # A positional-only parameter has its name only here.
        return ctx.context.func.arguments[0].variable.name
    return next(iter(function.arg_names), None)


def _check(ctx: FunctionContext | MethodContext) -> None:
    problem = declaration_problem(ctx.default_return_type, ctx.api.options)
    if problem is not None:
        ctx.api.fail(problem, ctx.context, code=_codes.DECLARATION)
