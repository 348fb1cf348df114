"""
Run mypy on programs that it must check completely, and read its configuration.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from mypy.errors import CompileError
from mypy.options import Options

from typed_signals.mypy.config import declaration_packages
from typed_signals.mypy.lib.third_party import ThirdPartySignals

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Mypy = Callable[[list[str]], tuple[str, str, int]]

PLUGIN: Final = "plugins = typed_signals.mypy\nenable_error_code = signal-unsent\n"

# mypy in its own process, because some programs make it crash or hang. No run takes as
# many seconds of the processor's time, or as many bytes; Windows cannot limit them.
MYPY: Final = """
import sys
from mypy.__main__ import console_entry
if sys.platform != "win32":
    import resource
    resource.setrlimit(resource.RLIMIT_CPU, (150, 150))
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
console_entry()
"""


class Crashed(Exception):  # noqa: N818 - it is mypy that did
    """
    mypy did not complete its run.
    """


def in_a_process(options: list[str]) -> tuple[str, str, int]:
    """
    Return the result of ``mypy.api.run`` from another process, which may crash.
    """
    command = [sys.executable, "-c", MYPY, *options]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return run.stdout, run.stderr, run.returncode


def check(folder: Path, sources: dict[str, str], mypy: Mypy = in_a_process) -> str:
    """
    Return the output of mypy with the plugin for the programs *sources*, by module name.

    Programs that crash mypy without the plugin are omitted. If only the plugin makes it
    crash or hang, the error shows the program.
    """
    try:
        return _run(folder, sources, PLUGIN, mypy)
    except Crashed:
        # The reason may be the cache of other programs, with or without the plugin.
        return _check_afresh(folder, sources, mypy)


def _check_afresh(folder: Path, sources: dict[str, str], mypy: Mypy) -> str:
    try:
        return _run_twice(folder, sources, PLUGIN, mypy)
    except Crashed as crash:
        names = sorted(sources)
        output = ""
        if len(names) > 1:
            middle = len(names) // 2
            for half in (names[:middle], names[middle:]):
                output += _check_afresh(folder, {name: sources[name] for name in half}, mypy)
        try:
            _run_twice(folder, sources, "", mypy)
        except Crashed:
            return output
        shown = [f"{name}.py:\n{source}" for name, source in sources.items()]
        raise AssertionError("\n\n".join([str(crash), *shown])) from crash


def _run_twice(folder: Path, sources: dict[str, str], plugin: str, mypy: Mypy) -> str:
    """
    Return the output of a mypy run that is followed by another one, with their own cache.
    """
    try:
        _run(folder, sources, plugin, mypy)
        return _run(folder, sources, plugin, mypy)
    finally:
        shutil.rmtree(folder / "cache", ignore_errors=True)


def _run(folder: Path, sources: dict[str, str], plugin: str, mypy: Mypy) -> str:
    """
    Return the output of a mypy run.

    Programs that mypy refuses to analyse are omitted, because the plugin does not get them.
    """
    config = folder / "mypy.ini"
    config.write_text(f"[mypy]\ncheck_untyped_defs = true\n{plugin}", "utf-8")
    cached = ("--cache-dir", str(folder / "cache"))
    options = ["--config-file", str(config), *cached, "--show-traceback"]
    for name, source in sources.items():
        (folder / f"{name}.py").write_text(source, "utf-8")
    names = set(sources)
    while True:
        files = [str(folder / f"{name}.py") for name in sorted(names)]
        output, problems, status = mypy([*options, *files])
        failed = "INTERNAL ERROR" in output + problems or "Traceback" in output + problems
        if failed or status not in (0, 1, 2):
            raise Crashed(f"{problems}{output[-2_000:]}mypy ended with {status}")
        if status != 2:
            return output
        blocked = names.intersection(re.findall(r"(\w+)\.py:\d+: error: ", output))
        assert blocked, output + problems
        names -= blocked


def refusal(folder: Path, name: str, content: bytes) -> str | None:
    """
    Return the line with which the plugin refuses a configuration, None if it accepts it.
    """
    path = folder / name
    path.write_bytes(content)
    options = Options()
    options.config_file = str(path)
    try:
        found = ThirdPartySignals(options, declaration_packages(options)).modules
    except CompileError as error:
        [line] = error.messages
        return line
    assert "flask.signals" in found  # ours
    return None
