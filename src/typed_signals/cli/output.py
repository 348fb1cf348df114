"""
Where a command writes what it found.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from .exits import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def opened(path: Path | None) -> Iterator[TextIO]:
    """
    Open a file to write; without it, stdout.

    Raises:
        CommandError: the file cannot be written.
    """
    if path is None:
        yield sys.stdout
        return
    try:
        # A path may have any name.
        with path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            yield file
    except OSError as error:
        raise CommandError(f"the output cannot be written: {error}") from error
