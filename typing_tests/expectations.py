"""
The expected errors of type checkers in the cases.

A comment above a line of code states the expectation: ``# Error`` if all type checkers should and
do report an error, ``# Error, missed by ty, zuban`` if some do not, ``# Right, but an error for
zuban`` if some report a wrong error. No errors are expected in other lines. Errors at the ``def``
of a decorated function count for its first decorator.

``# == Title`` starts a row of the table in the docs.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

from .checkers import CHECKERS

if TYPE_CHECKING:
    from pathlib import Path

_NAMES = frozenset(checker.name for checker in CHECKERS)
_ANNOUNCED = re.compile(
    r"# (?P<verdict>Error|Right)(?:, (?P<but>missed by|but an error for) (?P<names>.+))?"
)
_TITLE = re.compile(r"# == (?P<title>.+)")


class Line(NamedTuple):
    """
    A line with an expectation.
    """

    row: str
    number: int
    is_error: bool
    deviating: frozenset[str]
    """The names of the type checkers that do otherwise than they should."""

    @property
    def reporting(self) -> frozenset[str]:
        """
        The names of the type checkers that report an error.
        """
        return _NAMES - self.deviating if self.is_error else self.deviating


class Case(NamedTuple):
    """
    One file.
    """

    path: Path
    title: str
    rows: list[str]
    lines: list[Line]
    moved: dict[int, int]
    """The lines of decorated definitions, with that of their first decorator."""

    @classmethod
    def read(cls, path: Path) -> Case:
        """
        Return the case in a file.

        Raises:
            ValueError: a comment looks like an expectation, but is not one.
        """
        source = path.read_text("utf-8")
        tree = ast.parse(source)
        moved = {
            node.lineno: node.decorator_list[0].lineno
            for node in ast.walk(tree)
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.decorator_list
        }
        rows: list[str] = []
        lines: list[Line] = []
        announced: re.Match[str] | None = None
        for number, text in enumerate(map(str.strip, source.splitlines()), start=1):
            where = f"{path.name}:{number}"
            if title := _TITLE.fullmatch(text):
                rows.append(title["title"])
            elif text.startswith(("# Error", "# Right")):
                announced = _ANNOUNCED.fullmatch(text)
                if announced is None:
                    raise ValueError(f"{where}: this is not an expectation: {text}")
            elif announced is not None and text and not text.startswith("#"):
                names = frozenset((announced["names"] or "").split(", ")) - {""}
                is_error = announced["verdict"] == "Error"
                if names - _NAMES or is_error is (announced["but"] == "but an error for"):
                    raise ValueError(f"{where}: this is not an expectation: {announced[0]}")
                alike = {checker.name for checker in CHECKERS if checker.like in names}
                lines.append(Line(rows[-1] if rows else "", number, is_error, names | alike))
                announced = None
        return cls(path, ast.get_docstring(tree) or "", rows, lines, moved)

    def differences(self, checker: str, reported: set[int]) -> list[tuple[int, bool]]:
        """
        Return the lines where *checker* differs from the expectation, and whether it reports one.
        """
        found = {self.moved.get(line, line) for line in reported}
        expected = {line.number for line in self.lines if checker in line.reporting}
        return [(line, line in found) for line in sorted(found ^ expected)]
