"""
What to say when mypy crashes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

CRASH: Final = re.compile(r"(?m)^(?P<path>.+?):(?P<line>\d+): error: INTERNAL ERROR")
"""What mypy prints about the place where it crashes."""

_ERROR: Final = re.compile(r"[\w.]*(Error|Exception)\b")


def crash_message(printed: str, cache: Path) -> str:
    """
    Return what to say about a crash; the rest is in a file in *cache*.
    """
    log = cache / "crash.txt"
    log.write_text(printed, "utf-8")
    lines = [line for line in printed.splitlines() if line.strip()]
    errors = [line for line in lines if _ERROR.match(line)]
    what = (errors or lines or ["without a message"])[-1]
    place = CRASH.search(printed)
    where = f" at {place['path']}:{place['line']}" if place else ""
    return f"mypy crashed{where}: {what} (all it printed is in {log})"
