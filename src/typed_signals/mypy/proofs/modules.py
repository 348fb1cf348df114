"""
The functions of a module that may be connected under decorators, and what is proven of these.

The result depends on the source of the decorators, which may be in other modules. So mypy gets it
as a part of the configuration for the module: if it changes, mypy checks the module again.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .connected_signal import signal_parameter
from .evaluation import Evaluator
from .passing_on import Decorated, passes_on
from .proof import Proof
from .syntax import blocks_of
from .values import Closure, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from typed_signals.mypy.lib.python_files import PythonFile, PythonFiles
    from typed_signals.mypy.lib.source_code import AnyFunctionDef


def proofs_of(files: PythonFiles, name: str, path: str) -> dict[int, list[Proof]]:
    """
    Return what is proven of each decorator, by the function's line.

    Args:
        files: the files of other modules.
        name: the name of the module.
        path: its file.
    """
    file = files.read(name, path)
    if file is None:
        return {}
    evaluator = Evaluator(files)
    return {
        function.lineno: _proofs(evaluator, function, scope)
        for function, scope in _decorated(evaluator, file)
    }


def _proofs(evaluator: Evaluator, function: AnyFunctionDef, scope: Scope) -> list[Proof]:
    arguments = function.args
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    decorated = Decorated(names, arguments.kwarg is not None)
    return [
        Proof(
            passes_on(evaluator, decorator, scope, decorated),
            signal_parameter(evaluator, decorator, scope),
        )
        for decorator in function.decorator_list
    ]


def _decorated(evaluator: Evaluator, file: PythonFile) -> Iterator[tuple[AnyFunctionDef, Scope]]:
    """
    Yield the functions with a decorator under one that may connect them, or that are passed to
    ``connect``, or connected by a decorator of the project.

    Each comes with the scope of its decorators.
    """
    connected = _connected(file.tree)
    module = evaluator.module(file)
    renamed = module.imports_as("receiver")
    left: list[tuple[Sequence[ast.stmt], Scope, Scope]] = [(file.tree.body, module, module)]
    while left:
        body, scope, outer = left.pop()
        for node in body:
            if isinstance(node, ast.ClassDef):
                # Methods do not see the names of the class.
                left.append((node.body, Scope(node, outer, file, {}), outer))
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                decorators = node.decorator_list
                if (
                    (decorators and node.name in connected)
                    or any(_may_connect(each, renamed) for each in decorators[:-1])
                    or any(signal_parameter(evaluator, each, scope) for each in decorators)
                ):
                    yield node, scope
                inner = evaluator.bind_unknown(Closure(node, outer))
                left.append((node.body, inner, inner))
            else:
                left.extend((block, scope, outer) for block in blocks_of(node))


def _connected(tree: ast.Module) -> set[str]:
    """
    Return the names that are passed to a method ``connect``, except for those of variables.
    """
    passed: set[str] = set()
    variables: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "connect":
            values = [*node.args, *(keyword.value for keyword in node.keywords)]
            passed.update(value.id for value in values if isinstance(value, ast.Name))
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            variables.add(node.id)
    return passed - variables


def _may_connect(decorator: ast.expr, renamed: set[str]) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in renamed or "receiver" in name or "connect" in name
