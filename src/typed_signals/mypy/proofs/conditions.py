"""
Which branch is taken? Conditions are evaluated as far as the values decide them.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .values import Constant, Library, is_function, truth

if TYPE_CHECKING:
    from .values import Evaluate, Meaning, Scope


def is_true(node: ast.expr, scope: Scope, values_of: Evaluate) -> bool | None:
    """
    Return whether a condition is true; None if it may be both.

    Args:
        node: the condition.
        scope: its scope.
        values_of: evaluates an expression.
    """
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        result = is_true(node.operand, scope, values_of)
        return None if result is None else not result
    if isinstance(node, ast.BoolOp):
        results = {is_true(value, scope, values_of) for value in node.values}
        decisive = isinstance(node.op, ast.Or)
        if decisive in results:
            return decisive
        return None if None in results else not decisive
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return _is_true_comparison(node, scope, values_of)
    if isinstance(node, ast.Call):
        return _is_true_call(node, scope, values_of)
    return _same({truth(value) for value in values_of(node, scope)})


def _is_true_comparison(node: ast.Compare, scope: Scope, values_of: Evaluate) -> bool | None:
    left, right = values_of(node.left, scope), values_of(node.comparators[0], scope)
    wanted = next(iter(right)) if len(right) == 1 else None
    operator = node.ops[0]
    if not isinstance(wanted, Constant):
        return None
    is_identity = isinstance(operator, (ast.Is, ast.IsNot))
    is_equal = _same({_is_equal(value, wanted, is_identity=is_identity) for value in left})
    if isinstance(operator, (ast.Is, ast.Eq)):
        return is_equal
    if isinstance(operator, (ast.IsNot, ast.NotEq)):
        return None if is_equal is None else not is_equal
    return None


def _is_true_call(node: ast.Call, scope: Scope, values_of: Evaluate) -> bool | None:
    called = values_of(node.func, scope)
    if len(called) != 1 or not node.args:
        return None
    (function,) = called
    values = values_of(node.args[0], scope)
    if function == Library("builtins.callable"):
        return _same({False if isinstance(value, Constant) else truth(value) for value in values})
    is_class_test = function == Library("inspect.isclass") or (
        function == Library("builtins.isinstance")
        and len(node.args) == 2
        and values_of(node.args[1], scope) == {Library("builtins.type")}
    )
    if is_class_test and all(is_function(value) for value in values):
        return False
    return None


def _same(results: set[bool | None]) -> bool | None:
    return results.pop() if len(results) == 1 else None


def _is_equal(value: Meaning, wanted: Constant, *, is_identity: bool) -> bool | None:
    if not isinstance(value, Constant):
        return False if truth(value) else None
    if not is_identity:
        return value.value == wanted.value
    is_single = wanted.value is None or isinstance(wanted.value, bool)
    return value == wanted if is_single or value != wanted else None
