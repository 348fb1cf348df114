"""
``typed-signals infer``: what each signal carries, joined from its sends, its receivers, comments
and recordings.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from typed_signals.cli.arguments import add_project_arguments

from .options import add_write_arguments

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

FORMATS: Final = ("text", "json")


def add_arguments(parser: ArgumentParser) -> None:
    """
    Add the arguments of the command to *parser*.
    """
    add_project_arguments(parser)
    parser.add_argument(
        "--format", choices=FORMATS, default="text", help="how to report (default: %(default)s)"
    )
    parser.add_argument("--output", metavar="FILE", type=Path, help="write the report to FILE")
    parser.add_argument(
        "--signal",
        metavar="PATTERN",
        action="append",
        default=[],
        help="a name, the end of a name, or a pattern like 'shop.*'; can be repeated",
    )
    add_write_arguments(parser)


def run(arguments: Namespace) -> int:
    """
    Infer what the signals of a project carry, and return the exit code.
    """
    # Not at the top: `typed-signals infer --help` does not need it.
    from .command import run_infer

    return run_infer(arguments)
