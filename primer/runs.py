"""
A mypy run on a project.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

OURS: Final = "typed_signals.mypy"
DJANGOS: Final = "mypy_django_plugin.main"

_ERROR: Final = re.compile(r"(.+?):(\d+): error: (.*?)(?:  \[([a-z-]+)\])?")
_CHECKED: Final = re.compile(r"[(\s](?:checked|in) (\d+) source files?\)?$", re.MULTILINE)
# A package has many of them next to its modules.
_LEFT_OUT: Final = (
    r"(^|/)(tests?|testing|migrations|docs?|examples?)/",
    r"(^|/)(conftest|tests?|test_\w+|\w+_tests?)\.py$",
)


class Error(NamedTuple):
    """
    An error that mypy reports.
    """

    file: str
    line: int
    message: str
    code: str

    @property
    def is_ours(self) -> bool:
        """
        Whether its code is a sub-code of ``signal``, which only our plugin has.
        """
        return self.code == "signal" or self.code.startswith("signal-")

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}  [{self.code}]"


class Run(NamedTuple):
    """
    The result of a run.
    """

    errors: Counter[Error]
    files: int
    crash: str
    """The end of what mypy said, if it did not go through all files; otherwise empty."""

    seconds: float = 0
    """Of the processor."""

    memory: int = 0
    """The most that was used, as the operating system counts it: in KiB on Linux."""


class Code(NamedTuple):
    """
    The code that is checked.
    """

    root: Path
    check: Sequence[str]
    exclude: Sequence[str] = ()
    path: Sequence[Path] = ()
    """Where to import from, besides the root and what is installed."""

    settings: str | None = None
    """The Django settings to load, for django-stubs' plugin."""

    untyped: Sequence[Path] = ()
    """Where mypy also reads packages without types."""

    @property
    def excluded(self) -> str:
        """
        The regular expression of files that are not checked.
        """
        return "|".join((*_LEFT_OUT, *self.exclude))


def run(code: Code, plugins: Sequence[str]) -> Run:
    """
    Run mypy with *plugins*, with an empty cache and its own configuration.
    """
    with TemporaryDirectory() as name:
        config = Path(name, "mypy.ini")
        config.write_text(configuration(code, plugins), "utf-8")
        output = Path(name, "output.txt")
        # With -P, so that a module of the project does not replace one of Python or mypy.
        command = [sys.executable, "-P", "-m", "mypy", "--config-file", str(config)]
        command += ["--cache-dir", str(cache_for(config)), *code.check]
        with output.open("w", encoding="utf-8") as file:
            child = subprocess.Popen(
                command,
                cwd=code.root,
                env=environment_for(code.path),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
            # Like child.wait(), but with the resource usage of this child.
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        parsed = parse(output.read_text("utf-8", "replace"), child.returncode)
    return parsed._replace(seconds=usage.ru_utime + usage.ru_stime, memory=usage.ru_maxrss)


def cache_for(config: Path) -> Path:
    """
    Return the folder of mypy's cache, which is empty, as all projects are compared alike.
    """
    return config.with_name("cache")


def configuration(code: Code, plugins: Sequence[str]) -> str:
    """
    Return a configuration that is the same for every project.
    """
    lines = [
        "[mypy]",
        "check_untyped_defs = true",
        "ignore_missing_imports = true",
        "follow_imports = silent",
        "color_output = false",
        "pretty = false",
        "show_traceback = true",
        f"exclude = {code.excluded}",
    ]
    if plugins:
        lines.append(f"plugins = {', '.join(plugins)}")
    if code.untyped:
        lines.append(f"mypy_path = {os.pathsep.join(map(str, code.untyped))}")
    if code.settings:
        lines += ["[mypy.plugins.django-stubs]", f"django_settings_module = {code.settings}"]
    return "\n".join(lines) + "\n"


def environment_for(path: Sequence[Path]) -> dict[str, str]:
    """
    Return the environment of a run that imports from *path*, too.
    """
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("MYPY", "DJANGO_", "PYTHON"))
    }
    # Otherwise the order of some errors, and some inferred types, would be random.
    environment["PYTHONHASHSEED"] = "0"
    # Raise errors in our plugin, instead of notes.
    environment["TYPED_SIGNALS_RAISE"] = "1"
    environment["PYTHONPATH"] = os.pathsep.join(map(str, path))
    return environment


def parse(output: str, status: int) -> Run:
    """
    Return the result in mypy's *output* and exit *status*.
    """
    errors: Counter[Error] = Counter()
    for line in output.splitlines():
        if found := _ERROR.fullmatch(line):
            file, number, message, code = found.groups()
            errors[Error(file, int(number), message, code or "")] += 1
    checked = _CHECKED.search(output)
    is_whole = status in {0, 1} and checked is not None and "INTERNAL ERROR" not in output
    crash = "" if is_whole else f"exit status {status}\n{_end(output)}"
    return Run(errors, int(checked[1]) if checked else 0, crash)


def _end(output: str, lines: int = 12) -> str:
    return "\n".join(output.splitlines()[-lines:])
