"""
The arguments that say which project a command reads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser


def add_project_arguments(parser: ArgumentParser) -> None:
    """
    Add the arguments to *parser*.
    """
    parser.add_argument(
        "paths", metavar="PATH", nargs="*", help="files and folders (default: the current folder)"
    )
    parser.add_argument(
        "--python",
        metavar="PATH",
        help="the Python of the project, or the folder of its virtual environment "
        "(default: the active environment, or .venv)",
    )
