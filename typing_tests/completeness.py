"""
Check that every public name has a type that is correct at run time.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from tempfile import NamedTemporaryFile

from .checkers import BIN

PACKAGE = "typed_signals"
_ROOT = Path(__file__).parent.parent

# Allowed results of stubtest, as regular expressions.
_KNOWN = [
    # Internal differences: names of types, and caching decorators.
    r"typed_signals\.(.*\.)?_.*",
    r"typed_signals\.(mypy|cli)\..*",
    # Types of another package, which only type checkers import.
    r"typed_signals\.opentelemetry\.(Context|MeterProvider|Span|TracerProvider)",
    # It needs Django's settings.
    r"typed_signals\.django\.tasks",
    # Django's objects with declared types.
    r"typed_signals\.django\.signals\..*",
]


def problems() -> list[str]:
    """
    Return the problems of the types of the public interface.
    """
    return [*_without_types(), *_wrong_types()]


def _without_types() -> list[str]:
    command = ["pyright", "--ignoreexternal", "--outputjson", "--verifytypes", PACKAGE]
    done = _run(command)
    found = json.loads(done.stdout)["typeCompleteness"]
    return [
        f"pyright --verifytypes: {symbol['name']} has no certain type"
        for symbol in found["symbols"]
        if symbol["isExported"]
        and not symbol["isTypeKnown"]
        # The modules of the plugin and of the command line are not public.
        and not symbol["name"].startswith(("typed_signals.mypy.", "typed_signals.cli."))
    ]


def _wrong_types() -> list[str]:
    with NamedTemporaryFile("w", suffix=".txt") as allowed:
        allowed.write("\n".join(_KNOWN))
        allowed.flush()
        options = ["--mypy-config-file", "mypy.ini", "--ignore-unused-allowlist", "--concise"]
        done = _run(["stubtest", PACKAGE, *options, "--allowlist", allowed.name])
    if done.returncode == 0:
        return []
    return [f"stubtest: {line}" for line in (done.stdout + done.stderr).splitlines()]


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    program, *arguments = command
    return subprocess.run(
        [str(BIN / program), *arguments],
        cwd=_ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
