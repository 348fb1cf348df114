"""
Run type checkers, and find the lines of their errors.
"""

from __future__ import annotations

import json
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
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

BIN = Path(sysconfig.get_path("scripts"))
_LOCATION = r"(?P<path>[^\s:]+\.py):(?P<line>\d+)"
_ERROR = rf"{_LOCATION}:(\d+:)* error"


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

    error: str = _ERROR
    """The start of a line of its output, as a regular expression."""

    settings: tuple[str, str] | None = None
    """The name of its configuration file, and what is in there."""

    like: str = ""
    """The name of another one: what the cases say of that holds for this one, too."""

    about_annotations: str = ""
    """
    What a strict setting says about missing annotations, as a regular expression. This is left out
    in programs that have receivers without annotations.
    """

    @property
    def version(self) -> str:
        """
        The installed release.
        """
        return version(self.package)


# All others have everything annotated.
_NOT_ANNOTATED = frozenset(
    f"{name}.py"
    for name in (
        *("sends", "receivers", "decorators", "closed", "typed_dicts", "untyped", "on_django"),
        *("open_typed_dict", "closed_typed_dict"),
    )
)
# In the programs that need Any, basedpyright may warn about it.
_WITH_ANY = _NOT_ANNOTATED | {"in_background.py", "captures.py", "mypy_extra_checks.py"}
_ABOUT_ANY = r"\[report(Any|ExplicitAny)\]"

# Also check the inferred types of receivers without annotations.
_MYPY = ["--no-error-summary", "--show-traceback", "--cache-dir", os.devnull]
_UNTYPED = r"\[no-untyped-def\]"
_UNKNOWN = r"\[report(MissingParameterType|Unknown\w+|UntypedFunctionDecorator|UnusedImport)\]"


def _mypy(name: str, title: str, *settings: str, like: str = "") -> Checker:
    text = "\n".join(("[mypy]", *settings, ""))
    arguments = ["mypy", *_MYPY]
    return Checker(name, title, "mypy", arguments, _ERROR, ("mypy.ini", text), like, _UNTYPED)


def _pyright(name: str, title: str, package: str, mode: str, *off: str, like: str = "") -> Checker:
    text = json.dumps({"typeCheckingMode": mode, **dict.fromkeys(off, False)})
    arguments = [package, "--outputjson", "--pythonpath", sys.executable]
    settings = ("pyrightconfig.json", text)
    return Checker(name, title, package, arguments, _ERROR, settings, like, _UNKNOWN)


def _ty(name: str, title: str, *options: str, like: str = "") -> Checker:
    arguments = ["ty", "check", "--output-format", "concise", "--python", sys.executable, *options]
    about = r"\[dynamic-function-decorator-return\]"
    return Checker(name, title, "ty", arguments, _ERROR, None, like, about)


def _pyrefly(name: str, title: str, preset: str, like: str = "") -> Checker:
    arguments = ["pyrefly", "check", "--output-format", "min-text", "--preset", preset]
    arguments += ["--python-interpreter-path", sys.executable]
    about = r"\[implicit-any-\w+\]"
    return Checker(name, title, "pyrefly", arguments, rf"ERROR {_LOCATION}", None, like, about)


def _zuban(name: str, title: str, *options: str, like: str = "") -> Checker:
    arguments = ["zuban", "check", "--python-executable", sys.executable, *options]
    return Checker(name, title, "zuban", arguments, _ERROR, None, like, _UNTYPED)


# The settings of each type checker, the default ones first.
FAMILIES = [
    [
        _mypy(
            *("plugin", "mypy with our plugin"),
            *("plugins = typed_signals.mypy", "check_untyped_defs = true"),
        ),
        _mypy(
            *("strict_plugin", "`--strict`"),
            *("plugins = typed_signals.mypy", "strict = true"),
            like="plugin",
        ),
    ],
    [
        _mypy("mypy", "mypy", "check_untyped_defs = true"),
        _mypy("strict_mypy", "`--strict`", "strict = true", like="mypy"),
    ],
    [
        _pyright("standard_pyright", "pyright", "pyright", "standard", like="pyright"),
        _pyright("pyright", "`strict`", "pyright", "strict"),
    ],
    [
        _pyright(
            *("basedpyright", "basedpyright", "basedpyright", "recommended"),
            # Receivers have parameters that they do not use, and responses need not be used.
            *("reportUnusedParameter", "reportUnusedCallResult"),
        ),
        _pyright(
            *("standard_basedpyright", "`standard`", "basedpyright", "standard"),
            like="basedpyright",
        ),
    ],
    [_ty("ty", "ty"), _ty("strict_ty", "all rules", "--error", "all", like="ty")],
    [
        # Without a preset or a configuration, it would report few errors.
        _pyrefly("pyrefly", "pyrefly", "default"),
        _pyrefly("strict_pyrefly", "`strict`", "strict", like="pyrefly"),
    ],
    [_zuban("zuban", "zuban"), _zuban("strict_zuban", "`--strict`", "--strict", like="zuban")],
]
CHECKERS = [checker for family in FAMILIES for checker in family]


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
    Return the output of each type checker for *files*, each in a folder of its own.
    """
    with ThreadPoolExecutor(2) as pool:
        reports = pool.map(lambda checker: _run(checker, files), CHECKERS)
        return dict(zip((checker.name for checker in CHECKERS), reports, strict=True))


def _run(checker: Checker, files: list[Path]) -> Report:
    with TemporaryDirectory() as folder:
        for file in files:
            shutil.copy(file, folder)
        if checker.settings is not None:
            name, text = checker.settings
            Path(folder, name).write_text(text, "utf-8")
        return _report(checker, Path(folder), sorted(file.name for file in files))


def _report(checker: Checker, folder: Path, names: list[str]) -> Report:
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
    output = _as_lines(done.stdout) if "--outputjson" in arguments else done.stdout
    for line in output.splitlines():
        if found := re.match(rf"\s*{checker.error}", line):
            name = Path(found["path"]).name
            if not any(re.search(about, line) for about in _left_out(checker, name)):
                lines[name].add(int(found["line"]))
    if done.returncode not in (0, 1) or not any(lines.values()):
        raise RuntimeError(f"{checker.name} failed:\n{done.stdout}\n{done.stderr}")
    return Report(lines, output)


def _left_out(checker: Checker, file: str) -> Iterator[str]:
    """
    Yield what does not count as an error in *file*, as regular expressions.
    """
    if file in _WITH_ANY:
        yield _ABOUT_ANY
    if file in _NOT_ANNOTATED and checker.about_annotations:
        yield checker.about_annotations


def _as_lines(output: str) -> str:
    """
    Return the errors and warnings in the JSON of pyright as lines.
    """
    return "".join(
        f"{said['file']}:{said['range']['start']['line'] + 1}: error: "
        f"{said['message'].splitlines()[0]} [{said.get('rule')}]\n"
        for said in json.loads(output)["generalDiagnostics"]
        if said["severity"] != "information"
    )
