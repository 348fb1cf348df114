"""
Running mypy on programs that it has to get to the end of.
"""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

PLUGIN: Final = "plugins = typed_signals.mypy\nenable_error_code = signal-unsent\n"

# mypy in a process of its own, as some programs have it crash for good, or not end. No run takes as
# many seconds of the processor's time, or as many bytes.
MYPY: Final = """
import resource
from mypy.__main__ import console_entry
resource.setrlimit(resource.RLIMIT_CPU, (150, 150))
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
console_entry()
"""


class Crashed(Exception):  # noqa: N818 - it is mypy that did
    """
    mypy did not get to its end.
    """


def check(folder: Path, sources: dict[str, str]) -> str:
    """
    Return what mypy with the plugin says of the programs *sources*, by module name.

    Programs at which mypy crashes by itself, too, are left out. Where only the plugin makes it
    crash, or not end, the error shows the program.
    """
    try:
        return _run(folder, sources, PLUGIN)
    except Crashed as crash:
        names = sorted(sources)
        output = ""
        if len(names) > 1:
            middle = len(names) // 2
            for half in (names[:middle], names[middle:]):
                output += check(folder, {name: sources[name] for name in half})
        try:
            _run(folder, sources, "")
        except Crashed:
            return output
        shown = [f"{name}.py:\n{source}" for name, source in sources.items()]
        raise AssertionError("\n\n".join([str(crash), *shown])) from crash


def _run(folder: Path, sources: dict[str, str], plugin: str) -> str:
    """
    Return the output of one run of mypy.

    What mypy refuses to analyse at all is left out; the plugin never gets to see it.
    """
    config = folder / "mypy.ini"
    config.write_text(f"[mypy]\ncheck_untyped_defs = true\n{plugin}")
    cache = folder / ("cache" if plugin else "plain")
    options = ["--config-file", str(config), "--cache-dir", str(cache), "--show-traceback"]
    for name, source in sources.items():
        (folder / f"{name}.py").write_text(source, "utf-8")
    names = set(sources)
    while True:
        files = [str(folder / f"{name}.py") for name in sorted(names)]
        command = [sys.executable, "-c", MYPY, *options, *files]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        output = run.stdout
        failed = "INTERNAL ERROR" in output + run.stderr or "Traceback" in output + run.stderr
        if failed or run.returncode not in (0, 1, 2):
            raise Crashed(f"{run.stderr}{output[-2_000:]}mypy ended with {run.returncode}")
        if run.returncode != 2:
            return output
        blocked = names.intersection(re.findall(r"(\w+)\.py:\d+: error: ", output))
        assert blocked, output + run.stderr
        names -= blocked
