"""
Questions about syntax trees, which do not need the values of expressions.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


CALLABLE_NODES: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
DEFINITIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def parameter_names(node: Function) -> list[str]:
    """
    Return the names of all parameters of a function.
    """
    return [child.arg for child in ast.iter_child_nodes(node.args) if isinstance(child, ast.arg)]


def default_values(signature: ast.arguments) -> dict[str, ast.expr]:
    """
    Return the default values of parameters, by name.
    """
    names = [argument.arg for argument in (*signature.posonlyargs, *signature.args)]
    found = dict(zip(reversed(names), reversed(signature.defaults), strict=False))
    for argument, default in zip(signature.kwonlyargs, signature.kw_defaults, strict=True):
        if default is not None:
            found[argument.arg] = default
    return found


def is_generator(node: Function) -> bool:
    """
    Return whether a call of a function only creates a generator.
    """
    body = node.body if isinstance(node.body, list) else [node.body]
    return any(isinstance(child, (ast.Yield, ast.YieldFrom)) for child in inner_nodes(body))


def inner_nodes(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """
    Yield all nodes, without the inner ones of functions and classes.
    """
    left = list(nodes)
    while left:
        node = left.pop()
        yield node
        if not isinstance(node, (*CALLABLE_NODES, ast.ClassDef)):
            left.extend(ast.iter_child_nodes(node))


def blocks_of(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """
    Yield the blocks in a statement.
    """
    for name in ("body", "orelse", "finalbody"):
        yield getattr(statement, name, []) if not isinstance(statement, DEFINITIONS) else []
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield part.body


def calls_of_super(node: ast.FunctionDef) -> Iterator[ast.Call]:
    """
    Yield the calls of the same method of ``super()`` in a method.
    """
    for child in ast.walk(node):
        if (
            isinstance(child, ast.Call)
            and isinstance(child.func, ast.Attribute)
            and child.func.attr == node.name
            and isinstance(child.func.value, ast.Call)
            and isinstance(child.func.value.func, ast.Name)
            and child.func.value.func.id == "super"
        ):
            yield child


def are_last(node: ast.Call) -> bool:
    """
    Return whether the unpacked positional arguments of a call are the last ones.
    """
    kinds = [isinstance(argument, ast.Starred) for argument in node.args]
    return kinds == sorted(kinds)


def last_name(node: ast.expr) -> str:
    """
    Return the name of a variable or an attribute.
    """
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def owner_name(node: ast.AST) -> str:
    """
    Return the name of the variable whose attribute it is; empty if it is something else.
    """
    value = node.value if isinstance(node, ast.Attribute) else None
    return value.id if isinstance(value, ast.Name) else ""


def sets_signature(statement: ast.stmt) -> bool:
    """
    Return whether *statement* states the signature of a function, which is checked instead of it.
    """
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(getattr(target, "attr", "") == "__signature__" for target in targets)


def is_overload(node: ast.expr) -> bool:
    """
    Return whether a decorator seems to be ``typing.overload``.
    """
    return last_name(node) == "overload"
