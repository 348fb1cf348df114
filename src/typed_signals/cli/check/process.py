"""
The process in which mypy checks a part of a project.

It reads a ``Job``, and writes events: a JSON list a line, such as ``["message", {...}]``.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TextIO

from mypy.build import build
from mypy.errors import CompileError
from mypy.fscache import FileSystemCache
from typing_extensions import override

from typed_signals.cli.child import work
from typed_signals.cli.project.runs import MypyRuns, extend_path

from .calls import CODE
from .plugin import PATH
from .unhidden import shadows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from mypy.modulefinder import BuildSource
    from mypy.options import Options

    from typed_signals.cli.project import Part, Project

_OURS: Final = "typed_signals.cli.check.plugin"
_PLUGIN: Final = "typed_signals.mypy"


@dataclass(frozen=True)
class Job:
    """
    What to check.
    """

    project: Project
    part: Part
    cache: Path
    workers: int


def main() -> None:
    """
    Do the job in stdin.
    """

    def do(job: Job, events: TextIO) -> None:
        def report(kind: str, value: object) -> None:
            print(json.dumps([kind, value]), file=events, flush=True)

        run_job(job, report)

    work(do)


def run_job(job: Job, report: Callable[[str, object], None]) -> None:
    """
    Check the part of a project, in its folder.

    Args:
        job: what to check.
        report: called with the kind and the value of each event.
    """
    # Also for workers, which import our plugin first.
    os.environ[PATH] = os.pathsep.join(extend_path(job.project, job.part))
    Run(job, report).finish([_OURS], ignored=[_PLUGIN])


class Run(MypyRuns):
    """
    mypy runs that report errors and calls as events.
    """

    def __init__(self, job: Job, report: Callable[[str, object], None]) -> None:
        super().__init__(job.project, job.part, job.cache, report)
        self._workers = job.workers
        self._shadows = shadows(map(str, job.part.files.values()), job.cache) or None

    @override
    def options(self) -> Options:
        options = super().options()
        options.output = "json"
        options.enable_error_code = [*options.enable_error_code, CODE]
        options.show_traceback = True
        options.shadow_file = self._shadows
        if self._workers:
            options.num_workers = self._workers
            options.native_parser = True
        return options

    @override
    def build(self, sources: Sequence[BuildSource], options: Options) -> list[str]:
        stopped: list[str] = []

        def flush(path: str | None, messages: list[str], _: bool) -> None:
            if path is None:
                stopped.extend(messages)
                return
            self.report("checked", path)
            for message in messages:
                self.report("message", json.loads(message))

        try:
            build([*sources], options, None, flush, FileSystemCache())
        except CompileError:
            return stopped or ["mypy stopped without a message"]
        except (Exception, SystemExit):
            if not self._workers:
                raise
            # In them, plugins start from nothing.
            self._workers = options.num_workers = 0
            return self.build(sources, options)
        return []
