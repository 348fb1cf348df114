"""
Expressions of mypy as text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mypy import nodes

if TYPE_CHECKING:
    from collections.abc import Callable


def source_text(expression: nodes.Node | None) -> str:
    """
    Return *expression* about as it is in the source, without its details.
    """
    shown = _TEXTS.get(type(expression))
    return "..." if shown is None else shown(expression)


def _binary(expression: nodes.OpExpr) -> str:
    return f"{source_text(expression.left)} {expression.op} {source_text(expression.right)}"


_TEXTS: Final[dict[type[Any], Callable[[Any], str]]] = {
    nodes.NameExpr: lambda one: str(one.name),
    nodes.MemberExpr: lambda one: f"{source_text(one.expr)}.{one.name}",
    nodes.SuperExpr: lambda one: f"super().{one.name}",
    nodes.CallExpr: lambda one: f"{source_text(one.callee)}({'...' if one.args else ''})",
    nodes.IndexExpr: lambda one: f"{source_text(one.base)}[{source_text(one.index)}]",
    nodes.StrExpr: lambda one: repr(one.value),
    nodes.IntExpr: lambda one: repr(one.value),
    nodes.LambdaExpr: lambda _: "lambda",
    nodes.DictExpr: lambda _: "{...}",
    nodes.DictionaryComprehension: lambda _: "{...}",
    nodes.ListExpr: lambda _: "[...]",
    nodes.ListComprehension: lambda _: "[...]",
    nodes.TupleExpr: lambda one: f"({', '.join(map(source_text, one.items))})",
    nodes.OpExpr: _binary,
    nodes.ConditionalExpr: lambda one: (
        f"{source_text(one.if_expr)} if ... else {source_text(one.else_expr)}"
    ),
}
