"""
The page about existing projects, followed from its first state to its last.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.markdown import read_blocks

if TYPE_CHECKING:
    from pathlib import Path

PYTEST = ["-m", "pytest", "-p", "no:django", "-p", "no:asyncio", "-p", "no:cacheprovider"]
AS_WRITTEN = ", as written"


def run(command: str, folder: Path) -> str:
    """
    Return what *command* prints in *folder*.
    """
    program, *arguments = command.split()
    if program == "rm":
        shutil.rmtree(folder / arguments[-1])
        return ""
    start = PYTEST if program == "pytest" else ["-m", "typed_signals"]
    ended = subprocess.run(
        [sys.executable, *start, *arguments],
        cwd=folder,
        env={**os.environ, "XDG_CACHE_HOME": str(folder / ".cache"), "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        text=True,
        encoding="utf-8",
    )
    if program == "pytest":
        return f"{ended.stdout.splitlines()[-1].partition(' in ')[0]}\n"
    return ended.stdout


@pytest.mark.any_python
def test_page_about_existing_projects_is_true(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    for block in read_blocks("docs/tutorial/old-project.md"):
        if block.language in ("python", "pyi", "ini"):
            first, _, text = block.text.partition("\n")
            name = first.removeprefix("# ")
            path = tmp_path / name.removesuffix(AS_WRITTEN)
            if name.endswith(AS_WRITTEN):
                assert path.read_text("utf-8") == text
            else:
                path.write_text(text, "utf-8")
        elif block.language == "console":
            for step in block.text.removeprefix("$ ").split("\n$ "):
                command, _, shown = step.rstrip("\n").partition("\n")
                assert run(command, tmp_path).rstrip("\n") == shown, command
