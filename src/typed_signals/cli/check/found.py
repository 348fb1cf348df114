"""
What a check finds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, order=True)
class Problem:
    """
    An error of the plugin.
    """

    path: Path
    """Absolute."""

    line: int
    column: int
    """From 1, in characters."""

    code: str
    message: str
    source: str = ""
    """The line of code, without the spaces around it."""


class Call(NamedTuple):
    """
    What creates a signal, sends it or connects a receiver to it.
    """

    kind: str
    """``signal``, ``send`` or ``receiver``."""

    path: Path
    line: int
    column: int
    signal: str
    """Its full name, or its name in the code."""

    unjudged: str
    """Why it could not be judged; empty if it was."""


@dataclass
class Outcome:
    """
    The result of the mypy runs.
    """

    problems: set[Problem] = field(default_factory=set)
    calls: set[Call] = field(default_factory=set)
    files: set[Path] = field(default_factory=set)
    """Those that mypy has checked."""

    unread: dict[Path, str] = field(default_factory=dict)
    """Those that it cannot read: the line if it is known, and why."""

    remarks: list[str] = field(default_factory=list)
    """What else was left out, and why."""
