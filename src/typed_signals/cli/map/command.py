"""
The command: choose what is shown of a survey, and write it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console

from typed_signals.cli.exits import CLEAN, CommandError
from typed_signals.cli.output import opened
from typed_signals.cli.survey.for_command import survey_for

from .chart import chart_of
from .data import chart_json, impact_json
from .graphviz import dot_text
from .impact import impacts_of, read_change
from .mermaid import MOST_EDGES, mermaid_text
from .outline import chart_lines, impact_lines, print_lines
from .page import page_html
from .selection import Selection

if TYPE_CHECKING:
    from argparse import Namespace

    from typed_signals.cli.survey.model import Survey

    from .chart import Chart
    from .impact import Change
    from .outline import Line

_FORMATS: Final = {".html": "html", ".json": "json", ".mmd": "mermaid", ".dot": "dot"}
"""The formats of files by suffix; of others, text."""


def write_map(arguments: Namespace) -> int:
    """
    Write the map of a project, and return the exit code.

    Raises:
        CommandError: the project cannot be read, a name is not known, or the file cannot be
            written.
    """
    show(survey_for(arguments), arguments)
    return CLEAN


def show(survey: Survey, arguments: Namespace) -> None:
    """
    Write the part of *survey* that the *arguments* ask for.

    Raises:
        CommandError: a name is not known, or the file cannot be written.
    """
    output: Path | None = arguments.output
    suffix = "" if output is None else output.suffix
    form = arguments.format or _FORMATS.get(suffix, "text")
    selection = Selection(
        patterns=tuple(arguments.signal),
        packages=tuple(arguments.package),
        kinds=tuple(arguments.kind),
        marks=tuple(each.replace("-", " ") for each in arguments.only),
    )
    # A change of a signal also touches tests.
    with_tests = arguments.tests or arguments.impact is not None
    chart = selection.of(chart_of(survey, with_tests=with_tests))
    if arguments.impact is None:
        content = _chart_content(chart, form, Path(survey.root).name)
    else:
        content = _impact_content(read_change(arguments.impact, chart), chart, form)
    with opened(output) as file:
        if isinstance(content, str):
            file.write(content)
        else:
            print_lines(content, Console(file=file))


def _chart_content(chart: Chart, form: str, project: str) -> str | list[Line]:
    if form == "text":
        return list(chart_lines(chart))
    if form == "json":
        return chart_json(chart)
    if form == "html":
        return page_html(chart, project)
    if form == "dot":
        return dot_text(chart)
    text = mermaid_text(chart)
    if (edges := text.count("-->")) > MOST_EDGES:
        print(
            f"Mermaid draws at most {MOST_EDGES} edges, but these are {edges}: choose signals with "
            "--signal or --package",
            file=sys.stderr,
        )
    return text


def _impact_content(change: Change, chart: Chart, form: str) -> str | list[Line]:
    impacts = impacts_of(change, chart)
    if form == "text":
        return list(impact_lines(change, impacts))
    if form == "json":
        return impact_json(change, impacts)
    raise CommandError(f"--impact cannot be written as {form}: use text or json")
