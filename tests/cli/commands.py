"""
Projects of our own making, and running the command in this process.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from typed_signals.cli import main as command_line
from typed_signals.cli.check import process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest


def write_project(folder: Path, files: dict[str, str]) -> Path:
    """
    Write *files*, by their paths in *folder*, and return it.
    """
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


class Printed(NamedTuple):
    """
    The end of a command.
    """

    code: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        """
        The lines with errors.
        """
        return [line for line in self.out.splitlines() if line.endswith("]")]

    @property
    def notes(self) -> list[str]:
        """
        The other lines.
        """
        return [line for line in self.out.splitlines() if not line.endswith("]")]


def run_command(capsys: pytest.CaptureFixture[str], *arguments: str) -> Printed:
    """
    Run ``typed-signals`` with *arguments*.
    """
    capsys.readouterr()
    code = command_line.main(arguments)
    return Printed(code, *capsys.readouterr())


def events_here(job: process.Job) -> Iterator[tuple[str, Any]]:
    """
    Yield the events of a job that is done in this process, so that its coverage is measured.
    """
    events: list[str] = []
    with _as_before():
        process.run_job(job, lambda kind, value: events.append(json.dumps([kind, value])))
    for event in events:
        kind, value = json.loads(event)
        yield kind, value


@contextmanager
def _as_before() -> Iterator[None]:
    """
    Restore what a job changes in its process.
    """
    folder, path, environment = os.getcwd(), [*sys.path], dict(os.environ)  # noqa: PTH109
    limit = sys.getrecursionlimit()
    try:
        yield
    finally:
        os.chdir(folder)
        sys.path[:] = path
        os.environ.clear()
        os.environ.update(environment)
        sys.setrecursionlimit(limit)
