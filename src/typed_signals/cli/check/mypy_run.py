"""
Start the process in which mypy runs, and read what it finds.
"""

from __future__ import annotations

import json
import linecache
import pickle
import subprocess
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final, cast

from typed_signals.cli.child import child_command
from typed_signals.cli.exits import CommandError
from typed_signals.cli.output import shown
from typed_signals.cli.project.crash import crash_message

from .calls import CODE, read_note
from .found import Call, Outcome, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .process import Job

_COMMAND: Final = child_command("typed_signals.cli.check.process")


def run_mypy(job: Job, on_file: Callable[[Path], None]) -> Outcome:
    """
    Run mypy, without worker processes if it crashes with them.

    Args:
        job: what to check.
        on_file: called with each file that was checked.

    Raises:
        CommandError: mypy cannot check the project.
    """
    try:
        return _run(job, on_file)
    except CommandError:
        if not job.workers:
            raise
    return _run(replace(job, workers=0), on_file)


def _run(job: Job, on_file: Callable[[Path], None]) -> Outcome:
    outcome = Outcome()
    for kind, value in events_of(job):
        if kind == "checked":
            on_file(Path(value))
        else:
            _EVENTS[kind](outcome, value)
    # mypy may repeat what it stored for other files, when they were checked.
    files = {*job.part.files.values()}
    outcome.problems = {each for each in outcome.problems if each.path in files}
    outcome.calls = {each for each in outcome.calls if each.path in files}
    return outcome


def events_of(job: Job) -> Iterator[tuple[str, Any]]:
    """
    Yield the events of mypy in another process.

    Raises:
        CommandError: it crashed.
    """
    with TemporaryFile("w+", encoding="utf-8", errors="replace") as printed:
        pipe = subprocess.PIPE
        with subprocess.Popen(_COMMAND, stdin=pipe, stdout=pipe, stderr=printed) as child:
            try:
                # If it has already crashed, it does not read on.
                with suppress(BrokenPipeError), cast("IO[bytes]", child.stdin) as to_child:
                    to_child.write(pickle.dumps(job))
                for line in cast("IO[bytes]", child.stdout):
                    kind, value = json.loads(line)
                    yield kind, value
            except BaseException:
                child.kill()
                raise
        if child.returncode:
            printed.seek(0)
            raise CommandError(crash_message(printed.read(), job.cache))


def add_message(outcome: Outcome, message: dict[str, Any]) -> None:
    """
    Add an error of mypy to *outcome*, if it is about signals.
    """
    code, path = message["code"] or "", Path(message["file"])
    if code == CODE:
        if (note := read_note(message["message"])) is None:
            return
        kind, signal, reason = note
        place = path, message["line"], message["column"]
        outcome.calls.add(Call(kind, *place, signal, reason))
    elif code == "signal" and message["severity"] == "note":
        _add_remark(outcome, f"{shown(path)}:{message['line']}: {message['message']}")
    elif code.partition("-")[0] == "signal":
        # mypy counts bytes.
        linecache.checkcache(str(path))
        line = linecache.getline(str(path), message["line"])
        column = len(line.encode()[: message["column"]].decode(errors="replace")) + 1
        place = path, message["line"], column
        outcome.problems.add(Problem(*place, code, message["message"], line.strip()))


def _add_files(outcome: Outcome, paths: list[str]) -> None:
    outcome.files |= {*map(Path, paths)}


def _add_unread(outcome: Outcome, value: list[str]) -> None:
    path, why = value
    outcome.unread[Path(path)] = why


def _add_remark(outcome: Outcome, remark: str) -> None:
    outcome.remarks.append(remark)


def _stop(_: Outcome, messages: list[str]) -> None:
    raise CommandError(f"mypy cannot check the project: {'; '.join(messages)}")


_EVENTS: Final[dict[str, Callable[[Outcome, Any], None]]] = {
    "message": add_message,
    "files": _add_files,
    "unread": _add_unread,
    "remark": _add_remark,
    "stopped": _stop,
}
