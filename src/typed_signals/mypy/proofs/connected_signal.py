"""
Does a decorator of the project connect the function that it returns: ``@on(post_save, Pizza)``?

Then it has a parameter for the signal, which the source proves.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from .evaluation import TooLong
from .syntax import parameter_names
from .values import DECORATED, Closure, is_function

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .evaluation import Evaluator
    from .values import Meaning, Scope


@dataclass(frozen=True)
class Given:
    """
    What a decorator gets for a parameter.
    """

    parameter: str


def signal_parameter(evaluator: Evaluator, decorator: ast.expr, scope: Scope) -> str:
    """
    Return the parameter with the signal to which *decorator* certainly connects what it returns.

    It is empty if there is none.
    """
    if not isinstance(decorator, ast.Call):
        return ""
    try:
        callees = evaluator.callees(decorator, scope)
        found = {_connected_to(evaluator, callee) for callee in callees}
    except (TooLong, RecursionError):
        return ""
    return found.pop() if len(found) == 1 else ""


def _connected_to(evaluator: Evaluator, function: Meaning) -> str:
    """
    Return the parameter of a function whose inner function connects what it returns to it.
    """
    if not isinstance(function, Closure):
        return ""
    scope = evaluator.bind_unknown(function)
    parameters = parameter_names(function.node)[len(function.args) :]
    scope.given.update((name, frozenset({Given(name)})) for name in parameters)
    returned = evaluator.returned(function, scope)
    inner = next(iter(returned)) if len(returned) == 1 else None
    if not isinstance(inner, Closure) or not isinstance(inner.node, ast.FunctionDef):
        return ""
    call = evaluator.bind(inner, [DECORATED], {})
    result = frozenset() if call is None else evaluator.returned(inner, call)
    if call is None or len(result) != 1 or not all(map(is_function, result)):
        return ""
    for signal, receiver in _connections(inner.node.body):
        signals = evaluator.values(signal, call)
        if evaluator.values(receiver, call) == result:
            for name in parameters:
                if signals == {Given(name)}:
                    return name
    return ""


def _connections(body: list[ast.stmt]) -> Iterator[tuple[ast.expr, ast.expr]]:
    """
    Yield the signals and receivers of ``signal.connect(receiver)``, if it always runs.
    """
    for statement in takewhile(_goes_on, body):
        called = statement.value if isinstance(statement, ast.Expr) else None
        if (
            isinstance(called, ast.Call)
            and isinstance(called.func, ast.Attribute)
            and called.func.attr == "connect"
            and called.args
        ):
            yield called.func.value, called.args[0]


def _goes_on(statement: ast.stmt) -> bool:
    is_definition = isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    leaves = (isinstance(each, (ast.Return, ast.Raise)) for each in ast.walk(statement))
    return is_definition or not any(leaves)
