"""
What would stop the commands is left out, with one line.
"""

from __future__ import annotations

import sys
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING

from typed_signals.cli.project import find, find_project, runs

from .commands import write_project

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_settings_that_hang_are_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    context = SimpleNamespace(initialize_django=lambda _: time.sleep(600))
    monkeypatch.setitem(sys.modules, "mypy_django_plugin.django.context", context)
    monkeypatch.setattr(runs, "_MOST_SECONDS", 0.01)
    run = SimpleNamespace(part=SimpleNamespace(settings="slow"))
    problem = runs.MypyRuns._problem_of_django(run)  # type: ignore[arg-type]
    assert problem == (
        "the settings slow cannot be loaded: TimeoutError: not loaded after 0.01 seconds"
    )


def test_file_names_that_are_not_utf8_are_left_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shop = write_project(tmp_path, {"mypy.ini": "[mypy]\n", "shop.py": ""}) / "shop.py"
    # Not every file system has such names.
    monkeypatch.setattr(find, "_files_in", lambda _: [shop, tmp_path / "caf\udce9.py"])
    project = find_project([tmp_path])
    assert project.parts[0].files == {"shop": shop}
    (remark,) = project.remarks
    assert remark.startswith("not checked: ")
    assert remark.endswith("caf\\udce9.py', because its name is not UTF-8")
