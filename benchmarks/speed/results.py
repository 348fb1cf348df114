"""
The measurements of one case in the format of pyperf: a run for each process.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pyperf

if TYPE_CHECKING:
    from .case import Case, Values


class Row(NamedTuple):
    """
    A line of the table: the first contender of a case and another one, or only the first.

    Attributes:
        contender: the other one.
        value: the best measurement of the other one.
        ratio: how many times that the first one takes; None in the row of the first one.
        target: the target in words, if there is one.
        met: whether it is met, if there is one.
    """

    contender: str
    value: float
    ratio: float | None
    target: str
    met: bool | None


class Result:
    """
    The values of the contenders of one case.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self._processes: list[dict[str, Values]] = []

    def add(self, values: dict[str, Values]) -> None:
        """
        Add the values that one process measured.
        """
        self._processes.append(values)

    @property
    def contenders(self) -> list[str]:
        """
        Their names, in the order of the case.
        """
        return list(self._processes[0])

    def rows(self) -> list[Row]:
        """
        Compare the first contender with all the others.
        """
        first, *others = self.contenders
        best = self._best(first)
        ceiling = self.case.ceiling
        if ceiling is None:
            rows = [Row(first, best, None, "", None)]
        else:
            target = f"at most {shown(ceiling, self.case.unit)}"
            rows = [Row(first, best, None, target, best <= ceiling)]
        for other in others:
            ratio = self.ratio(first, other)
            limit = self.case.limits.get(other)
            met = None if limit is None else limit.is_met(ratio)
            rows.append(Row(other, self._best(other), ratio, str(limit or ""), met))
        return rows

    def ratio(self, one: str, other: str) -> float:
        """
        Return the ratio of *one* to *other*, with the best value of each.
        """
        return self._best(one) / self._best(other)

    def _best(self, contender: str) -> float:
        return min(min(values[contender].values) for values in self._processes)

    def benchmarks(self) -> list[pyperf.Benchmark]:
        """
        Return all values in pyperf's format, without 0, which it does not allow.
        """
        if not self.case.unit:
            return []
        return [
            pyperf.Benchmark(
                [self._run(contender, values[contender]) for values in self._processes]
            )
            for contender in self.contenders
            if self._best(contender)
        ]

    def _run(self, contender: str, values: Values) -> Any:
        metadata = {
            **machine(),
            "name": f"{self.case.name}: {contender}",
            "unit": self.case.unit,
            "loops": values.loops,
        }
        return pyperf.Run(values.values, metadata=metadata, collect_metadata=False)


@cache
def machine() -> dict[str, Any]:
    """
    Return pyperf's metadata of this machine and this Python.
    """
    metadata: dict[str, Any] = pyperf.Run([1.0]).get_metadata()
    return metadata


def shown(value: float, unit: str) -> str:
    """
    Return *value* as text.
    """
    if unit == "byte":
        return f"{value:,.0f} B"
    if unit != "second":
        return f"{value:,.0f}"
    for factor, name in ((1e9, "ns"), (1e6, "us"), (1e3, "ms")):
        if value * factor < 1000:
            return f"{value * factor:.3g} {name}"
    return f"{value:.3g} s"
