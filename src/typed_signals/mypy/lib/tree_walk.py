"""
The parts of each node of mypy's tree.

Its visitors are compiled traits, and interpreted classes cannot inherit from them (see
:mod:`.source_code`), so a table contains the parts of each kind of node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mypy import nodes
from mypy.patterns import (
    AsPattern,
    ClassPattern,
    MappingPattern,
    OrPattern,
    SequencePattern,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy.nodes import Node

# The attributes with the statements and expressions of a node, for each class of nodes.
_PARTS: Final[dict[type[nodes.Node], tuple[str, ...]]] = {
    nodes.MypyFile: ("defs",),
    nodes.Block: ("body",),
    nodes.ClassDef: ("defs", "decorators"),
    nodes.FuncDef: ("body",),
    nodes.LambdaExpr: ("body",),
    nodes.Decorator: ("original_decorators", "func"),
    nodes.OverloadedFuncDef: ("items",),
    nodes.ExpressionStmt: ("expr",),
    nodes.AssignmentStmt: ("rvalue",),
    nodes.OperatorAssignmentStmt: ("rvalue",),
    nodes.ReturnStmt: ("expr",),
    nodes.RaiseStmt: ("expr", "from_expr"),
    nodes.AssertStmt: ("expr", "msg"),
    nodes.DelStmt: ("expr",),
    nodes.IfStmt: ("expr", "body", "else_body"),
    nodes.WhileStmt: ("expr", "body", "else_body"),
    nodes.ForStmt: ("expr", "body", "else_body"),
    nodes.TryStmt: ("body", "handlers", "else_body", "finally_body"),
    nodes.WithStmt: ("expr", "body"),
    nodes.MatchStmt: ("subject", "patterns", "guards", "bodies"),
    AsPattern: ("pattern",),
    OrPattern: ("patterns",),
    SequencePattern: ("patterns",),
    MappingPattern: ("values",),
    ClassPattern: ("positionals", "keyword_values"),
    nodes.ListExpr: ("items",),
    nodes.TupleExpr: ("items",),
    nodes.SetExpr: ("items",),
    nodes.DictExpr: ("items",),
    nodes.StarExpr: ("expr",),
    nodes.CallExpr: ("callee", "args"),
    nodes.IndexExpr: ("base", "index"),
    nodes.MemberExpr: ("expr",),
    nodes.OpExpr: ("left", "right"),
    nodes.ComparisonExpr: ("operands",),
    nodes.UnaryExpr: ("expr",),
    nodes.SliceExpr: ("begin_index", "end_index", "stride"),
    nodes.YieldExpr: ("expr",),
    nodes.YieldFromExpr: ("expr",),
    nodes.AwaitExpr: ("expr",),
    nodes.ConditionalExpr: ("cond", "if_expr", "else_expr"),
    nodes.AssignmentExpr: ("value",),
    nodes.ListComprehension: ("generator",),
    nodes.SetComprehension: ("generator",),
    nodes.GeneratorExpr: ("sequences", "condlists", "left_expr"),
    nodes.DictionaryComprehension: ("sequences", "condlists", "key", "value"),
}


def children_of(node: Node) -> Iterator[Node]:
    """
    Yield the statements and expressions in *node*.

    The targets of assignments are not among them.
    """
    for name in _PARTS.get(type(node), ()):
        yield from _nodes_in(getattr(node, name))


def _nodes_in(part: Any) -> Iterator[Any]:
    if isinstance(part, (list, tuple)):
        for item in part:
            yield from _nodes_in(item)
    elif part is not None:
        yield part


def walk(node: Node) -> Iterator[Node]:
    """
    Yield *node* and everything in it.
    """
    yield node
    for part in children_of(node):
        yield from walk(part)
