"""
The source text of a function, as Python's own syntax tree.

mypy's tree cannot be walked from a plugin: its visitors are compiled traits, which interpreted
classes cannot inherit from.
"""

from __future__ import annotations

import ast
import linecache
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy.nodes import FuncDef


def parse_function(path: str, function: FuncDef) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """
    Return *function*, which stands in the file *path*, with that file's line numbers.

    None if the text is not to be had, or is no syntax that the running Python understands.
    """
    if function.end_line is None:
        return None
    lines = _lines(path)[function.line - 1 : function.end_line]
    # An indented function is given something to stand in; dedenting would change its strings.
    source = "".join(["if True:\n" if lines and lines[0][:1].isspace() else "\n", *lines])
    try:
        found = next(ast.walk(ast.parse(source)), None)
    except (SyntaxError, ValueError):
        return None
    while isinstance(found, (ast.Module, ast.If)):
        found = found.body[0] if found.body else None
    if not isinstance(found, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None
    ast.increment_lineno(found, function.line - 2)
    return found


def count_word(path: str, word: str) -> int:
    """
    Return how often *word* stands in the file *path*, comments and strings included.
    """
    return len(re.findall(rf"\b{re.escape(word)}\b", "".join(_lines(path))))


def _lines(path: str) -> list[str]:
    # The daemon lives longer than the text of a file.
    linecache.checkcache(path)
    return linecache.getlines(path)
