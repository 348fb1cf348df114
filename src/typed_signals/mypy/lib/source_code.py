"""
The source of the current module, and Python's syntax trees of its functions.

A plugin cannot walk mypy's tree: its visitors are compiled traits, and interpreted classes cannot
inherit from them.
"""

from __future__ import annotations

import ast
import re
import warnings
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from mypy.util import DecodeError, decode_python_encoding

if TYPE_CHECKING:
    from mypy.nodes import FuncDef
    from mypy.plugin import CheckerPluginInterface

    AnyFunctionDef = ast.FunctionDef | ast.AsyncFunctionDef


def parse_function(api: CheckerPluginInterface, function: FuncDef) -> AnyFunctionDef | None:
    """
    Return *function* of the current module, with the line numbers of the file.

    None if the text is not available, or the running Python cannot parse it.
    """
    source = _source(api)
    if function not in source.parsed:
        source.parsed[function] = _parse(text_of(api, function), function.line)
    return source.parsed[function]


def parse(text: str) -> ast.Module:
    """
    Return the syntax tree of *text*.

    Python issues syntax warnings when the module runs.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def text_of(api: CheckerPluginInterface, function: FuncDef) -> str:
    """
    Return the source of *function* in the current module, without its decorators.
    """
    return "".join(_source(api).lines[function.line - 1 : function.end_line or 0])


def count_word(api: CheckerPluginInterface, word: str) -> int:
    """
    Return how often *word* is in the current module, including comments and strings.
    """
    return len(re.findall(rf"\b{re.escape(word)}\b", "".join(_source(api).lines)))


class _Source:
    """
    The source of one module.
    """

    def __init__(self, api: CheckerPluginInterface) -> None:
        self.api = api
        self.lines: list[str] = []
        self.parsed: dict[FuncDef, AnyFunctionDef | None] = {}
        try:
            text = decode_python_encoding(Path(api.path).read_bytes())
        except (OSError, DecodeError, UnicodeError):
            return
        self.lines = StringIO(text, newline=None).readlines()


# The last module. The daemon has another checker after the file is edited.
_latest: list[_Source] = []


def _source(api: CheckerPluginInterface) -> _Source:
    if not _latest or _latest[0].api is not api:
        _latest[:] = [_Source(api)]
    return _latest[0]


def _parse(text: str, line: int) -> AnyFunctionDef | None:
    # An indented function gets an enclosing block; dedenting would change its strings.
    above = "\n" * (line - 2) + "if True:\n" if text[:1].isspace() else "\n" * (line - 1)
    try:
        found = next(iter(parse(above + text).body), None)
    except (SyntaxError, ValueError):
        return None
    if isinstance(found, ast.If):
        found = found.body[0]
    return found if isinstance(found, (ast.FunctionDef, ast.AsyncFunctionDef)) else None
