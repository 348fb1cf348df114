"""
Receivers that die at once: connected weakly, and held by nothing else.

Only what is certain is reported. A local function may be kept by whoever gets hold of it, so it
counts only where the function around it does nothing more than connect, to its end.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mypy.nodes import (
    LDEF,
    CallExpr,
    Decorator,
    Expression,
    FuncDef,
    LambdaExpr,
    MemberExpr,
    NameExpr,
    RefExpr,
    TypeInfo,
)
from mypy.types import CallableType, NoneType, get_proper_type

from . import _codes
from ._callables import PARTIAL, definition_of
from ._receivers import place_of
from ._source import parse_function

if TYPE_CHECKING:
    from mypy.plugin import MethodContext
    from mypy.types import Type


def check_held(ctx: MethodContext, signal: str, receiver: Expression, typ: Type) -> None:
    """
    Report a *receiver* that is gone before *signal* can be sent.
    """
    if isinstance(ctx.context, Decorator) and isinstance(
        get_proper_type(ctx.default_return_type), NoneType
    ):
        _check_name(ctx, signal, ctx.context)
    elif (what := _short_lived(ctx, receiver, typ)) is not None:
        ctx.api.fail(
            f"{signal} holds {what} only weakly, and nothing else does, so it is gone before any "
            "send: connect a module-level function, keep a reference, or pass weak=False",
            place_of(ctx),
            code=_codes.WEAK,
        )


def _check_name(ctx: MethodContext, signal: str, decorated: Decorator) -> None:
    """
    Report ``@signal.connect``: what the name then stands for is None, not the function.
    """
    if len(decorated.original_decorators) == 1:  # another one may keep the function
        ctx.api.fail(
            f"{signal} holds {decorated.func.name} only weakly, and connect() returns None for it, "
            f"so it is gone before any send: write @receiver({signal})",
            decorated.func,
            code=_codes.WEAK,
        )


def _short_lived(ctx: MethodContext, receiver: Expression, typ: Type) -> str | None:
    """
    Return what to call a receiver that nothing holds; None if something may.
    """
    if isinstance(ctx.context, Decorator):
        return _local_function(ctx, ctx.context.func.name)
    if isinstance(receiver, LambdaExpr):
        return "this lambda"
    if isinstance(receiver, NameExpr) and receiver.kind == LDEF:
        return _local_function(ctx, receiver.name)
    if isinstance(receiver, CallExpr):
        callee = receiver.callee
        return (
            "this partial" if isinstance(callee, RefExpr) and callee.fullname == PARTIAL else None
        )
    if isinstance(receiver, MemberExpr) and isinstance(receiver.expr, CallExpr):
        maker = receiver.expr.callee
        method = get_proper_type(typ)
        definition = definition_of(method) if isinstance(method, CallableType) else None
        is_bound = definition is not None and not (definition.is_static or definition.is_class)
        if is_bound and isinstance(maker, RefExpr) and isinstance(maker.node, TypeInfo):
            return f"this {maker.node.name} object"
    return None


def _local_function(ctx: MethodContext, name: str) -> str | None:
    """
    Return what to call a function that dies with the function around it, which ends here.
    """
    around = ctx.api.scope.current_function()  # type: ignore[attr-defined]  # the checker's
    if not isinstance(around, FuncDef):
        return None
    tree = parse_function(ctx.api, around)
    statements = tree.body if tree is not None else []
    line = place_of(ctx).line
    here = next((i for i, statement in enumerate(statements) if statement.lineno == line), None)
    if here is None or not all(map(_only_connects, statements[here:])):
        return None
    # Another decorator may well keep the function.
    ours = 1 if isinstance(ctx.context, Decorator) else 0
    definitions = [s for s in statements if isinstance(s, _FUNCTIONS) and s.name == name]
    if [len(definition.decorator_list) for definition in definitions] != [ours]:
        return None
    # Being connected is no use that would keep it.
    others = [s for s in statements if isinstance(s, _FUNCTIONS) or not _only_connects(s)]
    is_used = any(_uses(node, name) for statement in others for node in ast.walk(statement))
    return None if is_used else f"the local function {name}"


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _only_connects(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        method = statement.value.func
        return isinstance(method, ast.Attribute) and method.attr == "connect"
    return isinstance(statement, (*_FUNCTIONS, ast.Pass))


def _uses(node: ast.AST, name: str) -> bool:
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        return name in node.names
    return isinstance(node, ast.Name) and node.id == name
