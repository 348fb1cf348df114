"""
The survey of a whole project: mypy reads each part of it in another process.
"""

from __future__ import annotations

import json
import pickle
import subprocess
from typing import TYPE_CHECKING, Final

from typed_signals.cli.child import child_command
from typed_signals.cli.exits import CommandError
from typed_signals.cli.project import cache_folder
from typed_signals.cli.project.crash import crash_message

from .model import SignalFact, Survey, facts_from_json
from .process import Job

if TYPE_CHECKING:
    from pathlib import Path

    from typed_signals.cli.project import Project

_COMMAND: Final = child_command("typed_signals.cli.survey.process")


def take_survey(project: Project, cache: Path | None = None, *, infers: bool = False) -> Survey:
    """
    Return the survey of a project.

    Args:
        project: the project.
        cache: where to store what mypy uses again.
        infers: whether to infer the annotations of functions that have none, which takes twice the
            time.

    Raises:
        CommandError: mypy cannot read anything.
    """
    folder = cache or cache_folder(project, "survey")
    surveys = [_survey_of_part(Job(project, part, folder, infers)) for part in project.parts]
    found = _joined(str(project.root), surveys)
    is_empty = not (found.signals or found.sends or found.receivers)
    if is_empty and (project.lacks or found.problems):
        why = f"mypy cannot read the project: {'; '.join(found.problems)}"
        raise CommandError("; ".join(project.lacks) or why)
    return found


def _survey_of_part(job: Job) -> Survey:
    ended = subprocess.run(_COMMAND, input=pickle.dumps(job), capture_output=True, check=False)
    if ended.returncode:
        raise CommandError(crash_message(ended.stderr.decode(errors="replace"), job.cache))
    survey: Survey = facts_from_json(Survey, json.loads(ended.stdout))
    return survey


def _joined(root: str, surveys: list[Survey]) -> Survey:
    """
    Return what several parts of a project contain.
    """
    signals: dict[str, SignalFact] = {}
    ancestors: dict[str, tuple[str, ...]] = {}
    for survey in surveys:
        ancestors |= survey.ancestors
        for fact in survey.signals:
            if fact.fullname not in signals or fact.in_project:
                signals[fact.fullname] = fact
    return Survey(
        root,
        tuple(signals[name] for name in sorted(signals)),
        tuple(sorted((one for s in surveys for one in s.sends), key=lambda one: one.place)),
        tuple(sorted((one for s in surveys for one in s.receivers), key=lambda one: one.place)),
        tuple(dict.fromkeys(one for s in surveys for one in s.problems)),
        ancestors,
        tuple(sorted({one for s in surveys for one in s.of_tests})),
    )
