"""
What ``typed-signals infer`` writes.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from typed_signals.cli.exits import CommandError

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
        CommandError: they ask for different ones.
    """
    if options.write and options.declarations:
        raise CommandError("--write changes the code, --declarations does not: choose one of them")
    return bool(options.write or options.diff or options.declarations)


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
        sys.stdout.write(edits.diff())
        return 0
    try:
        edits.write()
    except OSError as error:
        raise CommandError(str(error)) from error
    _report(edits, package)
    return 0


def _report(edits: Edits, package: Path | None) -> None:
    for change in edits.changes:
        print(f"{_shown(change.path)}: {'written' if change.before is None else 'changed'}")
    count = len(edits.declared)
    print(
        f"{count} {'signal is' if count == 1 else 'signals are'} declared, {len(edits.left)} left"
    )
    if package is not None and edits.changes:
        print(
            "mypy reads the declarations with these lines in mypy.ini:\n"
            "    [mypy]\n    plugins = typed_signals.mypy\n"
            f"    mypy_path = {_shown(package.parent)}\n"
            f"    [typed-signals]\n    declarations = {package.name}"
        )


def _shown(path: Path) -> str:
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()
