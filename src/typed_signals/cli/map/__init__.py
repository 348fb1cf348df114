"""
``typed-signals map``: who declares signals, who sends them, and who receives them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from typed_signals.cli.arguments import add_project_arguments

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

FORMATS: Final = ("text", "html", "json", "mermaid", "dot")
LACKING: Final = ("undeclared", "never-sent", "no-receivers")
KINDS: Final = ("typed", "django", "builtin", "blinker", "other")


def add_arguments(parser: ArgumentParser) -> None:
    """
    Add the arguments of the command to *parser*.
    """
    add_project_arguments(parser)
    parser.add_argument(
        "--format",
        choices=FORMATS,
        help="how to write the map (default: as the suffix of --output says, or text)",
    )
    parser.add_argument("--output", metavar="FILE", type=Path, help="write the map to FILE")
    parser.add_argument(
        "--impact",
        metavar="NAME",
        help="only what a change touches, also in tests: of a signal, like pizza_done, or of a "
        "key of its payload, like pizza_done.size",
    )
    chosen = parser.add_argument_group(
        "signals", "Which signals are shown. Options can be repeated."
    )
    chosen.add_argument(
        "--signal",
        metavar="PATTERN",
        action="append",
        default=[],
        help="a name, the end of a name, or a pattern like 'shop.*'",
    )
    chosen.add_argument(
        "--package",
        metavar="NAME",
        action="append",
        default=[],
        help="the signals of a package or an app, and what it sends and receives of others",
    )
    chosen.add_argument(
        "--kind",
        choices=KINDS,
        action="append",
        default=[],
        help="typed: of this library; django: of Django's class; builtin: defined by Django",
    )
    chosen.add_argument(
        "--only", choices=LACKING, action="append", default=[], help="what the signals lack"
    )
    chosen.add_argument(
        "--tests", action="store_true", help="also what tests define, send and receive"
    )


def run(arguments: Namespace) -> int:
    """
    Write the map of a project, and return the exit code.
    """
    # Not at the top: `typed-signals map --help` does not need it.
    from .command import write_map

    return write_map(arguments)
