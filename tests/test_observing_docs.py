"""
The code blocks of the page about observing have the documented output.
"""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from .markdown import errors_of_mypy, read_blocks

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.pages

BLOCKS = read_blocks("docs/reference/observing.md")
BEGINNING = BLOCKS[0].text
EXAMPLES = [
    (block.text, output.text)
    for block, output in pairwise(BLOCKS)
    if (block.language, output.language) == ("python", "text")
]


@pytest.mark.parametrize("number", range(3))
def test_example_has_the_documented_output(number: int, tmp_path: Path) -> None:
    program, output = EXAMPLES[number]
    beginning, expected = ("", output) if number == 0 else (BEGINNING, EXAMPLES[0][1] + output)
    (tmp_path / "shop.py").write_text(f"{beginning}\n\n{program}", "utf-8")
    command = [sys.executable, "-W", "error", "-c", "import shop"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, expected)


def test_mypy_accepts_the_examples(tmp_path: Path) -> None:
    (tmp_path / "mypy.ini").write_text(
        "[mypy]\nplugins = typed_signals.mypy\nstrict = true\n", "utf-8"
    )
    for number, (program, _) in enumerate(EXAMPLES):
        beginning = "" if number == 0 else BEGINNING
        (tmp_path / f"example_{number}.py").write_text(f"{beginning}\n\n{program}", "utf-8")
    assert errors_of_mypy(tmp_path) == []
