"""
The code blocks of the documentation, and their check by mypy.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from .mypy_runs import run_configured

ROOT = Path(__file__).parent.parent

_HEADING_OR_BLOCK = re.compile(r"^#+ ([^\n]+)$|^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """
    A code block.
    """

    section: str
    """The heading above it."""

    language: str

    text: str


def read_blocks(page: str) -> list[Block]:
    """
    Return the code blocks of *page*, a path in the repository.
    """
    blocks = []
    section = ""
    for match in _HEADING_OR_BLOCK.finditer((ROOT / page).read_text("utf-8")):
        heading, language, text = match.groups()
        if heading:
            section = heading
        else:
            blocks.append(Block(section, language, text))
    return blocks


def errors_of_mypy(folder: Path, *options: str) -> list[str]:
    """
    Return the errors in the programs in *folder*, with relative paths.

    The configuration is the ``mypy.ini`` in that folder. Notes differ by version of mypy.
    """
    programs = sorted(map(str, folder.glob("*.py")))
    output, problems = run_configured(folder / "mypy.ini", *options, *programs)
    assert not problems
    lines = output.replace(f"{folder}/", "").splitlines()
    return [line for line in lines if ": note: " not in line]
