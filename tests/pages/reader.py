"""
A reader who follows a page of the documentation to the letter, in an empty folder.
"""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

from tests.markdown import ROOT, read_blocks
from tests.mypy_runs import CONFIG, copy_library_cache

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.markdown import Block

# What a path in the first line of a block says about the rest.
_PATH: Final = re.compile(r"(?:#|;|//|<!--) ([\w./-]+\.\w+)(, added|, as written)?(?: -->)?$")
_ANYTHING: Final = "..."

_PARSERS: Final[dict[str, Callable[[str], object]]] = {
    "ini": lambda text: configparser.ConfigParser().read_string(text),
    "json": json.loads,
    "toml": tomllib.loads,
    "yaml": yaml.safe_load,
}

# Commands that download, or that need more than the folder.
_NOT_RUN: Final = ("deactivate", "git", "pip", "pipx", "pre-commit", "source", "uv", "uvx")
_EXTRAS: Final = re.compile(r"typed-signals\[([\w,-]+)\]")

# Of all installed plugins, pytest only loads those that the page installs, which is also faster.
_PLUGINS: Final = "-p no:cacheprovider -p _typed_signals_pytest"
_PLUGINS_ON_DJANGO: Final = f"{_PLUGINS} -p pytest_django.plugin"
_OF_OUR_TESTS: Final = ("COV_", "COVERAGE_", "DJANGO_", "PYTEST_")


class Reader:
    """
    A reader, with a folder for the project of the page.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.current = folder
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(_OF_OUR_TESTS)
        }
        self.environment = {
            **inherited,
            "COLUMNS": "200",
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PYTHONPATH": "",
            "XDG_CACHE_HOME": str(folder / ".cache"),
        }
        self.program: list[str] = []

    def follow(self, page: str) -> None:
        """
        Do what *page*, a path in the repository, says.
        """
        for block in read_blocks(page):
            self.read(block)
        if self.program:
            self.run_program()

    def read(self, block: Block) -> None:
        """
        Write the file, or run the commands, or parse the configuration in *block*.
        """
        first, _, rest = block.text.partition("\n")
        if named := _PATH.match(first):
            name, how = named.groups("")
            self.write(name, how, rest)
        elif block.language == "console":
            for step in block.text.removeprefix("$ ").split("\n$ "):
                command, _, shown = step.partition("\n")
                self.run(command, shown)
        elif block.language in ("bash", "sh"):  # for other situations
            check_extras(block.text)
        elif block.language == "python":
            self.program.append(block.text)
        else:
            assert block.language in _PARSERS, f"nothing checks this block:\n{block.text}"
            _PARSERS[block.language](block.text)

    def write(self, name: str, how: str, text: str) -> None:
        """
        Write the file *name*, or compare it with *text*.
        """
        path = self.folder / name
        if how == ", as written":
            assert path.read_text("utf-8") == text
        elif how == ", added":
            assert path.exists(), f"{name} is not there yet"
            with path.open("a", encoding="utf-8") as file:
                file.write(f"\n\n{text}")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            before = path.stat().st_mtime_ns if path.exists() else 0
            path.write_text(text, "utf-8")
            # Python compiles a module again if its size, or the second of its change, differs.
            after = max(path.stat().st_mtime_ns, before + 1_000_000_000)
            os.utime(path, ns=(after, after))

    def run(self, command: str, shown: str) -> None:
        """
        Run *command*; its output is *shown*, unless this is empty: then it succeeds.
        """
        check_extras(command)
        words = shlex.split(command, comments=True)
        environment = dict(self.environment)
        while words and re.match(r"\w+=", words[0]):
            name, _, value = words.pop(0).partition("=")
            environment[name] = value
        if not words or words[0] in _NOT_RUN or words[1:3] in (["-m", "venv"], ["-m", "pip"]):
            return
        match words:
            case ["cd", name]:
                self.current = (self.current / name).resolve()
                return
            case ["export", *assignments]:
                for assignment in assignments:
                    name, _, self.environment[name] = assignment.partition("=")
                return
            case ["mypy" | "pytest" as program, *_]:
                getattr(self, f"prepare_{program}")(environment)
        executable = shutil.which(words[0], path=environment["PATH"])
        assert executable, f"no program for: {command}"
        ended = subprocess.run(
            [executable, *words[1:]],
            cwd=self.current,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            text=True,
            encoding="utf-8",
        )
        printed = ended.stdout.replace(f"{self.folder}/", "").replace(str(self.folder), ".")
        if shown:
            if words[0] == "pytest" and "\n" not in shown.rstrip():
                printed = printed.rstrip("\n").rpartition("\n")[2]
            assert is_shown(printed, shown), f"$ {command}\n{printed}\ninstead of\n{shown}"
        else:
            assert ended.returncode == 0, f"$ {command}\n{printed}"

    def prepare_mypy(self, _: dict[str, str]) -> None:
        """
        Let mypy find what it would read of packages, which takes longer than the page.
        """
        cache = self.current / ".mypy_cache"
        config = self.current / "mypy.ini"
        if config.exists() and not cache.exists():
            copy_library_cache(cache, config.read_text("utf-8"))

    def prepare_pytest(self, environment: dict[str, str]) -> None:
        """
        Leave out plugins that the page does not have.
        """
        files = [self.current / name for name in ("pytest.ini", "pyproject.toml")]
        has_django = any(
            "DJANGO_SETTINGS_MODULE" in file.read_text("utf-8") for file in files if file.exists()
        )
        environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        environment["PYTEST_ADDOPTS"] = _PLUGINS_ON_DJANGO if has_django else _PLUGINS

    def run_program(self) -> None:
        """
        Check the blocks without a path with mypy, and run them; what they print is in a comment.
        """
        program = "\n\n".join(self.program)
        self.current = self.folder
        self.write("program.py", "", program)
        if not (self.folder / "mypy.ini").exists():
            self.write("mypy.ini", "", CONFIG)
        self.run("mypy program.py", "Success: no issues found in 1 source file\n")
        command = [sys.executable, "-W", "error", "program.py"]
        ended = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            check=False,
            text=True,
            encoding="utf-8",
        )
        assert (ended.returncode, ended.stderr) == (0, "")
        for line in ended.stdout.splitlines():
            assert f"# {line}\n" in program, f"not shown: {line}"


def is_shown(printed: str, shown: str) -> bool:
    """
    Return whether *shown* is what was *printed*, with ``...`` for any lines, and without times.
    """
    lines = [
        r"(?:.*\n)*?" if line.strip() == _ANYTHING else re.escape(line) + r"\n"
        for line in _without_times(shown).split("\n")
    ]
    return bool(re.fullmatch("".join(lines), _without_times(printed) + "\n"))


def _without_times(text: str) -> str:
    """
    Leave out what differs in each run of pytest, and empty ends.
    """
    lines = [re.sub(r" in \d+\.\d+s( =+)?$", r"\1", line).rstrip() for line in text.split("\n")]
    return "\n".join(lines).rstrip("\n")


def check_extras(commands: str) -> None:
    """
    Check that the extras of typed-signals that are installed exist.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for extras in _EXTRAS.findall(commands):
        assert set(extras.split(",")) <= set(project["optional-dependencies"]), commands
