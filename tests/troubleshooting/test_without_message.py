"""
What the page describes happens without a message, and the fixes change it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import pytest
from mypy.config_parser import parse_config_file
from mypy.options import Options

from tests.mypy_runs import CONFIG, run_configured

from .examples import Example, beginning_of, examples_of
from .files import folder_with, write_and_run

pytestmark = pytest.mark.any_python

PAGE: Final = "docs/troubleshooting/no-message.md"
EXAMPLES: Final = examples_of(PAGE)
BEGINNING: Final = beginning_of(PAGE)

CALLED: Final = ["32 cm"]
REPORTED: Final = "[signal-send]"


def run(text: str) -> list[str]:
    with folder_with(BEGINNING) as folder:
        shown = write_and_run(text, ["main.py"])
    return [line.replace(f"{folder}/", "") for line in shown]


def check(text: str) -> list[str]:
    """
    Return what mypy reports, with the configuration file that it would read.
    """
    with folder_with(BEGINNING) as folder:
        write_and_run(text, [])
        options = Options()
        parse_config_file(options, lambda: None, None)
        config = folder / str(options.config_file)
        configuration = config.read_text("utf-8")
        if not options.check_untyped_defs:  # otherwise, mypy would read all packages again
            configuration = f"{CONFIG}\n[mypy-main]\ncheck_untyped_defs = false\n"
        return _check(configuration, Path("main.py").read_text("utf-8"))


@cache
def _check(configuration: str, program: str) -> list[str]:
    Path("mypy.ini").write_text(configuration, "utf-8")
    Path("main.py").write_text(program, "utf-8")
    output, problems = run_configured(Path("mypy.ini"), "main.py")
    assert not problems
    return output.splitlines()


def in_chapter(chapter: str) -> pytest.MarkDecorator:
    found = [each for each in EXAMPLES if each.chapter == chapter]
    return pytest.mark.parametrize("example", found, ids=str)


@in_chapter("A receiver is never called")
def test_never_called(example: Example) -> None:
    assert run(example.before) == []
    assert run(example.after) == CALLED


@in_chapter("A receiver is called twice")
def test_called_twice(example: Example) -> None:
    assert run(example.before) == CALLED * 2
    assert run(example.after) == CALLED


@in_chapter("mypy reports nothing")
def test_nothing_is_reported(example: Example) -> None:
    assert check(example.before) == []
    [line] = check(example.after)
    assert line.endswith(REPORTED)


@in_chapter("A circular import")
def test_circular_import(example: Example) -> None:
    assert run(example.before) == example.shown
    assert run(example.after) == []
