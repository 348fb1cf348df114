"""
What commands show is what the page shows, and the fixes end it.
"""

from __future__ import annotations

import io
import re
import shlex
import sys
import venv
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from tests.markdown import read_blocks
from typed_signals.cli import main as command_line
from typed_signals.cli.check import command
from typed_signals.cli.check.found import Outcome
from typed_signals.record.__main__ import main as record

from .examples import Example, comparable, examples_of

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.any_python

PAGE: Final = "docs/troubleshooting/commands.md"
EXAMPLES: Final = [
    each
    for each in examples_of(PAGE)
    if each.chapter != "manage.py" and each.path != "requirements.txt"
]

_FILE: Final = re.compile(r"^# (\S+\.\w+|in the shell)\n", re.MULTILINE)
_BEGINNING: Final = "".join(b.text for b in read_blocks(PAGE) if b.language == "python")


@pytest.fixture
def project() -> Iterator[Path]:
    """
    The folder of the project, with an environment that has no packages.
    """
    with TemporaryDirectory() as name, chdir(name), pytest.MonkeyPatch.context() as patch:
        folder = Path(name).resolve()
        patch.setenv("XDG_CACHE_HOME", str(folder / ".cache"))
        for variable in ("DJANGO_SETTINGS_MODULE", "PYTHONPATH"):
            patch.delenv(variable, raising=False)
        patch.syspath_prepend(folder)
        venv.create(folder / "venvs" / "empty")
        (folder / "venvs" / "shop").symlink_to(sys.prefix)
        (folder / "docs").mkdir()
        write(_BEGINNING)
        yield folder
        for module in [each for each in sys.modules if each.partition(".")[0] == "shop"]:
            del sys.modules[module]


def write(text: str) -> str:
    """
    Write the files in *text*, and return the commands after them.
    """
    commands, *parts = _FILE.split(text)
    for path, content in zip(parts[::2], parts[1::2], strict=True):
        if path == "in the shell":
            return content
        Path(path).parent.mkdir(exist_ok=True)
        Path(path).write_text(content, "utf-8")
    return commands


def run(example: Example, text: str) -> list[str]:
    commands = write(text)
    if example.path == "docs/index.rst":
        return build()
    found: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for line in commands.splitlines():
            program, *words = shlex.split(line)
            if program == "export":
                patch.setenv(*words[0].split("="))
            else:
                found += call(program, words)
    return found


def call(program: str, words: list[str]) -> list[str]:
    """
    Return what a command shows besides its result.
    """
    output = io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stderr(output),
        redirect_stdout(io.StringIO()),
    ):
        try:
            patch.setattr(command, "run_mypy", lambda *_: Outcome())  # which takes seconds
            if program == "python":
                record(words[2:])
            else:
                command_line.main(words)
        except SystemExit:
            pass
    place = f"{Path.cwd().as_posix()}/"
    return [line.replace(place, "") for line in output.getvalue().splitlines()]


def build() -> list[str]:
    """
    Return the warnings of a build of the documentation.
    """
    warning = io.StringIO()
    with docutils_namespace():
        app = Sphinx(
            "docs",
            None,
            "build",
            "build",
            "dummy",
            {"extensions": ["typed_signals.sphinx"]},
            status=None,
            warning=warning,
            freshenv=True,
        )
        app.build()
    shown = re.sub("\x1b.*?m", "", warning.getvalue())
    return [line.rpartition("docs/")[2] for line in shown.splitlines() if "/docs/" in line]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
@pytest.mark.usefixtures("project")
def test_entry(example: Example) -> None:
    assert comparable(run(example, example.before)) == comparable(example.shown)
    assert run(example, example.after) == []
