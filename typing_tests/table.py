"""
The table in the docs with the results of each type checker.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .checkers import CHECKERS

if TYPE_CHECKING:
    from .expectations import Case, Line

_TABLE = re.compile(r"(?<=<!-- table -->\n).*?(?=<!-- end -->)", re.DOTALL)


def with_table(page: str, cases: list[Case]) -> str:
    """
    Return *page* with the table for *cases*.
    """
    if not _TABLE.search(page):
        raise ValueError("the page has no place for the table")
    return _TABLE.sub(lambda _: f"\n{_table(cases)}\n", page)


def _table(cases: list[Case]) -> str:
    lines = [
        "| " + " | ".join(["", *(checker.title for checker in CHECKERS)]) + " |",
        "|---|" + ":-:|" * len(CHECKERS),
    ]
    for case in cases:
        lines.append(f"| **{case.title}** |" + " |" * len(CHECKERS))
        for row in case.rows:
            of_row = [line for line in case.lines if line.row == row]
            cells = (_cell(of_row, checker.name) for checker in CHECKERS)
            lines.append(f"| {row} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(lines: list[Line], checker: str) -> str:
    errors = [line for line in lines if line.is_error]
    missed = sum(checker in line.deviating for line in errors)
    flagged = sum(checker in line.deviating for line in lines if not line.is_error)
    said = []
    if missed:
        said.append("misses" if missed == len(errors) else f"misses {missed} of {len(errors)}")
    if flagged:
        said.append(f"**flags {flagged}**")
    return ", ".join(said) or "✓"
