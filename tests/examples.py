"""
Run the examples, and find their marked mistakes.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import typed_signals

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


def run_python(
    *arguments: str, folder: Path = EXAMPLES, **environment: str
) -> subprocess.CompletedProcess[str]:
    """
    Run Python in *folder*, with warnings as errors.
    """
    command = [sys.executable, "-W", "error", *arguments]
    path = str(Path(typed_signals.__file__).parent.parent)
    environment = {**os.environ, "PYTHONPATH": path, **environment}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def reported_lines(output: str) -> set[str]:
    """
    Return the places of the errors in mypy's output, each as ``file:line``.
    """
    return set(re.findall(r"^(.+?:\d+): error:", output, re.MULTILINE))


def marked_lines(name: str, mark: str, folder: Path = EXAMPLES) -> dict[str, str]:
    """
    Return the text after *mark* in the file or package *name*, by place, ``file:line``.
    """
    return {
        f"{file.relative_to(folder)}:{number}": line.partition(mark)[2]
        for file in folder.glob(name if name.endswith(".py") else f"{name}/**/*.py")
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1)
        if mark in line
    }
