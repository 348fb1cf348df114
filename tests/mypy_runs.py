"""
Running mypy.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, TypeVar

from mypy import api
from mypy.options import Options
from mypy.version import __version__

from tests.shared_folders import shared_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

K = TypeVar("K")

# For all programs that need no other one, so that they share a cache.
CONFIG: Final = "[mypy]\nplugins = typed_signals.mypy\ncheck_untyped_defs = true\n"

# The options of mypy for each way to run it that it has.
MODES: Final[dict[str, list[str]]] = {"serially": []}
if hasattr(Options(), "num_workers"):
    MODES["in parallel"] = ["-n", "2"]

# mypy 1 keeps everything that it has read, and the collector soon needs more time for this than
# mypy needs for a run.
_IS_FORGETFUL: Final = not __version__.startswith("1.")


def run_mypy(arguments: list[str]) -> tuple[str, str, int]:
    """
    Return mypy's output, the problems that stopped it, and its exit status.
    """
    return api.run(arguments) if _IS_FORGETFUL else run_in_a_process(arguments)


def run_in_a_process(arguments: list[str]) -> tuple[str, str, int]:
    """
    Return the same as :func:`run_mypy`, from another process.
    """
    # Not with -m, because then mypy treats the current folder as one with installed packages.
    start = "from mypy.__main__ import console_entry; console_entry()"
    command = [sys.executable, "-c", start, *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    return ended.stdout, ended.stderr, ended.returncode


def run_configured(config: Path, *arguments: str) -> tuple[str, str]:
    """
    Return mypy's output, and the problems that stopped it.

    The imported modules are read once for all runs with the same configuration: for most runs, this
    would take longer than the programs.
    """
    cache = _cache(config.read_text("utf-8")).name
    options = ["--config-file", str(config), "--cache-dir", cache]
    output, problems, _ = run_mypy([*options, "--no-error-summary", "--show-traceback", *arguments])
    return output, problems


def check_programs(
    folder: Path, programs: Mapping[K, str], *options: str, configuration: str = CONFIG
) -> dict[K, list[str]]:
    """
    Return what mypy reports for each of the *programs*, in one run: lines without the path.
    """
    config = folder / "mypy.ini"
    config.write_text(configuration, "utf-8")
    names = list(programs)
    for number, name in enumerate(names):
        (folder / f"program_{number}.py").write_text(programs[name], "utf-8")
    files = map(str, sorted(folder.glob("program_*.py")))
    output, problems = run_configured(config, *options, *files)
    assert not problems
    found: dict[K, list[str]] = {name: [] for name in names}
    for line in output.splitlines():
        match = re.match(r"(?:.*/)?program_(\d+)\.py:(.*)", line)
        assert match, line
        found[names[int(match[1])]].append(match[2])
    return found


def copy_library_cache(cache: Path, configuration: str = CONFIG, **plugins: str) -> Path:
    """
    Return the folder *cache* after packages were added that most programs import.

    For runs that are cold for the program alone: they take a fraction of the time.

    Args:
        cache: where it is created.
        configuration: the text of a mypy.ini.
        plugins: the source of plugins beside it, by module name.
    """
    name = f"{configuration}{sorted(plugins.items())}"
    library = shared_folder(name, lambda cache: _read_library(cache, configuration, plugins))
    shutil.copytree(library, cache, dirs_exist_ok=True)
    return cache


def _read_library(cache: Path, configuration: str, plugins: Mapping[str, str]) -> None:
    with TemporaryDirectory() as folder:
        for name, source in plugins.items():
            Path(folder, f"{name}.py").write_text(source, "utf-8")
        config = Path(folder, "mypy.ini")
        config.write_text(configuration, "utf-8")
        program = Path(folder, "program.py")
        program.write_text(
            "import functools, typed_signals, typed_signals.django, flask.signals\n"
            "import django.contrib.auth.models, django.db.models.signals, django.dispatch\n",
            "utf-8",
        )
        run_in_a_process(["--config-file", str(config), "--cache-dir", str(cache), str(program)])


@functools.cache
def _cache(_configuration: str) -> TemporaryDirectory[str]:
    cache = TemporaryDirectory(prefix="mypy-")
    # mypy ignores what it has read with other options.
    copy_library_cache(Path(cache.name))
    return cache
