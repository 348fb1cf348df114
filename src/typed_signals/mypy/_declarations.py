"""
Declarations that no send could satisfy.

That a payload is a TypedDict, and in its place, is the bound of ``Signal``'s type variable: mypy
says so by itself, wherever a ``Signal[...]`` is written. What it cannot say is said here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy.types import CallableType, Type, get_proper_type

from . import _codes
from ._signals import read_signal, reserved_keys_error

if TYPE_CHECKING:
    from mypy.plugin import FunctionContext, MethodContext


def construct(ctx: FunctionContext) -> Type:
    """
    Check ``x: Signal[S, K] = Signal()``.
    """
    _check_keys(ctx)
    return ctx.default_return_type


def declare(ctx: MethodContext) -> Type:
    """
    Check the function under ``@Signal.declare``.
    """
    function = get_proper_type(ctx.arg_types[0][0]) if ctx.arg_types and ctx.arg_types[0] else None
    if isinstance(function, CallableType) and function.arg_names[:1] not in ([], ["sender"]):
        ctx.api.fail(
            f"the first parameter of {function.name} must be called 'sender': rename it",
            function.definition or ctx.context,
            code=_codes.DECLARATION,
        )
    _check_keys(ctx)
    return ctx.default_return_type


def _check_keys(ctx: FunctionContext | MethodContext) -> None:
    signal = read_signal(ctx.default_return_type)
    if signal is not None and (problem := reserved_keys_error(signal)) is not None:
        ctx.api.fail(problem, ctx.context, code=_codes.DECLARATION)
