"""
The command: check each part of the project, and print what is found.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from mypy.options import Options

from typed_signals.cli.exits import CLEAN, FOUND, CommandError
from typed_signals.cli.output import opened, shown
from typed_signals.cli.project import cache_folder, find_project, made

from .baseline import compare, write_baseline
from .formats import FORMATS, Report
from .found import Outcome
from .mypy_run import run_mypy
from .process import Job
from .progress import progress_of
from .summary import Summary

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

    from typed_signals.cli.project import Part, Project

_MANY_FILES: Final = 300
_MOST_WORKERS: Final = 4


def check(arguments: Namespace) -> int:
    """
    Check a project, print the errors, and return the exit code.

    Raises:
        CommandError: the project cannot be checked.
    """
    project = find_project(arguments.paths, arguments.python)
    outcome = _outcome(project, arguments)
    problems, notes, errors = sorted(outcome.problems), [], "errors"
    if arguments.write_baseline is not None:
        write_baseline(arguments.write_baseline, problems)
        notes.append(f"errors in {arguments.write_baseline}: {len(problems)}")
        problems = []
    elif arguments.baseline is not None:
        compared = compare(arguments.baseline, problems, outcome.files)
        problems = compared.new
        errors = "new errors"
        notes += [f"known errors, in {arguments.baseline}: {compared.known}"]
        notes += [
            f"no longer an error: {entry.path}: {entry.message}  [{entry.code}] "
            f"(remove it with --write-baseline)"
            for entry in compared.stale
        ]
    summary = Summary.of(outcome)
    text = FORMATS[arguments.format](Report(problems, summary))
    if text or arguments.output is not None:
        with opened(arguments.output) as file:
            print(text, file=file)
    # Only the errors are on stdout, for other programs.
    stream = sys.stdout if arguments.format == "text" else sys.stderr
    if arguments.write_baseline is None:
        notes.append(f"{errors}: {len(problems)}" if problems else f"no {errors}")
    print(*summary.remarks, *summary.lines(), *notes, sep="\n", file=stream)
    return FOUND if problems else CLEAN


def _outcome(project: Project, arguments: Namespace) -> Outcome:
    if arguments.cache_dir is None:
        cache = cache_folder(project, "check")
    else:
        cache = made(arguments.cache_dir.absolute(), "pass another folder as --cache-dir")
    total = Outcome(remarks=[*project.remarks])
    files = {path for part in project.parts for path in part.files.values()}
    with progress_of(files) as on_file:
        for part in project.parts:
            workers = workers_for(part, cache, arguments.workers)
            outcome = run_mypy(Job(project, part, cache, workers), on_file)
            total.problems |= outcome.problems
            total.calls |= outcome.calls
            total.files |= outcome.files
            total.unread |= outcome.unread
            total.remarks += outcome.remarks
    if not total.files and total.unread:
        raise CommandError(
            "no file can be read: "
            + "; ".join(f"{shown(path)}:{why}" for path, why in sorted(total.unread.items()))
        )
    if project.lacks and not total.calls:
        raise CommandError("; ".join(project.lacks))
    return total


def workers_for(part: Part, cache: Path, given: int | None) -> int:
    """
    Return how many processes check *part*, besides the first.

    They make mypy faster in a large project, if it has stored nothing yet.

    Args:
        part: what is checked.
        cache: where mypy stores what it has read.
        given: the number that is asked for.
    """
    # Workers need this parser. Before it was the default, it did not read other files instead, and
    # a run with another one does not read what it has stored.
    if not getattr(Options(), "native_parser", False):
        return 0
    if given is not None:
        return given
    is_large = len(part.files) >= _MANY_FILES and not (cache / "mypy").exists()
    return min(os.cpu_count() or 1, _MOST_WORKERS) if is_large else 0
