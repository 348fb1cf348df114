"""
Declare the signals of public projects, and run their tests before and after.

    python -m primer.declaring                      all projects in declared.toml
    python -m primer.declaring --only django-axes   only this one

Their tests are recorded. With what was recorded, all signals are declared three times: in the code,
as TypedDicts and as functions, and in a package of declarations beside the code. Each time, the
tests run again, `typed-signals check` must report nothing new, except for what is listed, and it
must report a planted receiver with a mistake for each declared signal, but not one without. The
command fails if other tests fail than before, or if figures differ from those in declared.toml.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from configparser import RawConfigParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from .arguments import default_cache, parser_of
from .projects import read_projects

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE: Final = Path(__file__).resolve().parent
WAYS: Final = ("typeddict", "function", "declarations")
_COMMON: Final = ("django<6", "pytest", "pytest-django", "django-stubs")
_RECORDING: Final = "signals.jsonl"
_OUTPUT: Final = "output.json"
_PACKAGE: Final = "typings/written_signals"
_PLANTED: Final = "planted_receivers.py"


class WorkingCopy:
    """
    A copy of a project, with the Python that its tests need.
    """

    def __init__(self, folder: Path, source: Path, python: Path, project: dict[str, Any]) -> None:
        """
        Args:
            folder: where to copy the project.
            source: the folder of the project.
            python: its virtual environment.
            project: its table in ``declared.toml``.
        """
        self._source = source
        self._python = python / ("Scripts" if os.name == "nt" else "bin") / "python"
        self._project = project
        self.code = folder / source.name
        self.reset()

    def reset(self) -> None:
        """
        Copy the project again, but keep the recording.
        """
        recordings = {path.name: path.read_bytes() for path in self._recordings()}
        shutil.rmtree(self.code, ignore_errors=True)
        shutil.copytree(self._source, self.code)
        for name, text in self._project.get("files", {}).items():
            (self.code / name).write_text(text, "utf-8")
        for name, recording in recordings.items():
            (self.code / name).write_bytes(recording)

    def _recordings(self) -> list[Path]:
        return [*self.code.glob(f"{_RECORDING}*")]

    def run(self, *arguments: str) -> str:
        """
        Return what Python prints with *arguments*.
        """
        path = [self.code, *(self.code / each for each in self._project.get("path", ()))]
        environment = {
            **os.environ,
            **self._project.get("environment", {}),
            "PYTHONPATH": os.pathsep.join(map(str, path)),
            "VIRTUAL_ENV": "",
        }
        ended = subprocess.run(
            [str(self._python), *arguments],
            cwd=self.code,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        return ended.stdout

    def failed(self, *, is_recording: bool = False) -> int:
        """
        Run the tests, and return how many fail.
        """
        tests: list[str] = self._project["tests"]
        if is_recording and "pytest" in tests:
            tests = [*tests, "-p", "typed_signals.record"]
        elif is_recording:
            tests = ["-m", "typed_signals.record", *tests]
        output = self.run(*tests)
        counts = re.findall(r"(\d+) (?:failed|errors?\b)|(?:failures|errors)=(\d+)", output)
        if not re.search(r"\d+ passed|Ran \d+ tests?", output):
            print(output)
            raise SystemExit("no tests were run")
        return sum(int(one or other) for one, other in counts)

    def command(self, *arguments: str) -> str:
        """
        Return what ``typed-signals`` prints.
        """
        return self.run("-m", "typed_signals", *arguments, "--python", str(self._python))

    def infer(self, *options: str) -> str:
        """
        Return what ``typed-signals infer`` prints.
        """
        return self.command("infer", *self._project["infer"], *options)

    def signals(self, *options: str) -> list[dict[str, Any]]:
        """
        Return what is inferred of each signal.
        """
        self.infer(*options, "--format", "json", "--output", _OUTPUT)
        found: list[dict[str, Any]] = self._output()["signals"]
        return found

    def reports(self, *others: str) -> list[str]:
        """
        Return what ``typed-signals check`` reports: each file with a message.
        """
        paths = [*self._project["infer"], *others]
        self.command("check", *paths, "--format", "json", "--output", _OUTPUT)
        return [f"{each['path']}: {each['message']}" for each in self._output()["errors"]]

    def _output(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.code / _OUTPUT).read_text("utf-8"))
        return found


def figures_of(copy: WorkingCopy) -> dict[str, Any]:
    """
    Return the figures of a project, as in ``declared.toml``.
    """
    failed = copy.failed(is_recording=True)
    read = _known(copy.signals())
    signals = copy.signals("--record", _RECORDING)
    recorded = _known(signals)
    before = Counter(copy.reports())
    figures: dict[str, Any] = {"keys": len(recorded), "read": sum(read), "recorded": sum(recorded)}
    for way in WAYS:
        copy.reset()
        figures[way], declared = _declare(copy, way, signals)
        # Tests do not read a package beside the code.
        if way != "declarations" and (now := copy.failed()) != failed:
            figures[way]["failed"] = now
        (copy.code / _PLANTED).write_text("\n".join(_planted_receivers(declared)), "utf-8")
        new = Counter(copy.reports(_PLANTED)) - before
        planted = [each for each in new.elements() if each.startswith(f"{_PLANTED}: ")]
        figures[way]["found"] = sum("no_such_key" in each for each in planted)
        if others := sorted(each for each in new if "no_such_key" not in each):
            figures[way]["reports"] = others
    return {**figures, "failed": failed}


def _known(signals: Sequence[dict[str, Any]]) -> list[bool]:
    return [key["known"] for each in signals for key in each["keys"]]


def _declare(
    copy: WorkingCopy, way: str, signals: Sequence[dict[str, Any]]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """
    Declare the signals of a project; return how many, and which.
    """
    options = ["--write", "--form", way]
    if way == "declarations":
        options = ["--declarations", _PACKAGE]
    written = copy.infer("--record", _RECORDING, *options)
    print(written, flush=True)
    if way == "declarations":
        _configure(copy.code / "mypy.ini")
    counts = re.findall(r"(\d+) signals? (?:is|are) declared, (\d+) left", written)
    left = re.findall(r"(\S+) is not declared: ", written)
    named = [
        each
        for each in signals
        if each["name"] not in left and each["verdict"] != "declared" and each["kind"] != "builtin"
    ]
    return dict(zip(("declared", "left"), map(int, counts[0]), strict=True)), named


def _configure(file: Path) -> None:
    """
    Have mypy read the package of declarations.
    """
    parser = RawConfigParser()
    parser.read(file, "utf-8")
    package = Path(_PACKAGE)
    options = {
        "mypy": {"plugins": "typed_signals.mypy", "mypy_path": package.parent.as_posix()},
        "typed-signals": {"declarations": package.name},
    }
    for section, values in options.items():
        if not parser.has_section(section):
            parser.add_section(section)
        for key, value in values.items():
            parser.set(section, key, value)
    with file.open("w", encoding="utf-8") as opened:
        parser.write(opened)


def _planted_receivers(signals: Sequence[dict[str, Any]]) -> Iterator[str]:
    """
    Yield the lines of a module that connects a right and a wrong receiver to each declared signal.
    """
    yield from ("def right(sender, **kwargs): ...", "def wrong(sender, no_such_key, **kwargs): ...")
    for number, signal in enumerate(signals):
        path = Path(signal["place"]["path"])
        stem = path.parent.name if path.stem == "__init__" else path.stem
        module, _, name = f".{signal['name']}".rpartition(f".{stem}.")
        outer, dot, inner = name.partition(".")
        yield f"from {f'{module}.{stem}'.lstrip('.')} import {outer} as signal{number}"
        yield f"signal{number}{dot}{inner}.connect(right)"
        yield f"signal{number}{dot}{inner}.connect(wrong)"


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Return 0 if all figures are as expected.
    """
    only = parser_of("primer.declaring", __doc__).parse_args(arguments).only
    projects = tomllib.loads((HERE / "declared.toml").read_text("utf-8"))
    pinned = {project.name: project for project in read_projects(HERE / "projects.toml")}
    cache = default_cache()
    is_wrong = False
    for name, project in projects.items():
        if only and name not in only:
            continue
        source = cache.source(pinned[name], print)
        requires = [*_COMMON, *project["requires"], "--editable", f"{HERE.parent}[check,django]"]
        python = cache.environment(name, requires, print)
        with TemporaryDirectory() as folder:
            figures = figures_of(WorkingCopy(Path(folder), source, python, project))
        print(f"{name}: {figures}", flush=True)
        for key, value in figures.items():
            if value != project.get(key):
                print(f"{name}: {key}: expected {project.get(key)}", flush=True)
                is_wrong = True
    return int(is_wrong)


if __name__ == "__main__":
    sys.exit(main())
