"""
Functions of a module with decorators between ``@receiver`` and the function.

The result depends on the source of the decorators, which may be in other modules. So mypy gets it
as a part of the configuration for the module: if it changes, mypy checks the module again.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .evaluation import Closure, Evaluator, Scope, inner_nodes
from .passing_on import Decorated, passes_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .python_files import PythonFile, PythonFiles
    from .source_code import AnyFunctionDef


def proofs_of(files: PythonFiles, name: str, path: str) -> dict[int, list[bool]]:
    """
    Return for each decorator whether it is proven to pass everything on, by the function's line.

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
        for function, scope in _stacked(evaluator, file)
    }


def _proofs(evaluator: Evaluator, function: AnyFunctionDef, scope: Scope) -> list[bool]:
    arguments = function.args
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    decorated = Decorated(names, arguments.kwarg is not None)
    return [
        passes_on(evaluator, decorator, scope, decorated) for decorator in function.decorator_list
    ]


def _stacked(evaluator: Evaluator, file: PythonFile) -> Iterator[tuple[AnyFunctionDef, Scope]]:
    """
    Yield the functions with several decorators, with the scope of these decorators.
    """
    module = evaluator.module(file)
    left: list[tuple[Sequence[ast.stmt], Scope, Scope]] = [(file.tree.body, module, module)]
    while left:
        body, scope, outer = left.pop()
        for node in inner_nodes(body):
            if isinstance(node, ast.ClassDef):
                # Methods do not see the names of the class.
                left.append((node.body, Scope(node.body, outer, file, {}), outer))
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                if len(node.decorator_list) > 1:
                    yield node, scope
                inner = evaluator.bind_unknown(Closure(node, outer))
                left.append((node.body, inner, inner))
