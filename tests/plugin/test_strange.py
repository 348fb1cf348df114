"""
No program, however strange, makes the plugin fail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.mypy_runs import run_mypy

from .checking import check
from .strange import programs

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.any_python


def test_strange_programs_are_checked_completely(tmp_path: Path) -> None:
    output = check(tmp_path, programs(), run_mypy)
    assert "[signal-parameter]" in output
    silent = {name for name in programs() if f"{name}.py:" not in output}
    assert not silent  # all of them are wrong somewhere
