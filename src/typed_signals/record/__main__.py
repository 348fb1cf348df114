"""
``python -m typed_signals.record [--to FILE] PROGRAM ...``: run a program and record its signals.
"""

from __future__ import annotations

import argparse
import runpy
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from typed_signals.record import DEFAULT_FILE, start

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> None:
    """
    Run the program in *arguments* as ``python`` does, and record what its signals send.

    Raises:
        SystemExit: the program ended so, or the arguments are wrong.
    """
    parser = argparse.ArgumentParser(
        prog="python -m typed_signals.record",
        description="Run a program, and record the types that its signals send.",
    )
    parser.add_argument(
        "--to", metavar="FILE", default=DEFAULT_FILE, help="the file (default: %(default)s)"
    )
    parser.add_argument("-m", dest="module", action="store_true", help="run a module")
    parser.add_argument("program", help="the path of a program, such as manage.py")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="its arguments")
    options = parser.parse_args(arguments)
    program: str = options.program
    if not options.module and not Path(program).is_file():
        parser.error(f"there is no file {program}")
    sys.argv = [program, *options.arguments]
    # As for ``python PROGRAM`` and ``python -m PROGRAM``.
    sys.path[0] = str(Path.cwd() if options.module else Path(program).absolute().parent)
    try:
        recording = start(options.to)
    except OSError as error:
        parser.error(f"the recording cannot be written: {error}")
    with recording:
        if options.module:
            runpy.run_module(program, run_name="__main__", alter_sys=True)
        else:
            runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
