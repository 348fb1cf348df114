"""
The survey of the project that a command is called for.
"""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

from rich.console import Console

from typed_signals.cli.project import find_project

from .parts import take_survey

if TYPE_CHECKING:
    from argparse import Namespace

    from .model import Survey


def survey_for(arguments: Namespace, *, infers: bool = False) -> Survey:
    """
    Return the survey of the project in *arguments*, and print what is wrong with the project.

    Args:
        arguments: those of the command.
        infers: as for ``take_survey``.

    Raises:
        CommandError: the project cannot be read.
    """
    project = find_project(arguments.paths, arguments.python)
    console = Console(stderr=True)
    with console.status("reading the project") if console.is_terminal else nullcontext():
        survey = take_survey(project, infers=infers)
    for problem in (*project.remarks, *survey.problems):
        print(problem, file=sys.stderr)
    return survey
