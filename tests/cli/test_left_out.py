"""
What would stop the commands is left out, with one line.
"""

from __future__ import annotations

import sys
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from typed_signals.cli.exits import CommandError
from typed_signals.cli.project import find, find_project, runs

from .commands import write_project

if TYPE_CHECKING:
    from pathlib import Path


def test_settings_that_hang_are_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    context = SimpleNamespace(initialize_django=lambda _: time.sleep(600))
    monkeypatch.setitem(sys.modules, "mypy_django_plugin.django.context", context)
    monkeypatch.setattr(runs, "_MOST_SECONDS", 0.01)
    run = SimpleNamespace(part=SimpleNamespace(settings="slow"))
    problem = runs.MypyRuns._problem_of_django(run)  # type: ignore[arg-type]
    assert problem == (
        "the settings slow cannot be loaded: TimeoutError: not loaded after 0.01 seconds"
    )


def test_files_that_cannot_be_read_are_left_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_project(tmp_path, {"mypy.ini": "[mypy]\n", "shop.py": ""})
    (tmp_path / "gone.py").symlink_to(tmp_path / "nowhere.py")
    (tmp_path / ".#shop.py").symlink_to("somebody@somewhere:17")  # Emacs is editing it
    assert find_project([tmp_path / "shop.py"]).remarks == ()
    found = [*find._every_file_in(tmp_path)]
    # Not every file system has such names.
    odd = tmp_path / "caf\udce9.py"
    monkeypatch.setattr(find, "_every_file_in", lambda _: [*found, odd])
    project = find_project([tmp_path])
    assert project.parts[0].files == {"shop": tmp_path / "shop.py"}
    assert project.remarks == (
        f"not checked: {str(odd)!a}, because its name is not UTF-8",
        f"not checked: '{tmp_path}/gone.py', because it cannot be read: No such file or directory",
    )
    found.remove(tmp_path / "shop.py")
    with pytest.raises(CommandError, match=r"no Python files in .*; not checked: .*gone"):
        find_project([tmp_path])
