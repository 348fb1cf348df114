"""
The Python of a project: mypy reads the packages that are installed for it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from typed_signals.cli.exits import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENVIRONMENTS: Final = (".venv", "venv", "env", ".env")
_EXECUTABLES: Final = ("bin/python", "Scripts/python.exe", "python.exe")
_ASK: Final = (
    "import json, sys; print(json.dumps([sys.version_info[:2], [p for p in sys.path if p]]))"
)


class Interpreter(NamedTuple):
    """
    A Python executable.
    """

    path: str

    version: tuple[int, int]

    folders: tuple[str, ...]
    """Where it imports from."""

    source: str
    """Why this one: the option, the variable or the folder that names it."""

    def has(self, package: str) -> bool:
        """
        Return whether it can import *package*, or has its folder.
        """
        return any(
            Path(folder, package).is_dir() or Path(folder, f"{package}.py").is_file()
            for folder in self.folders
        )


def find_interpreter(root: Path, python: str | None) -> Interpreter:
    """
    Return the Python of the project in *root*.

    Args:
        root: the folder of the project.
        python: the executable, or the folder of a virtual environment; by default, the active
            environment, then ``.venv`` in *root* or above it, then the running Python.

    Raises:
        CommandError: *python* cannot be run.
    """
    if python is not None:
        given = Path(python)
        found = _ask(str(_executable_in(given) or given), f"--python {python}")
        if found is None:
            raise CommandError(
                f"--python {python} cannot be run: pass an executable, or the folder of a "
                f"virtual environment"
            )
        return found
    for folder, source in _candidates(root):
        executable = _executable_in(folder)
        if executable is not None and (found := _ask(str(executable), source)) is not None:
            return found
    return Interpreter(
        sys.executable, sys.version_info[:2], tuple(filter(None, sys.path)), "the running Python"
    )


def _candidates(root: Path) -> Iterator[tuple[Path, str]]:
    yield from _named("VIRTUAL_ENV")
    for folder in (root, *root.parents):
        for name in _ENVIRONMENTS:
            if (folder / name / "pyvenv.cfg").is_file():
                yield folder / name, str(folder / name)
        if is_repository(folder):
            break
    # Conda often has one that is always active.
    yield from _named("CONDA_PREFIX")


def _named(variable: str) -> Iterator[tuple[Path, str]]:
    """
    Yield the active environment, unless it is that of the command, as under pre-commit.
    """
    value = os.environ.get(variable)
    if value and Path(value).resolve() != Path(sys.prefix).resolve():
        yield Path(value), variable


def is_repository(folder: Path) -> bool:
    """
    Return whether *folder* is the top folder of a repository.
    """
    return (folder / ".git").exists() or (folder / ".hg").exists()


def _executable_in(folder: Path) -> Path | None:
    paths = (folder / name for name in _EXECUTABLES)
    return next((path for path in paths if path.is_file()), None)


def _ask(path: str, source: str) -> Interpreter | None:
    """
    Return the interpreter at *path*, unless it cannot be run.
    """
    try:
        # In another folder, whose modules are not imported.
        answer = subprocess.run(
            [path, "-c", _ASK], capture_output=True, check=True, cwd=Path(path).anchor or None
        )
        version, folders = json.loads(answer.stdout)
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None
    return Interpreter(path, (version[0], version[1]), tuple(folders), source)
