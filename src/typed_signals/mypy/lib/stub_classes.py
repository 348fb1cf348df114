"""
Classes in a package of declarations, for signals with their own methods that send.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .source_code import parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def sending_methods(file: Path) -> Iterator[str]:
    """
    Yield the names of the methods with ``**kwargs`` in a stub file: these are the payload.
    """
    try:
        body = parse(file.read_text("utf-8")).body
    except (OSError, UnicodeError, SyntaxError, ValueError):
        return  # mypy reports it
    for cls in body:
        for node in cls.body if isinstance(cls, ast.ClassDef) else ():
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.args.kwarg:
                yield node.name
