"""
The process that reads a project: how it starts and ends.

It reads a job from stdin, and writes its results to stdout. Whatever the code of the project, mypy
and its plugins print goes to stderr.
"""

from __future__ import annotations

import os
import pickle
import sys
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable


def child_command(module: str, python: str = sys.executable) -> tuple[str, ...]:
    """
    Return the command that calls ``main()`` in *module*.

    Args:
        module: the module.
        python: the executable that runs it.
    """
    # With -P, so that a module of the project does not replace one of Python or mypy.
    return (python, "-P", "-c", f"from {module} import main; main()")


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
