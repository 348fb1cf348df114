"""
Run type checkers, and find the lines of their errors.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

BIN = Path(sysconfig.get_path("scripts"))
_LOCATION = r"(?P<path>[^\s:]+\.py):(?P<line>\d+)"


class Checker(NamedTuple):
    """
    A type checker with few settings, as in a typical project.
    """

    name: str
    """What it is called in the cases."""

    title: str
    """What it is called in the docs."""

    package: str

    arguments: list[str]

    error: str = rf"{_LOCATION}:(\d+:)* error"

    settings: tuple[str, str] | None = None
    """The name of its configuration file, and what is in there."""

    like: str = ""
    """The name of another one: what the cases say of that holds for this one, too."""

    @property
    def version(self) -> str:
        """
        The installed release.
        """
        return version(self.package)


# Also check the inferred types of receivers without annotations.
_MYPY = ["--no-error-summary", "--show-traceback", "--cache-dir", os.devnull, "--config-file"]
# Do not report receivers without annotations, as strict settings would.
_STRICT = """\
strict = true

[mypy-sends,receivers,decorators,typed_dicts,untyped,on_django,in_background,open_typed_dict]
disallow_untyped_defs = false
disallow_incomplete_defs = false
"""
_PYRIGHT_ERROR = rf"{_LOCATION}:\d+ - error"

CHECKERS = [
    Checker(
        "plugin",
        "mypy with our plugin",
        "mypy",
        ["mypy", *_MYPY, "plugin.ini"],
        settings=(
            "plugin.ini",
            "[mypy]\nplugins = typed_signals.mypy\ncheck_untyped_defs = true\n",
        ),
    ),
    Checker(
        "strict_plugin",
        "mypy `--strict` with our plugin",
        "mypy",
        ["mypy", *_MYPY, "strict_plugin.ini"],
        settings=("strict_plugin.ini", f"[mypy]\nplugins = typed_signals.mypy\n{_STRICT}"),
        like="plugin",
    ),
    Checker(
        "mypy",
        "mypy",
        "mypy",
        ["mypy", *_MYPY, "mypy.ini"],
        settings=("mypy.ini", "[mypy]\ncheck_untyped_defs = true\n"),
    ),
    Checker(
        "strict",
        "mypy `--strict`",
        "mypy",
        ["mypy", *_MYPY, "strict.ini"],
        settings=("strict.ini", f"[mypy]\n{_STRICT}"),
        like="mypy",
    ),
    Checker(
        "pyright",
        "pyright",
        "pyright",
        ["pyright", "--pythonpath", sys.executable],
        _PYRIGHT_ERROR,
    ),
    Checker(
        "basedpyright",
        "basedpyright",
        "basedpyright",
        ["basedpyright", "--level", "error", "--pythonpath", sys.executable],
        _PYRIGHT_ERROR,
    ),
    Checker(
        "ty",
        "ty",
        "ty",
        ["ty", "check", "--output-format", "concise", "--python", sys.executable],
    ),
    Checker(
        "pyrefly",
        "pyrefly",
        "pyrefly",
        [
            *("pyrefly", "check", "--output-format", "min-text", "--config", "pyrefly.toml"),
            *("--python-interpreter-path", sys.executable),
        ],
        rf"ERROR {_LOCATION}",
        # Without one, it would report few errors.
        ("pyrefly.toml", 'preset = "default"\n'),
    ),
    Checker(
        "zuban",
        "zuban",
        "zuban",
        ["zuban", "check", "--python-executable", sys.executable],
    ),
]


class Report(NamedTuple):
    """
    The output of a type checker.
    """

    lines: dict[str, set[int]]
    """Where it reports errors, by file name."""

    output: str

    def at(self, file: str, line: int) -> str:
        """
        Return the output for a line.
        """
        said = [text for text in self.output.splitlines() if f"{file}:{line}:" in text]
        return said[0].strip() if said else ""


def check(files: list[Path]) -> dict[str, Report]:
    """
    Return the output of each type checker for *files*, in their own folder.
    """
    with TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        for file in files:
            shutil.copy(file, folder)
        for checker in CHECKERS:
            if checker.settings is not None:
                name, text = checker.settings
                Path(folder, name).write_text(text, "utf-8")
        names = sorted(file.name for file in files)
        reports = pool.map(lambda checker: _run(checker, Path(folder), names), CHECKERS)
        return dict(zip((checker.name for checker in CHECKERS), reports, strict=True))


def _run(checker: Checker, folder: Path, names: list[str]) -> Report:
    program, *arguments = checker.arguments
    done = subprocess.run(
        [str(BIN / program), *arguments, *names],
        cwd=folder,
        env={**os.environ, "TYPED_SIGNALS_RAISE": "1"},  # errors in the plugin are not results
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    lines: dict[str, set[int]] = {name: set() for name in names}
    for found in re.finditer(rf"^\s*{checker.error}", done.stdout, re.MULTILINE):
        lines[Path(found["path"]).name].add(int(found["line"]))
    if done.returncode not in (0, 1) or not any(lines.values()):
        raise RuntimeError(f"{checker.title} failed:\n{done.stdout}\n{done.stderr}")
    return Report(lines, done.stdout)
