"""
The tables in the docs with the results of the type checkers.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from .checkers import FAMILIES
from .editor import REQUESTS, SERVERS

if TYPE_CHECKING:
    from .expectations import Case, Line

_PLACE = re.compile(r"(<!-- (figures|editors|table) -->\n).*?(?=<!-- end -->)", re.DOTALL)
_OF_FUNCTIONS = {"sends", "receivers", "decorators"}
_OF_TYPED_DICTS = {"typed_dicts"}


def with_tables(page: str, cases: list[Case]) -> str:
    """
    Return *page* with the tables for *cases*.
    """
    tables = {"figures": _figures(cases), "editors": _editors(), "table": _table(cases)}
    if sorted(place[2] for place in _PLACE.finditer(page)) != sorted(tables):
        raise ValueError(f"the page needs one place for each of these: {', '.join(tables)}")
    return _PLACE.sub(lambda place: f"{place[1]}\n{tables[place[2]]}\n", page)


def _figures(cases: list[Case]) -> str:
    """
    Return how many errors each type checker finds; settings with the same figures share a row.
    """
    of_functions = [
        line for case in cases if case.path.stem in _OF_FUNCTIONS for line in case.lines
    ]
    of_typed_dicts = [
        line for case in cases if case.path.stem in _OF_TYPED_DICTS for line in case.lines
    ]
    rows = [
        "| | Function | `Signal[S, K]()` | Wrong errors |",
        "|---|:-:|:-:|:-:|",
    ]
    for family in FAMILIES:
        settings: dict[str, list[str]] = {}
        for checker in family:
            flagged = sum(
                checker.name in line.deviating and not line.is_error
                for line in (*of_functions, *of_typed_dicts)
            )
            found = (_found(lines, checker.name) for lines in (of_functions, of_typed_dicts))
            settings.setdefault(" | ".join((*found, str(flagged))), []).append(checker.title)
        for figures, (title, *others) in settings.items():
            name = title if title == family[0].title else f"{family[0].title} {title}"
            rows.append(f"| {', also '.join((name, *others))} | {figures} |")
    return "\n".join(rows) + "\n"


def _found(lines: list[Line], checker: str) -> str:
    errors = [line for line in lines if line.is_error]
    return f"{sum(checker not in line.deviating for line in errors)} of {len(errors)}"


def _editors() -> str:
    """
    Return which language servers show what they are asked for.
    """
    rows = ["| | |", "|---|---|"]
    for row, asked in groupby(REQUESTS, lambda request: request.row):
        missed_by = frozenset().union(*(request.missed_by for request in asked))
        names = [server for server in SERVERS if server not in missed_by]
        rows.append(f"| {row} | {', '.join(names) if missed_by else '✓'} |")
    return "\n".join(rows) + "\n"


def _table(cases: list[Case]) -> str:
    """
    Return the results for each row of the cases.
    """
    rows = ["| | |", "|---|---|"]
    for case in cases:
        rows.append(f"| **{case.title}** | |")
        for row in case.rows:
            lines = [line for line in case.lines if line.row == row]
            missed = _names([line for line in lines if line.is_error])
            flagged = _names([line for line in lines if not line.is_error])
            said = [f"missed by {missed}"] if missed else []
            said += [f"**wrong error** of {flagged}"] if flagged else []
            rows.append(f"| {row} | {'; '.join(said) or '✓'} |")
    return "\n".join(rows) + "\n"


def _names(lines: list[Line]) -> str:
    """
    Return who deviates in *lines*: with which settings, and in how many of them, unless in all.
    """
    names = []
    for family in FAMILIES:
        counts = {
            checker.title: sum(checker.name in line.deviating for line in lines)
            for checker in family
        }
        deviating = [title for title, count in counts.items() if count]
        if not deviating:
            continue
        name = family[0].title
        if len(deviating) < len(family):
            has = " and ".join(deviating).replace(name, "default settings")
            name += f" ({has})"
        most = max(counts.values())
        names.append(name if most == len(lines) else f"{name} ({most} of {len(lines)})")
    if len(names) == len(FAMILIES) - 1:
        return f"all except {FAMILIES[0][0].title}"
    return ", ".join(names)
