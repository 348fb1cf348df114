"""
Declare the signals of public projects in their code, and run their tests before and after.

    python -m primer.declaring                      all projects in declared.toml
    python -m primer.declaring --only django-axes   only this one

The command fails if other tests fail than before, if `typed-signals check` reports something, or if
the figures differ from those in declared.toml.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from .projects import read_projects
from .sources import Cache

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE: Final = Path(__file__).resolve().parent
_FIGURES: Final = ("keys", "read", "recorded", "declared", "left", "failed")
_COMMON: Final = ("django<6", "pytest", "pytest-django")
_RECORD: Final = "signals.jsonl"


class Checkout:
    """
    A copy of a project, and a Python with what its tests need.
    """

    def __init__(self, folder: Path, source: Path, requires: Sequence[str]) -> None:
        self._code = folder / "code"
        shutil.copytree(source, self._code)
        venv.create(folder / "python", with_pip=True)
        self._python = folder / "python" / ("Scripts" if os.name == "nt" else "bin") / "python"
        ours = f"{HERE.parent}[check,django]"
        command = ["-m", "pip", "install", "-qq", *_COMMON, *requires, "django-stubs", "-e", ours]
        subprocess.run([str(self._python), *command], check=True)

    def run(self, *arguments: str) -> str:
        """
        Return what Python prints with *arguments*.
        """
        ended = subprocess.run(
            [str(self._python), *arguments],
            cwd=self._code,
            env={**os.environ, "PYTHONPATH": str(self._code), "VIRTUAL_ENV": ""},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            text=True,
            encoding="utf-8",
        )
        return ended.stdout

    def command(self, *arguments: str) -> str:
        """
        Return what ``typed-signals`` prints.
        """
        return self.run("-m", "typed_signals", *arguments, "--python", str(self._python))


def figures_of(checkout: Checkout, project: dict[str, Any]) -> dict[str, int]:
    """
    Return the figures of a project, by their names in ``declared.toml``.
    """
    before = _failed(checkout.run(*project["record"]))
    read, keys = _typed(checkout.command("infer", *project["infer"]))
    options = [*project["infer"], "--record", _RECORD]
    recorded, _ = _typed(checkout.command("infer", *options))
    written = checkout.command("infer", *options, "--write")
    print(written)
    declared, left = _numbers(r"(\d+) signals? (?:is|are) declared, (\d+) left", written)
    found = checkout.command("check", *project["infer"])
    print(found)
    after = _failed(checkout.run(*project["test"]))
    failed = after if after == before else -1
    named = zip(_FIGURES, (keys, read, recorded, declared, left, failed), strict=True)
    return {**dict(named), "errors": _numbers(r"errors: (\d+)", found)[0]}


def _typed(report: str) -> tuple[int, int]:
    typed, keys = _numbers(r"keys with a type: (\d+) of (\d+)", report)
    return typed, keys


def _failed(output: str) -> int:
    """
    Return how many tests failed, in the output of pytest or of unittest.
    """
    counts = re.findall(r"(\d+) (?:failed|error)|(?:failures|errors)=(\d+)", output)
    return sum(int(one or other) for one, other in counts)


def _numbers(pattern: str, text: str) -> tuple[int, ...]:
    found = re.search(pattern, text)
    count = re.compile(pattern).groups
    return tuple(map(int, found.groups())) if found else (0,) * count


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Return 0 if all figures are as expected.
    """
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", metavar="NAME", nargs="+", default=(), help="these projects")
    only = parser.parse_args(arguments).only
    expected = tomllib.loads((HERE / "declared.toml").read_text("utf-8"))
    pinned = {project.name: project for project in read_projects(HERE / "projects.toml")}
    cache = Cache(Path(os.environ.get("PRIMER_CACHE") or HERE.parent / ".primer"))
    is_wrong = False
    for name, project in expected.items():
        if only and name not in only:
            continue
        with TemporaryDirectory() as folder:
            source = cache.source(pinned[name], print)
            checkout = Checkout(Path(folder), source, project["requires"])
            figures = figures_of(checkout, project)
        wanted = {**{figure: project[figure] for figure in _FIGURES}, "errors": 0}
        print(f"{name}: {figures}")
        if figures != wanted:
            print(f"{name}: expected {wanted}")
            is_wrong = True
    return int(is_wrong)


if __name__ == "__main__":
    sys.exit(main())
