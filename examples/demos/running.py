"""
Common parts of the steps: run programs, and compare errors with marks.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

EXAMPLES = Path(__file__).resolve().parent.parent


def title(text: str) -> None:
    print(f"\n=== {text}\n", flush=True)


def run(
    *arguments: str, folder: Path = EXAMPLES, **environment: str
) -> subprocess.CompletedProcess[str]:
    """
    Run ``python`` with *arguments* in *folder*, and print its output.
    """
    print("$ python", *arguments, flush=True)
    result = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    print(result.stdout, end="", flush=True)
    return result


def mypy_finds_what_is_marked(
    name: str, folder: Path = EXAMPLES, options: Sequence[str] = ()
) -> str | None:
    """
    Run mypy on the file or package *name*, and compare its errors with the marks ``# E:``.
    """
    result = run("-m", "mypy", "--no-color-output", *options, name, folder=folder)
    print(result.stderr, end="")
    reported = set(re.findall(r"^(.+?:\d+): error:", result.stdout, re.MULTILINE))
    marked = {place for place, line in lines_of(name, folder).items() if "  # E: " in line}
    if missed := sorted(marked - reported):
        return f"mypy misses the mistakes in {', '.join(missed)}"
    if unmarked := sorted(reported - marked):
        return f"mypy reports errors in correct lines: {', '.join(unmarked)}"
    print(f"\nEach of the {len(marked)} lines marked `# E:` is reported, and no others.")
    return None


def lines_of(name: str, folder: Path) -> dict[str, str]:
    """
    Return the lines of the file or package *name*, each by its place, ``file:line``.
    """
    return {
        f"{file.relative_to(folder)}:{number}": line
        for file in sorted(folder.glob(name if name.endswith(".py") else f"{name}/*.py"))
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1)
    }
