"""
The command line: which subcommand runs.
"""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final

from .exits import FAILED, CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMANDS: Final = {
    "check": "check the sends, receivers and declarations of a project",
    "infer": "report what each signal of a project carries",
    "map": "show who declares, who sends and who receives the signals of a project",
    "schema": "write what signals carry as JSON Schema, or report what breaks deliveries",
}
_DISTRIBUTION: Final = "typed-signals"
_EXTRA: Final = ("mypy", "libcst", "rich")


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run a subcommand.

    Args:
        arguments: by default, those of the process.

    Returns:
        the exit code: 0 if nothing is wrong, 1 if something is, 2 if the command could not run.
    """
    words = sys.argv[1:] if arguments is None else list(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A path may have any name.
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run(words)
    except CommandError as error:
        print(f"{_DISTRIBUTION}: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print(f"{_DISTRIBUTION}: interrupted", file=sys.stderr)
    except BrokenPipeError:
        # As in `typed-signals check | head`. Python would print the error at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILED


def _run(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog=_DISTRIBUTION,
        description="Check the signals of a project.",
        epilog="Exit codes: 0 nothing to fix, 1 something to fix, 2 the command could not run.",
    )
    parser.add_argument(
        "--version", action="version", version=f"{_DISTRIBUTION} {version(_DISTRIBUTION)}"
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    chosen = next((word for word in words if word in _COMMANDS), None)
    if chosen is not None:
        _require_extra(chosen)
    for name, text in _COMMANDS.items():
        command = commands.add_parser(name, help=text, description=f"{text[:1].upper()}{text[1:]}.")
        if name == chosen:
            # Not at the top: the other commands, and what they import, are not needed.
            package = import_module(f".{name}", __package__)
            package.add_arguments(command)
            command.set_defaults(run=package.run)
    options = parser.parse_args(words)
    code: int = options.run(options)
    sys.stdout.flush()
    return code


def _require_extra(command: str) -> None:
    missing = [name for name in _EXTRA if find_spec(name) is None]
    if missing:
        raise CommandError(
            f"{command} needs {', '.join(missing)}: install '{_DISTRIBUTION}[check]'"
        )
