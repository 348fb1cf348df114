"""
How long lines are in a project, and what is written if a line would be longer.
"""

from __future__ import annotations

import tomllib
from configparser import Error, RawConfigParser
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

# That of ruff and black.
_USUAL: Final = 88
_TABLES: Final = {
    "ruff.toml": ((),),
    ".ruff.toml": ((),),
    "pyproject.toml": (("tool", "ruff"), ("tool", "black")),
}
_FLAKE8: Final = ("setup.cfg", "tox.ini", ".flake8")


class Layout(NamedTuple):
    """
    How statements are laid out, as ruff and black do it.
    """

    longest: int = _USUAL
    """The number of columns of the longest line."""

    indent: str = ""
    """What is before the statement."""

    step: str = "    "
    """What is before the statements in a block, in addition."""

    def inner(self) -> Layout:
        """
        Return the layout in a block.
        """
        return self._replace(indent=self.indent + self.step)

    def type_in_line(self, before: str, typ: str, after: str = "") -> str:
        """
        Return *typ*, in several lines if the line would be too long.

        Args:
            before: the line before it, without indentation.
            typ: the source of a type, like ``Signal[object, Paid]``.
            after: the line after it.
        """
        parts = _split(typ, " | ")
        start, bracket, inner = typ.partition("[")
        is_short = len(f"{self.indent}{before}{typ}{after}") <= self.longest
        if is_short or typ[0] in "'\"" or not (bracket or len(parts) > 1):
            return typ
        if len(parts) > 1:
            return self._in_brackets("(", parts, " | ", ")")
        return f"{start}{self._in_brackets('[', _split(inner[:-1], ', '), ', ', ']')}"

    def _in_brackets(self, opened: str, parts: list[str], between: str, closed: str) -> str:
        layout = self.inner()
        line = between.join(parts)
        if len(layout.indent) + len(line) > self.longest:
            if opened == "(":
                line = f"\n{layout.indent}{between.lstrip()}".join(parts)
            elif len(parts) > 1:
                each = [f"{layout.type_in_line('', part, ',')}," for part in parts]
                line = f"\n{layout.indent}".join(each)
            else:
                line = layout.type_in_line("", line)
        return f"{opened}\n{layout.indent}{line}\n{self.indent}{closed}"


def _split(text: str, between: str) -> list[str]:
    """
    Return the parts of *text* between separators that are not in brackets or strings.
    """
    parts, depth, start, quote = [], 0, 0, ""
    for position, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "[]":
            depth += 1 if character == "[" else -1
        elif depth == 0 and text.startswith(between, position):
            parts.append(text[start:position])
            start = position + len(between)
    return [*parts, text[start:]]


def line_length(root: Path) -> int:
    """
    Return how long lines are in the project in *root*, by the configuration of a formatter.
    """
    for name, tables in _TABLES.items():
        data = _toml(root / name)
        for table in tables:
            found: Any = data
            for key in table:
                found = found.get(key, {}) if isinstance(found, dict) else {}
            if isinstance(found, dict) and isinstance(found.get("line-length"), int):
                return int(found["line-length"])
    for name in _FLAKE8:
        parser = RawConfigParser()
        try:
            parser.read(root / name, "utf-8")
            return parser.getint("flake8", "max-line-length")
        except (Error, UnicodeError, ValueError):
            continue
    return _USUAL


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
