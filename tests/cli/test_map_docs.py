"""
The commands on the page about the map have the documented output, and its tables are complete.
"""

from __future__ import annotations

import json
import re
import shlex
from argparse import ArgumentParser
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from tests.markdown import ROOT, read_blocks
from typed_signals.cli.map import FORMATS, KINDS, LACKING, add_arguments
from typed_signals.cli.map.chart import MARKS
from typed_signals.cli.map.command import show

from .surveys import survey_folder

if TYPE_CHECKING:
    from typed_signals.cli.survey.model import Survey

PAGE = "docs/reference/map.md"
BLOCKS = read_blocks(PAGE)
OUTPUTS = [
    (command.text, output.text)
    for command, output in pairwise(BLOCKS)
    if command.language == "sh" and output.language not in ("sh", "python")
]


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Survey:
    """
    The survey of the project on the page.
    """
    folder = tmp_path_factory.mktemp("pizzas")
    for block in BLOCKS:
        if block.language == "python":
            path = folder / block.text.partition("\n")[0].removeprefix("# ")
            path.parent.mkdir(exist_ok=True)
            path.write_text(block.text, "utf-8")
    return survey_folder(folder)


def parsed(*words: str) -> Any:
    parser = ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(words)


@pytest.mark.parametrize("number", range(5))
def test_command_has_the_documented_output(
    number: int, survey: Survey, capsys: pytest.CaptureFixture[str]
) -> None:
    command, output = OUTPUTS[number]
    show(survey, parsed(*shlex.split(command)[2:]))
    assert capsys.readouterr() == (output, "")


def test_all_commands_are_tested() -> None:
    assert len(OUTPUTS) == 5


def first_column(heading: str) -> set[str]:
    """
    Return the names in the first column of the table with this *heading*.
    """
    text = (ROOT / PAGE).read_text("utf-8")
    table = text.partition(f"\n| {heading} | |\n|---|---|\n")[2].partition("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines()]
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def test_tables_name_all_formats_and_marks() -> None:
    assert first_column("`--format`") == set(FORMATS)
    assert first_column("a signal is") == set(MARKS)
    text = (ROOT / PAGE).read_text("utf-8")
    for word in (*KINDS, *LACKING):
        assert f"`{word}`" in text, word


def test_tables_name_all_facts(survey: Survey, capsys: pytest.CaptureFixture[str]) -> None:
    show(survey, parsed("--format", "json"))
    data = json.loads(capsys.readouterr().out)
    signal = next(each for each in data["signals"] if each["sends"] and each["receivers"])
    assert first_column("in `signals`") == signal.keys()
    assert first_column("in `sends`") == signal["sends"][0].keys()
    assert first_column("in `receivers`") == signal["receivers"][0].keys()
