"""
The messages in the source code.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.markdown import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SOURCE: Final = ROOT / "src" / "typed_signals"

_WORDS: Final = re.compile(r"[a-z']+ [a-z']+ [a-z']+")


class Message(NamedTuple):
    """
    A text in the source code that is shown to users, or a part of one.
    """

    module: str
    """The path below the package."""

    line: int

    text: str
    """With ``{}`` for each value."""

    def is_in(self, lines: Iterable[str]) -> bool:
        """
        Return whether one of these *lines*, in small letters, contains it.
        """
        parts = re.split(r"\{\}|%s", self.text.casefold())
        longest = max(parts, key=len)
        pattern = re.compile(".*?".join(map(re.escape, parts)))
        return any(longest in line and pattern.search(line) for line in lines)


def messages() -> Iterator[Message]:
    """
    Yield all texts of three words or more, without the documentation of code and of options.
    """
    for path in sorted(_SOURCE.rglob("*.py")):
        module = path.relative_to(_SOURCE).as_posix()
        tree = ast.parse(path.read_text("utf-8"))
        hidden = {id(inner) for node in ast.walk(tree) for inner in _not_shown(node)}
        for node in ast.walk(tree):
            if id(node) not in hidden and _WORDS.search(text := _text_of(node)):
                yield Message(module, getattr(node, "lineno", 0), text)


def _not_shown(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Expr):  # the documentation of code
        yield node.value
    elif isinstance(node, ast.keyword) and node.arg in ("description", "help"):
        yield from ast.walk(node.value)
    elif isinstance(node, ast.JoinedStr):
        yield from (inner for part in node.values for inner in ast.walk(part))


def _text_of(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        return "".join(map(str, parts))
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
