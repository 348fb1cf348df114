"""
The results of the checks, and the function that reports them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy.errorcodes import ErrorCode
    from mypy.nodes import Context
    from mypy.plugin import CheckerPluginInterface, SemanticAnalyzerPluginInterface


class Reason(NamedTuple):
    """
    An error of a receiver.
    """

    code: ErrorCode
    text: str


class Complaint(NamedTuple):
    """
    An error to report.
    """

    code: ErrorCode
    text: str
    place: Context


def report(
    api: CheckerPluginInterface | SemanticAnalyzerPluginInterface, complaints: Iterable[Complaint]
) -> None:
    """
    Report *complaints* as mypy's errors.
    """
    for complaint in complaints:
        api.fail(complaint.text, complaint.place, code=complaint.code)
