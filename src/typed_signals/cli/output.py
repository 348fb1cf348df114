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
    Open the file of ``--output``; without it, write to stdout.

    Raises:
        CommandError: the file cannot be written.
    """
    if path is None:
        yield sys.stdout
        return
    try:
        with path.open("w", encoding="utf-8", newline="\n") as file:
            yield file
    except OSError as error:
        raise CommandError(f"the output cannot be written: {error}") from error
