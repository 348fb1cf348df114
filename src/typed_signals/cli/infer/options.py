"""
The options of ``typed-signals infer`` about what is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import ArgumentParser

FORMS: Final = ("typeddict", "function")


def add_write_arguments(parser: ArgumentParser) -> None:
    """
    Add the options to *parser*.
    """
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
    group.add_argument(
        "--record",
        metavar="FILE",
        nargs="+",
        default=[],
        help="what typed_signals.record recorded while tests ran",
    )
