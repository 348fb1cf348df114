"""
The process in which mypy reads a project: how it starts and ends, and how it crashes.

It reads a job from stdin, and writes its results to stdout. Whatever mypy, its plugins and Django
settings print goes to stderr.
"""

from __future__ import annotations

import os
import pickle
import re
import sys
from typing import TYPE_CHECKING, Any, Final, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CRASH: Final = re.compile(r"(?m)^(?P<path>.+?):(?P<line>\d+): error: INTERNAL ERROR")
"""What mypy prints about the place where it crashes."""

_ERROR: Final = re.compile(r"[\w.]*(Error|Exception)\b")


def child_command(module: str) -> tuple[str, ...]:
    """
    Return the command that calls ``main()`` in *module*.
    """
    # With -P, so that a module of the project does not replace one of Python or mypy.
    return (sys.executable, "-P", "-c", f"from {module} import main; main()")


def work(do: Callable[[Any, TextIO], None]) -> None:
    """
    Do the job in stdin, and end this process.

    Args:
        do: called with the job, and with the file for the results.
    """
    # What the code of the project prints must not get among the results.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as results:
        os.dup2(2, 1)
        job = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
        do(job, results)
    sys.stderr.flush()
    # Freeing everything takes long.
    os._exit(0)


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
