"""
What ``typed-signals infer`` writes.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from typed_signals.cli.exits import CLEAN, CommandError
from typed_signals.cli.output import opened, shown
from typed_signals.cli.project.configuration import read_configuration

from .configuration_lines import configuration_lines
from .edits import plan_declarations, plan_edits
from .edits.plan import shown_reasons
from .recordings import add_recordings, read_recordings

if TYPE_CHECKING:
    from argparse import Namespace

    from typed_signals.cli.survey.model import Survey

    from .edits import Edits
    from .result import Inference


def with_recordings(options: Namespace, inference: Inference) -> Inference:
    """
    Return *inference* with what was recorded in the files in *options*.

    Raises:
        CommandError: a file is not a recording.
    """
    if not options.record:
        return inference
    files = [Path(file) for file in options.record]
    return add_recordings(inference, read_recordings(files, Path(inference.root)))


def writes(options: Namespace) -> bool:
    """
    Return whether *options* ask for changes.

    Raises:
        CommandError: they ask for different ones, or also for a report.
    """
    if options.write and options.declarations:
        raise CommandError("--write changes the code, --declarations does not: choose one of them")
    is_writing = bool(options.write or options.diff or options.declarations)
    if is_writing and (options.output or options.format != "text"):
        raise CommandError(
            "--format and --output are for the report, which is not made with --write, "
            "--declarations or --diff: leave them out"
        )
    return is_writing


def write(options: Namespace, inference: Inference, survey: Survey) -> int:
    """
    Make the changes for which *options* ask, or show them.

    Returns:
        The exit code.

    Raises:
        CommandError: a file cannot be written.
    """
    package = Path(options.declarations).absolute() if options.declarations else None
    edits = (
        plan_edits(inference, survey, options.form)
        if package is None
        else plan_declarations(inference, package, options.form)
    )
    for line in shown_reasons(edits.left):
        print(line, file=sys.stderr)
    if options.diff:
        with opened(options.output) as file:
            file.write(edits.diff())
        return CLEAN
    try:
        edits.write()
    except OSError as error:
        raise CommandError(str(error)) from error
    _report(edits, package, Path(inference.root))
    return CLEAN


def _report(edits: Edits, package: Path | None, root: Path) -> None:
    for change in edits.changes:
        print(f"{shown(change.path)}: {'written' if change.before is None else 'changed'}")
    count = len(edits.declared)
    print(
        f"{count} {'signal is' if count == 1 else 'signals are'} declared, {len(edits.left)} left"
    )
    if package is not None and edits.changes:
        file, _ = read_configuration(root)
        lines = configuration_lines(file, shown(package.parent), package.name)
        if lines:
            name = "mypy.ini" if file is None else file.name
            print(f"mypy reads the declarations with these lines in {name}:")
        for line in lines:
            print(f"    {line}")
