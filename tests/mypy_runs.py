"""
Running mypy.
"""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from mypy import api
from mypy.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

# mypy 1 keeps everything that it has read, and the collector soon needs more time for this than
# mypy needs for a run.
_IS_FORGETFUL: Final = not __version__.startswith("1.")


def run_mypy(arguments: list[str]) -> tuple[str, str, int]:
    """
    Return mypy's output, the problems that stopped it, and its exit status.
    """
    if _IS_FORGETFUL:
        return api.run(arguments)
    # Not with -m, because then mypy treats the current folder as one with installed packages.
    start = "from mypy.__main__ import console_entry; console_entry()"
    command = [sys.executable, "-c", start, *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    return ended.stdout, ended.stderr, ended.returncode


def run_configured(config: Path, *arguments: str) -> tuple[str, str]:
    """
    Return mypy's output, and the problems that stopped it.

    The imported modules are read once for all runs with the same configuration: for most runs, this
    would take longer than the programs.
    """
    cache = _cache(config.read_text("utf-8")).name
    options = ["--config-file", str(config), "--cache-dir", cache]
    output, problems, _ = run_mypy([*options, "--no-error-summary", "--show-traceback", *arguments])
    return output, problems


@functools.cache
def _cache(configuration: str) -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="mypy-")
