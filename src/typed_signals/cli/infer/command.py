"""
The command: survey the project, infer, and report.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.console import Console

from typed_signals._watch.by_name import is_meant
from typed_signals.cli.exits import CLEAN, FOUND, CommandError
from typed_signals.cli.output import no_signal, opened
from typed_signals.cli.survey.for_command import survey_for

from .report import print_report, report_json
from .witnesses import infer
from .writing import with_recordings, write, writes

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from .result import Inference


def run_infer(arguments: Namespace) -> int:
    """
    Report what the signals of a project carry, or declare it.

    Returns:
        the exit code: whether a send differs from others.

    Raises:
        CommandError: the project cannot be read, or the report cannot be written.
    """
    is_writing = writes(arguments)
    survey = survey_for(arguments, infers=True)
    inference = _chosen(with_recordings(arguments, infer(survey)), arguments.signal)
    if is_writing:
        return write(arguments, inference, survey)
    _write(inference, arguments)
    return FOUND if any(signal.drifts for signal in inference.signals) else CLEAN


def _chosen(inference: Inference, patterns: Sequence[str]) -> Inference:
    names = [signal.fullname for signal in inference.signals]
    for pattern in patterns:
        if not any(is_meant(name, pattern) for name in names):
            raise CommandError(no_signal(pattern, names))
    signals = [
        signal
        for signal in inference.signals
        if not patterns or any(is_meant(signal.fullname, pattern) for pattern in patterns)
    ]
    return replace(inference, signals=tuple(signals))


def _write(inference: Inference, arguments: Namespace) -> None:
    with opened(arguments.output) as file:
        if arguments.format == "json":
            print(json.dumps(report_json(inference), indent=2), file=file)
        else:
            print_report(inference, Console(file=file, highlight=False))
