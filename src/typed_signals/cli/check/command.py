"""
The command: start mypy, collect what it finds, print it.
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final, cast

from typed_signals.cli.exits import CLEAN, FOUND, CommandError
from typed_signals.cli.project import cache_folder, find_project

from .found import Outcome, Problem
from .process import Job

if TYPE_CHECKING:
    from argparse import Namespace

_COMMAND: Final = (sys.executable, "-P", "-m", "typed_signals.cli.check.process")


def check(arguments: Namespace) -> int:
    """
    Check a project, print the errors, and return the exit code.

    Raises:
        CommandError: the project cannot be checked.
    """
    project = find_project(arguments.paths, arguments.python)
    cache = arguments.cache_dir or cache_folder(project, "check")
    cache.mkdir(parents=True, exist_ok=True)
    outcome = Outcome()
    for part in project.parts:
        _check_part(Job(project, part, cache.absolute(), arguments.workers or 0), outcome)
    for each in sorted(set(outcome.problems)):
        print(f"{each.path}:{each.line}:{each.column}: {each.message}  [{each.code}]")
    for remark in outcome.remarks:
        print(remark)
    return FOUND if outcome.problems else CLEAN


def _check_part(job: Job, outcome: Outcome) -> None:
    with TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        child = subprocess.Popen(
            _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
        )
        with child, cast("IO[bytes]", child.stdin) as to_child:
            to_child.write(pickle.dumps(job))
            to_child.close()
            for line in cast("IO[bytes]", child.stdout):
                kind, value = json.loads(line)
                _note(kind, value, outcome)
        if child.returncode:
            errors.seek(0)
            raise CommandError(f"mypy crashed:\n{errors.read()}")


def _note(kind: str, value: Any, outcome: Outcome) -> None:
    if kind == "message":
        code = value["code"] or ""
        if code == "signal" or code.startswith("signal-"):
            outcome.problems.append(
                Problem(value["file"], value["line"], value["column"] + 1, code, value["message"])
            )
    elif kind == "stopped":
        raise CommandError("\n".join(value))
    elif kind == "remark":
        outcome.remarks.append(value)
    elif kind == "unread":
        outcome.unread.append(value)
