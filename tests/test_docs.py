"""
The code blocks of the pages about the plugin have the documented results.
"""

from __future__ import annotations

import sys
import types
import warnings
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import pytest

from typed_signals.exceptions import ContractWarning, SignalError
from typed_signals.mypy import codes

from .markdown import errors_of_mypy, read_blocks
from .plugin.casefile import FOUND_AT_RUN_TIME, is_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.pages

BLOCKS = read_blocks("docs/reference/plugin.md")
LIMITS = read_blocks("docs/reference/plugin-limits.md")
CONFIG, WITH_UNSENT, WITHOUT_TWO, WITHOUT_ALL = (b.text for b in BLOCKS if b.language == "ini")
BEGINNING, *PYTHON = [block for block in BLOCKS if block.language == "python"]
BEGINNING_OF_LIMITS, *PYTHON_OF_LIMITS = [b for b in LIMITS if b.language == "python"]
CODES = [
    code.code
    for code in (*vars(codes).values(), *codes.BY_PROBLEM.values())
    if getattr(code, "sub_code_of", None) is codes.ALL
]


class Example(NamedTuple):
    """
    A block of Python, and the errors of mypy on the page.
    """

    name: str
    section: str
    program: str
    shown: list[str]


def read_examples() -> list[Example]:
    followed_by = {**dict(pairwise(BLOCKS)), **dict(pairwise(LIMITS))}
    examples = []
    for number, block in enumerate([*PYTHON, *PYTHON_OF_LIMITS]):
        after = followed_by.get(block)
        shown = after.text.splitlines() if after and after.language == "text" else []
        program = f"{BEGINNING.text}\n\n{block.text}"
        examples.append(Example(f"example_{number:02}", block.section, program, shown))
    return examples


EXAMPLES = read_examples()
WRONG = [example for example in EXAMPLES if example.shown]
UNCAUGHT = [example for example in EXAMPLES if example.section == "What is not reported"]
RIGHT = [example for example in EXAMPLES if not example.shown and example not in UNCAUGHT]

Report = dict[str, list[str]]


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Report]:
    """
    Return a function that checks all examples at once and returns their errors by name.
    """
    folder: Path = tmp_path_factory.mktemp("docs")
    for example in EXAMPLES:
        (folder / f"{example.name}.py").write_text(example.program, "utf-8")
    reports: dict[str, Report] = {}

    def run(config: str) -> Report:
        if config not in reports:
            (folder / "mypy.ini").write_text(config, "utf-8")
            report = reports[config] = {example.name: [] for example in EXAMPLES}
            for line in errors_of_mypy(folder, "--warn-unused-ignores"):
                place, severity, message = line.split(": ", 2)
                report[place.partition(".")[0]].append(f"{severity}: {message}")
        return reports[config]

    return run


def test_pages_start_with_the_same_names() -> None:
    assert BEGINNING_OF_LIMITS.text == BEGINNING.text


def code_of(message: str) -> str:
    return message.rpartition("[")[2].removesuffix("]")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.section)
def test_mypy_reports_the_shown_errors(check: Callable[[str], Report], example: Example) -> None:
    off = example.section == "signal-unsent"
    assert check(CONFIG)[example.name] == ([] if off else example.shown)
    assert check(WITH_UNSENT)[example.name] == example.shown


def test_every_code_has_a_section_with_a_wrong_and_a_right_example() -> None:
    for code in CODES:
        wrong, right = (example for example in EXAMPLES if example.section == code)
        assert {code_of(message) for message in wrong.shown} == {code}
        assert right.shown == []


@pytest.mark.parametrize("example", RIGHT, ids=lambda example: example.section)
def test_right_examples_run(example: Example) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run(example)


@pytest.mark.parametrize(
    "example",
    [example for example in WRONG if code_of(example.shown[0]) in FOUND_AT_RUN_TIME],
    ids=lambda example: example.section,
)
def test_connect_and_send_find_the_first_mistake_too(example: Example) -> None:
    # With a decorator in between, connect only warns.
    with pytest.raises((SignalError, ContractWarning)) as raised:
        run(example)
    if example.section.startswith("signal-"):
        problem = example.shown[0].partition("error: ")[2].partition(": ")[2]
        assert is_in(problem.rpartition("  [")[0], str(raised.value))


@pytest.mark.parametrize("example", UNCAUGHT)
def test_unreported_mistakes_are_found_at_run_time(example: Example) -> None:
    with pytest.raises((SignalError, ContractWarning)):  # warnings are errors in tests
        run(example)


def test_codes_are_disabled_as_documented(check: Callable[[str], Report]) -> None:
    everything, without_two = check(CONFIG), check(WITHOUT_TWO)
    for name, messages in everything.items():
        kept = [m for m in messages if code_of(m) not in ("signal-weak", "signal-read")]
        assert without_two[name] == kept
    for messages in check(WITHOUT_ALL).values():
        assert not any(code_of(message) in CODES for message in messages)


def run(example: Example) -> None:
    module = types.ModuleType(example.name)
    with pytest.MonkeyPatch.context() as patch:
        # Receivers in the background are found by their names.
        patch.setitem(sys.modules, example.name, module)
        exec(compile(example.program, f"{example.name}.py", "exec"), vars(module))
