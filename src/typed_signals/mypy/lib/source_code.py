"""
The source of the current module, and Python's syntax trees of its functions.

A plugin cannot walk mypy's tree: its visitors are compiled traits, and interpreted classes cannot
inherit from them.
"""

from __future__ import annotations

import ast
import re
import tokenize
import warnings
from collections import Counter
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mypy.util import DecodeError, decode_python_encoding

from .last_module import OfLastModule

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


def count_name(api: CheckerPluginInterface, name: str) -> int:
    """
    Return how often *name* is in the code of the current module, except for strings and comments.
    """
    return _source(api).names[name]


_FORMAT = re.compile(r"""[rR]?[fF][rR]?["']""")


class _Source:
    """
    The source of one module.
    """

    def __init__(self, path: str) -> None:
        self.lines: list[str] = []
        self.parsed: dict[FuncDef, AnyFunctionDef | None] = {}
        try:
            text = decode_python_encoding(Path(path).read_bytes())
        except (OSError, DecodeError, UnicodeError):
            return
        self.lines = StringIO(text, newline=None).readlines()

    @cached_property
    def names(self) -> Counter[str]:
        """
        How often each name is in the code.
        """
        found: Counter[str] = Counter()
        try:
            for token in tokenize.generate_tokens(iter(self.lines).__next__):
                # Until Python 3.11, the expressions in an f-string are not tokens.
                is_format = token.type == tokenize.STRING and _FORMAT.match(token.string)
                if token.type == tokenize.NAME or is_format:
                    found.update(re.findall(r"\w+", token.string))
        except (tokenize.TokenError, SyntaxError):  # another Python may be able to
            found = Counter(re.findall(r"\w+", "".join(self.lines)))
        return found


_SOURCES: Final = OfLastModule[_Source]()


def _source(api: CheckerPluginInterface) -> _Source:
    return _SOURCES.get(api, lambda: _Source(api.path))


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
