"""
Running mypy on programs that it has to get to the end of.
"""

from __future__ import annotations

import re
import signal
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NoReturn

from mypy import api

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PLUGIN: Final = "plugins = typed_signals.mypy\nenable_error_code = signal-unsent\n"

# Of the processor's time; no run takes as long.
MOST_SECONDS: Final = 120


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
        try:
            with _limit():
                output, problems, status = api.run([*options, *files])
        except Exception as error:
            raise Crashed("".join(traceback.format_exception(error))) from error
        if "INTERNAL ERROR" in problems + output or "Traceback" in problems + output:
            raise Crashed(problems + output[-2_000:])
        if status != 2:
            return output
        blocked = names.intersection(re.findall(r"(\w+)\.py:\d+: error: ", output))
        assert blocked, output + problems
        names -= blocked


@contextmanager
def _limit() -> Iterator[None]:
    """
    End what takes too long by an error inside of it; mypy tells in which program that was.
    """

    def stop(*_: object) -> NoReturn:
        raise TimeoutError(f"mypy did not end within {MOST_SECONDS} seconds")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
