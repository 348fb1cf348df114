"""
Declarations that no send could satisfy: reported where the signal is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy.nodes import ARG_STAR, ARG_STAR2, Decorator
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    Type,
    TypeOfAny,
    TypeType,
    TypeVarType,
    get_proper_type,
)

from typed_signals._shared.messages import uncalled_problem, unsendable_problem

from . import _codes
from ._names import BASE_SIGNAL, SIGNALS
from ._signals import declaration_problem, read_signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy.plugin import ClassDefContext, FunctionContext, MethodContext, MethodSigContext
    from mypy.types import FunctionLike


def called_on_signal(
    handler: Callable[[MethodSigContext], FunctionLike], ctx: MethodSigContext
) -> FunctionLike:
    """
    Report ``pizza_done.send(...)`` and the like after ``pizza_done = Signal[S, K]``, without ().

    What is called on a signal is left to *handler*, and so is ``Signal.send(signal, ...)``.
    """
    cls = signal_class(ctx.type)
    first = next(iter(ctx.args[0]), None) if ctx.args else None
    if cls is None or (first is not None and _is_signal(ctx.api.get_expression_type(first))):
        return handler(ctx)
    ctx.api.fail(uncalled_problem(cls), ctx.context, code=_codes.DECLARATION)
    anything = AnyType(TypeOfAny.from_error)
    return ctx.default_signature.copy_modified(
        arg_types=[anything, anything],
        arg_kinds=[ARG_STAR, ARG_STAR2],
        arg_names=[None, None],
        ret_type=anything,
        variables=[],
    )


def signal_class(typ: Type | None) -> str | None:
    """
    Return the name of the class of signals that *typ* is the type of, None if it is another's.
    """
    proper = get_proper_type(typ)
    if not isinstance(proper, CallableType) or not proper.is_type_obj():
        return None
    info = proper.type_object()
    return info.name if info.has_base(BASE_SIGNAL) else None


def _is_signal(typ: Type) -> bool:
    proper = get_proper_type(typ)
    if isinstance(proper, TypeVarType):
        proper = get_proper_type(proper.upper_bound)
    return isinstance(proper, AnyType) or (
        isinstance(proper, Instance) and proper.type.has_base(BASE_SIGNAL)
    )


def construct(ctx: FunctionContext) -> Type:
    """
    Check ``Signal[S, K]()`` and ``x: Signal[S, K] = Signal()``.
    """
    _check(ctx)
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
    function = _declaring_function(ctx)
    problem = None if function is None else _parameter_problem(ctx, function)
    if problem is not None:
        # A function that is passed may be defined in another file.
        place = ctx.context.func if isinstance(ctx.context, Decorator) else ctx.context
        ctx.api.fail(problem, place, code=_codes.DECLARATION)
    if read_signal(ctx.default_return_type) is not None:  # else the function is not known
        _check(ctx)
    return ctx.default_return_type


def _declaring_function(ctx: MethodContext) -> CallableType | None:
    """
    Return the type of the function that a signal's class is called with by ``declare``.
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


def _parameter_problem(ctx: MethodContext, function: CallableType) -> str | None:
    """
    Return what is wrong with the parameters of *function*, if anything is.
    """
    if function.param_spec() is not None:
        return None  # which parameters there are is not known here
    names = list(function.arg_names)
    if isinstance(ctx.context, Decorator) and len(ctx.context.func.arguments) == len(names):
        # A positional-only parameter has its name only here.
        names = [argument.variable.name for argument in ctx.context.func.arguments]
    described = function.name or "the function"
    if names and names[0] not in (None, "sender"):
        return f"the first parameter of {described} must be called 'sender': rename it"
    for number, (name, kind) in enumerate(zip(names[1:], function.arg_kinds[1:], strict=True), 1):
        if kind is ARG_STAR:
            return f"{described}: {unsendable_problem(f'*{name}')}"
        # The parameters of a Callable[...] have no names, whatever they are.
        is_nameless = function.arg_names[number] is None and function.definition is not None
        if is_nameless and kind.is_positional():
            return f"{described}: {unsendable_problem(name or f'parameter {number + 1}')}"
    return None


def _check(ctx: FunctionContext | MethodContext) -> None:
    problem = declaration_problem(ctx.default_return_type, ctx.api.options)
    if problem is not None:
        ctx.api.fail(problem, ctx.context, code=_codes.DECLARATION)
