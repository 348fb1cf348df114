"""
``typed-signals check``: the errors of the mypy plugin in a project, without a mypy set-up.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from typed_signals.cli.arguments import add_project_arguments

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

FORMATS: Final = ("text", "github", "sarif", "json")


def add_arguments(parser: ArgumentParser) -> None:
    """
    Add the arguments of the command to *parser*.
    """
    add_project_arguments(parser)
    parser.add_argument(
        "--format", choices=FORMATS, default="text", help="how to print (default: %(default)s)"
    )
    parser.add_argument("--output", metavar="FILE", type=Path, help="write the errors to FILE")
    baseline = parser.add_mutually_exclusive_group()
    baseline.add_argument(
        "--baseline", metavar="FILE", type=Path, help="report only errors that are not in FILE"
    )
    baseline.add_argument(
        "--write-baseline", metavar="FILE", type=Path, help="write all errors to FILE"
    )
    parser.add_argument(
        "-n",
        "--workers",
        metavar="NUMBER",
        type=number,
        help="processes beside the first, with mypy 2.4 or newer (default: depends on the project)",
    )
    parser.add_argument(
        "--cache-dir", metavar="FOLDER", type=Path, help="where to store what is used again"
    )


def number(text: str) -> int:
    """
    Return the number of processes in *text*.

    Raises:
        ValueError: it is none.
    """
    if not text.isdecimal():
        raise ValueError
    return int(text)


def run(arguments: Namespace) -> int:
    """
    Check a project, and return the exit code.
    """
    # Not at the top: `typed-signals check --help` does not need it.
    from .command import check

    return check(arguments)
