"""
A bar that shows how many files are checked, on a terminal.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@contextmanager
def progress_of(files: set[Path]) -> Iterator[Callable[[Path], None]]:
    """
    Pass a function to the block, to call with each file that is checked.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    # Not at the top: it takes as long as the rest of a run on a small project.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn("checking"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=len(files))
        yield lambda path: progress.update(task, advance=path in files)
