"""
A package that has no types, and whose signals are declared: what is checked of its users.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

from tests.mypy_runs import CONFIG, run_in_a_process

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.any_python

USER: Final = """\
from django.dispatch import receiver
from easy_thumbnails.signals import saved_file

@receiver(saved_file)
def decorated(sender, planted, **kwargs): ...

def connected(sender, planted, **kwargs): ...

saved_file.connect(connected)
saved_file.send(sender=None, planted=1)

@receiver(saved_file)
def right(sender, fieldfile, **kwargs): ...
"""
DECORATED: Final = (5, "signal-parameter")
OTHERS: Final = [(9, "signal-parameter"), (10, "signal-send")]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """
    Return a folder with a module, beside a Python with that package.
    """
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    installed = f"python/lib/{version}/site-packages"
    files = {
        "python/pyvenv.cfg": "",
        f"{installed}/django/__init__.py": "",
        f"{installed}/easy_thumbnails/__init__.py": "",
        f"{installed}/easy_thumbnails/signals.py": (
            "from django.dispatch import Signal\nfrom .fields import Field\nsaved_file = Signal()\n"
        ),
        f"{installed}/easy_thumbnails/fields.py": "class Field: ...",
        "project/user.py": USER,
        "project/mypy.ini": f"{CONFIG}ignore_missing_imports = true\n",
        "project/reading.ini": (
            f"{CONFIG}[mypy-easy_thumbnails.signals]\nfollow_untyped_imports = true\n"
        ),
    }
    for name, text in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (tmp_path / "python/bin").mkdir()
    (tmp_path / "python/bin/python").symlink_to(sys.executable)
    monkeypatch.syspath_prepend(tmp_path / installed)
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path


def reported(output: str) -> list[tuple[int, str]]:
    """
    Return the line and the code of each error.
    """
    lines = (line for line in output.splitlines() if line.endswith("]"))
    return [(int(line.split(":")[1]), line.rpartition("[")[2].removesuffix("]")) for line in lines]


def test_mypy_checks_what_it_knows(project: Path) -> None:
    arguments = ["--no-error-summary", "user.py"]
    output, problems, _ = run_in_a_process(arguments)
    assert not problems
    assert reported(output) == [DECORATED]
    # If mypy reads the module with the signals, all is checked.
    output, problems, _ = run_in_a_process(["--config-file", "reading.ini", *arguments])
    assert not problems
    assert reported(output) == [DECORATED, *OTHERS]


def test_the_command_checks_all_without_a_set_up(project: Path) -> None:
    command = [sys.executable, "-m", "typed_signals", "check", "--python", str(project / "python")]
    ended = subprocess.run(
        [*command, "--cache-dir", str(project / "cache"), "user.py"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert not ended.stderr
    assert reported(ended.stdout) == [DECORATED, *OTHERS]
