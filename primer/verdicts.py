"""
The changes by the plugin in a project, and whether they are approved.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .projects import Approval
    from .runs import Error, Run


@dataclass(frozen=True)
class Comparison:
    """
    The same code, checked without and with our plugin.
    """

    project: str
    without: Run
    with_ours: Run
    is_djangos: bool = False
    """Whether django-stubs' plugin was there in both."""

    @property
    def name(self) -> str:
        """
        The name of the comparison in the output.
        """
        return f"{self.project}, django-stubs" if self.is_djangos else self.project

    @cached_property
    def reports(self) -> list[Error]:
        """
        The errors with one of our codes.
        """
        return sorted(error for error in self.with_ours.errors.elements() if error.is_ours)

    @cached_property
    def appeared(self) -> list[Error]:
        """
        The errors with other codes that only the run with our plugin has.
        """
        more = self.with_ours.errors - self.without.errors
        return sorted(error for error in more.elements() if not error.is_ours)

    @cached_property
    def vanished(self) -> list[Error]:
        """
        The errors that only the run without our plugin has.
        """
        return sorted((self.without.errors - self.with_ours.errors).elements())

    @property
    def added(self) -> list[Error]:
        """
        All errors because of our plugin, including mypy's own errors for sends.
        """
        return [*self.reports, *self.appeared]

    def as_json(self) -> dict[str, Any]:
        """
        Return everything in JSON types.
        """
        return {
            "project": self.project,
            "django_stubs_plugin": self.is_djangos,
            "files": self.with_ours.files,
            "seconds": [self.without.seconds, self.with_ours.seconds],
            "memory": [self.without.memory, self.with_ours.memory],
            "reports": [error._asdict() for error in self.reports],
            "appeared": [error._asdict() for error in self.appeared],
            "vanished": [error._asdict() for error in self.vanished],
            "crashes": [self.without.crash, self.with_ours.crash],
        }


def failures(comparison: Comparison, approvals: Sequence[Approval]) -> list[str]:
    """
    Return the problem of a comparison, and how to fix it.
    """
    if comparison.without.crash:
        return [f"mypy cannot check it even without our plugin: {comparison.without.crash}"]
    if comparison.with_ours.crash:
        return [f"our plugin stops mypy: {comparison.with_ours.crash}"]
    _, unapproved = match(comparison.added, approvals)
    return [
        *(f"only without our plugin: {error}" for error in comparison.vanished),
        *(f"only with our plugin: {error}: if it is correct, approve it" for error in unapproved),
    ]


def match(
    reports: Iterable[Error], approvals: Iterable[Approval]
) -> tuple[list[Approval], list[Error]]:
    """
    Return the approvals for which there is no report, and the reports for which there is none.

    Each approves one report, so that a new report is detected.
    """
    # The longest first, because a shorter one may match the same report.
    left = sorted(approvals, key=lambda approval: -len(approval.message))
    unapproved = []
    for error in reports:
        for approval in left:
            is_there = (approval.file, approval.code) == (error.file, error.code)
            if is_there and approval.message in error.message:
                left.remove(approval)
                break
        else:
            unapproved.append(error)
    return left, unapproved


def gone(comparisons: Iterable[Comparison], approvals: Iterable[Approval]) -> list[Approval]:
    """
    Return the approvals for which none of the *comparisons*, all of one project, has a report.
    """
    left = list(approvals)
    for comparison in comparisons:
        left, _ = match(comparison.added, left)
    return left
