"""
``typed-signals schema``: what the payload of each declared signal is as JSON, and what changed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from typed_signals.cli.arguments import add_project_arguments

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

FORMATS: Final = ("json-schema", "asyncapi")


def add_arguments(parser: ArgumentParser) -> None:
    """
    Add the arguments of the command to *parser*.
    """
    add_project_arguments(parser)
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default=FORMATS[0],
        help="how to write it (default: %(default)s)",
    )
    parser.add_argument("--output", metavar="FILE", type=Path, help="write it to FILE")
    folder = parser.add_mutually_exclusive_group()
    folder.add_argument(
        "--write", metavar="FOLDER", type=Path, help="write one file for each signal to FOLDER"
    )
    folder.add_argument(
        "--check",
        metavar="FOLDER",
        type=Path,
        help="report with which changes since FOLDER was written deliveries fail",
    )
    parser.add_argument(
        "--allow",
        metavar="PATTERN",
        action="append",
        default=[],
        help="let --check pass although this breaks: a key, like order_placed.size, or a signal; "
        "can be repeated",
    )
    parser.add_argument(
        "--signal",
        metavar="PATTERN",
        action="append",
        default=[],
        help="only these signals: a name, the end of a name, or a pattern like 'shop.*'; can be "
        "repeated",
    )


def run(arguments: Namespace) -> int:
    """
    Write or check the schemas of a project, and return the exit code.
    """
    # Not at the top: the process that imports the project does not have what it needs.
    from .command import write_or_check

    return write_or_check(arguments)
