"""
Decorators of a project that connect the function that they return: ``@on(post_save, Pizza)``.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .evaluation import Closure, TooLong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .evaluation import Evaluator, Scope


def signal_parameter(evaluator: Evaluator, decorator: ast.expr, scope: Scope) -> str:
    """
    Return the parameter with the signal to which *decorator* certainly connects what it returns.

    It is empty if there is none.
    """
    if not isinstance(decorator, ast.Call):
        return ""
    try:
        callees = evaluator.callees(decorator, scope)
    except (TooLong, RecursionError):
        return ""
    found = {
        _connected_to(callee.node)
        if isinstance(callee, Closure) and isinstance(callee.node, ast.FunctionDef)
        else ""
        for callee in callees
    }
    return found.pop() if len(found) == 1 else ""


def _connected_to(function: ast.FunctionDef) -> str:
    """
    Return the parameter of a function whose inner function connects what it returns to it.
    """
    returned = _returned_name(function)
    parameters = {each.arg for each in (*function.args.args, *function.args.kwonlyargs)}
    for inner in function.body:
        if isinstance(inner, ast.FunctionDef) and inner.name == returned:
            own = {each.arg for each in ast.walk(inner.args) if isinstance(each, ast.arg)}
            signals = parameters - own - _assigned_in(function)
            for signal, receiver in _connections(inner.body):
                if signal in signals and receiver == _returned_name(inner):
                    return signal
    return ""


def _returned_name(function: ast.FunctionDef) -> str:
    last = function.body[-1]
    value = last.value if isinstance(last, ast.Return) else None
    return value.id if isinstance(value, ast.Name) else ""


def _connections(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    """
    Yield the names of the signals and receivers of ``signal.connect(receiver)``, if it always runs.
    """
    for statement in body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            called, arguments = statement.value.func, statement.value.args
            if (
                isinstance(called, ast.Attribute)
                and called.attr == "connect"
                and isinstance(called.value, ast.Name)
                and arguments
                and isinstance(arguments[0], ast.Name)
            ):
                yield called.value.id, arguments[0].id
        is_definition = isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        leaves = (isinstance(each, (ast.Return, ast.Raise)) for each in ast.walk(statement))
        if not is_definition and any(leaves):
            return


def _assigned_in(function: ast.FunctionDef) -> set[str]:
    names = (each for each in ast.walk(function) if isinstance(each, ast.Name))
    return {each.id for each in names if not isinstance(each.ctx, ast.Load)}
