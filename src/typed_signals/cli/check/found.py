"""
What a check finds.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Problem:
    """
    An error of the plugin.
    """

    path: str
    """Absolute."""

    line: int
    column: int
    """From 1."""

    code: str
    message: str


@dataclass(frozen=True, order=True)
class Seen:
    """
    A declaration, a send or a receiver in the code.
    """

    kind: str
    """``signal``, ``send`` or ``receiver``."""

    path: str
    line: int
    signal: str
    """Its name in the code."""

    unjudged: str = ""
    """Why it could not be judged; empty if it was."""


@dataclass
class Outcome:
    """
    The result of the mypy runs.
    """

    problems: list[Problem] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """What was left out, and why; one line each."""

    files: int = 0
    unread: list[str] = field(default_factory=list)
    """Files that mypy cannot read."""
