"""
Running mypy in this process.
"""

from __future__ import annotations

import functools
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from mypy import api

if TYPE_CHECKING:
    from pathlib import Path


def run_mypy(config: Path, *arguments: str) -> tuple[str, str]:
    """
    Return mypy's output, and the problems that kept it from checking anything.

    What programs import is read once for all runs with that configuration: for most of them, it
    would take longer than the programs do.
    """
    cache = _cache(config.read_text("utf-8")).name
    options = ("--config-file", str(config), "--cache-dir", cache)
    shown = ("--no-error-summary", "--show-traceback")
    output, problems, _ = api.run([*options, *shown, *arguments])
    return output, problems


@functools.cache
def _cache(configuration: str) -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="mypy-")
