"""
Check declarations; errors are reported where the signal is created.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy.erasetype import erase_typevars
from mypy.nodes import ARG_STAR, ARG_STAR2, Decorator
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    Type,
    TypeOfAny,
    TypeType,
    get_proper_type,
)

from typed_signals.mypy.checks.invalid_payload import (
    find_base_signal,
    find_unsendable,
    find_unsendable_parameter,
)
from typed_signals.mypy.checks.missing_parentheses import find_uncalled
from typed_signals.mypy.lib.complaints import report
from typed_signals.mypy.lib.declared_types import is_signal, read_signal
from typed_signals.mypy.lib.fullnames import BASE_SIGNAL, SIGNALS

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy.plugin import ClassDefContext, FunctionContext, MethodContext, MethodSigContext
    from mypy.types import FunctionLike


def called_on_signal(
    handler: Callable[[MethodSigContext], FunctionLike], ctx: MethodSigContext
) -> FunctionLike:
    """
    Report ``pizza_done.send(...)`` and the like after ``pizza_done = Signal[S, K]``, without ().

    Calls on a signal are left to *handler*, and so is ``Signal.send(signal, ...)``.
    """
    uncalled = find_uncalled(ctx.type, ctx.context)
    first = next(iter(ctx.args[0]), None) if ctx.args else None
    if not uncalled or (first is not None and is_signal(ctx.api.get_expression_type(first))):
        return handler(ctx)
    report(ctx.api, uncalled)
    anything = AnyType(TypeOfAny.from_error)
    return ctx.default_signature.copy_modified(
        arg_types=[anything, anything],
        arg_kinds=[ARG_STAR, ARG_STAR2],
        arg_names=[None, None],
        ret_type=anything,
        variables=[],
    )


def construct(ctx: FunctionContext) -> Type:
    """
    Check ``Signal[S, K]()`` and ``x: Signal[S, K] = Signal()``.
    """
    report(ctx.api, find_unsendable(ctx.default_return_type, ctx.context, ctx.api.options))
    return ctx.default_return_type


def inherit(ctx: ClassDefContext) -> None:
    """
    Check ``class PizzaSignal(Signal[S, K])``.
    """
    for base in ctx.cls.info.bases:
        if base.type.fullname in SIGNALS:
            report(ctx.api, find_unsendable(base, ctx.reason, ctx.api.options))


def declare(ctx: MethodContext) -> Type:
    """
    Check the function under ``@Signal.declare``.
    """
    complaints = find_base_signal(ctx.type, ctx.context)
    function = _declaring_function(ctx)
    if function is not None:
        decorated = ctx.context.func if isinstance(ctx.context, Decorator) else None
        # A function argument may be defined in another file.
        complaints += find_unsendable_parameter(function, decorated, decorated or ctx.context)
    if not complaints and read_signal(ctx.default_return_type) is not None:  # the function is known
        complaints = find_unsendable(ctx.default_return_type, ctx.context, ctx.api.options)
    report(ctx.api, complaints)
    if function is None or not function.variables:
        return ctx.default_return_type
    # Of a generic function: each send may have another type.
    return erase_typevars(ctx.default_return_type, [each.id for each in function.variables])


def _declaring_function(ctx: MethodContext) -> CallableType | None:
    """
    Return the type of the function that is passed to ``declare`` of a signal class.
    """
    owner = get_proper_type(ctx.type)
    if isinstance(owner, CallableType):
        owner = get_proper_type(owner.ret_type)
    elif isinstance(owner, TypeType):
        owner = owner.item
    if not isinstance(owner, Instance) or not owner.type.has_base(BASE_SIGNAL):
        return None
    function = get_proper_type(ctx.arg_types[0][0]) if ctx.arg_types and ctx.arg_types[0] else None
    return function if isinstance(function, CallableType) else None
