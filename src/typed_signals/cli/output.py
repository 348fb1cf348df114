"""
How commands write what they found, and where.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from typed_signals._shared.messages import suggest

from .exits import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


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


def shown(path: Path, folder: str | Path | None = None) -> str:
    """
    Return *path* relative to *folder* or the current one, if it is in it, with slashes.
    """
    here = Path(folder or Path.cwd())
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def shown_from(path: Path, folder: Path) -> str:
    """
    Return *path* relative to *folder*, perhaps with ``..``, with slashes.
    """
    try:
        path = Path(os.path.relpath(path, folder))
    except ValueError:  # another drive of Windows
        path = path.absolute()
    return path.as_posix()


def counted(number: int, noun: str) -> str:
    """
    Return ``1 send``, or ``2 sends``.
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def no_signal(pattern: str, fullnames: Iterable[str]) -> str:
    """
    Return the message for a *pattern* that matches none of the signals with these names.
    """
    names = {fullname.rpartition(".")[2] for fullname in fullnames}
    meant = suggest(pattern.rpartition(".")[2], sorted(names))
    fix = f"did you mean {meant!r}?" if meant else "without this option, all signals are listed"
    return f"no signal matches {pattern!r}: {fix}"
