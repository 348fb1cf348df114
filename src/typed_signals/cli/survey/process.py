"""
The process in which mypy reads a part of a project.

It reads a ``Job``, and writes the survey as JSON.
"""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stderr
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from typed_signals.cli.child import work
from typed_signals.cli.output import shown
from typed_signals.cli.project.crash import CRASH
from typed_signals.cli.project.runs import MypyRuns, extend_path

from .model import Survey, facts_to_json
from .take import survey_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy.modulefinder import BuildSource
    from mypy.options import Options

    from typed_signals.cli.project import Part, Project

_PLUGIN: Final = "typed_signals.mypy"


@dataclass(frozen=True)
class Job:
    """
    What to read.
    """

    project: Project
    part: Part
    cache: Path

    infers: bool = False
    """Whether to infer the annotations of functions that have none."""


def main() -> None:
    """
    Do the job in stdin.
    """
    work(lambda job, output: json.dump(facts_to_json(run_job(job)), output))


def run_job(job: Job) -> Survey:
    """
    Return the survey of a part of a project.
    """
    extend_path(job.project, job.part)
    run = _Run(job)
    run.finish(ignored=[_PLUGIN])
    return replace(run.survey, problems=tuple(run.problems))


class _Run(MypyRuns):
    """
    The mypy runs, of which the last one gives the survey.
    """

    def __init__(self, job: Job) -> None:
        super().__init__(job.project, job.part, job.cache, self._note)
        self.survey = Survey(str(job.project.root))
        self._infers = job.infers
        self.problems: list[str] = []

    @override
    def build(self, sources: Sequence[BuildSource], options: Options) -> list[str]:
        root = str(self.project.root)
        printed = StringIO()
        try:
            with redirect_stderr(printed):
                self.survey = survey_of(sources, options, root, infers=self._infers)
        except SystemExit:
            # mypy crashed: without this file, it may not.
            crash = CRASH.search(printed.getvalue())
            if crash is None or crash["path"] not in {source.path for source in sources}:
                raise
            return [f"{crash['path']}:{crash['line']}: error: mypy crashes here"]
        finally:
            sys.stderr.write(printed.getvalue())
        return [*self.survey.problems]

    def _note(self, kind: str, value: object) -> None:
        if kind == "remark":
            self.problems.append(str(value))
        elif kind == "unread" and isinstance(value, list):
            path, why = value
            self.problems.append(f"not checked: {shown(Path(path), self.project.root)}:{why}")
        elif kind == "stopped" and isinstance(value, list):
            self.problems += value
