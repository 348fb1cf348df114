"""
The results as text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .results import shown

if TYPE_CHECKING:
    from .results import Result, Row

LINE = "  {:<34}{:>9}  {:<16}{:<26}{}"


def table(result: Result) -> str:
    """
    Return the lines of one case.
    """
    lines = [result.case.name, *(_line(row, result.case.unit) for row in result.rows())]
    return "\n".join(line.rstrip() for line in lines)


def summary(results: list[Result]) -> str:
    """
    Return the number of met targets, and the missed ones.
    """
    judged = [
        (result.case, row) for result in results for row in result.rows() if row.met is not None
    ]
    missed = [
        f"  {case.name}: {_compared(row, case.unit) or shown(row.value, case.unit)}, "
        f"target {row.target} ({row.contender})"
        for case, row in judged
        if not row.met
    ]
    lines = [f"{len(judged) - len(missed)} of {len(judged)} targets are met."]
    if missed:
        lines += ["Not met:", *missed]
    return "\n".join(lines)


def _line(row: Row, unit: str) -> str:
    met = {None: "", True: "met", False: "NOT met"}[row.met]
    return LINE.format(row.contender, shown(row.value, unit), _compared(row, unit), row.target, met)


def _compared(row: Row, unit: str) -> str:
    """
    Return the comparison of the first contender with the one of *row*.
    """
    if row.ratio is None:
        return ""
    if row.ratio >= 0.995:
        return f"{row.ratio:.2f} x"
    return f"{1 / row.ratio:.2f} x {'less' if unit == 'byte' else 'faster'}"
