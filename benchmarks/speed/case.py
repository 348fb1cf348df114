"""
The parts of a benchmark: cases, each with contenders that are compared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

OURS = "typed-signals"
OURS_ON_DJANGO = "typed-signals on Django"


class Contender(NamedTuple):
    """
    One implementation of a case.

    Attributes:
        name: its name in the table.
        statement: the measured Python code.
        names: the namespace of the statement.
        calls: the receivers that the statement calls, each with its arguments.
        before: what precedes the statement each time, and is not timed.
        after: what follows the statement each time, and is not timed.
        sends: how often the statement does what is measured.
    """

    name: str
    statement: str
    names: Mapping[str, Any]
    calls: Sequence[tuple[Callable[..., Any], Mapping[str, Any]]] = ()
    before: str = ""
    after: str = ""
    sends: int = 1


class Values(NamedTuple):
    """
    The measurements of one contender.

    Attributes:
        values: each for one send, connection or the like.
        loops: over how many of these each value is a mean.
    """

    values: list[float]
    loops: int = 1


class Limit(NamedTuple):
    """
    The target of the first contender of a case, as a multiple of another one.
    """

    ratio: float

    def is_met(self, ratio: float) -> bool:
        """
        Return whether *ratio* is within the limit, rounded to two decimals.
        """
        if self.ratio >= 1:
            return round(ratio, 2) <= self.ratio
        return round(1 / ratio, 2) >= round(1 / self.ratio, 2)

    def __str__(self) -> str:
        if self.ratio >= 1:
            return f"at most {self.ratio:.4g} x"
        return f"at least {1 / self.ratio:.4g} x faster"


def at_most(ratio: float) -> Limit:
    """
    Return the limit for "at most *ratio* times what the other one takes".
    """
    return Limit(ratio)


def at_least_faster(factor: float) -> Limit:
    """
    Return the limit for "at least *factor* times faster than the other one".
    """
    return Limit(1 / factor)


@dataclass(frozen=True, kw_only=True)
class Case:
    """
    One comparison: the first contender is compared with each of the others.

    Attributes:
        group: its name for ``--only``.
        name: what is measured.
        measure: takes the number of rounds, returns the measurements of each contender.
        limits: the targets, by the contender that is compared with.
        ceiling: the target of the first contender by itself, if there is one.
        unit: of the values and of the ceiling: "second", "byte", or "" for a number of things.
        exact: whether the values are the same each time, so that measuring once is enough.
    """

    group: str
    name: str
    measure: Callable[[int], dict[str, Values]]
    limits: Mapping[str, Limit] = field(default_factory=dict)
    ceiling: float | None = None
    unit: str = "second"
    exact: bool = False
