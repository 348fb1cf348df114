"""
``typed-signals infer``: what each signal carries, joined from its sends, its receivers, comments
and recordings.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from typed_signals.cli.arguments import add_project_arguments

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

FORMATS: Final = ("text", "json")
FORMS: Final = ("typeddict", "function")


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
    parser.add_argument(
        "--record",
        metavar="FILE",
        nargs="+",
        default=[],
        help="what typed_signals.record recorded while tests ran",
    )
    group = parser.add_argument_group("what is written")
    group.add_argument(
        "--declarations",
        metavar="PACKAGE",
        help="declare the signals in this folder, a package of stub files; the code is not changed",
    )
    group.add_argument(
        "--write", action="store_true", help="declare the signals in the code, where that is sure"
    )
    group.add_argument(
        "--diff",
        action="store_true",
        help="only show what --write or --declarations would change",
    )
    group.add_argument(
        "--form",
        choices=FORMS,
        default=FORMS[0],
        help="declare by a TypedDict, or by a function where that can be (default: %(default)s)",
    )


def run(arguments: Namespace) -> int:
    """
    Infer what the signals of a project carry, and return the exit code.
    """
    # Not at the top: `typed-signals infer --help` does not need it.
    from .command import run_infer

    return run_infer(arguments)
