"""
The plugin does not crash, hang or give varying results for random and mutated programs.
"""

from __future__ import annotations

import random
import re
import shutil
import sys
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import settings

import tests
from tests.plugin.checking import check, in_a_process
from tests.plugin.grammar import INCOMPLETE, write
from tests.plugin.layouts import made_up as layout_made_up
from tests.plugin.layouts import mistakes_in, options
from tests.plugin.mutants import mutants

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.any_python

SEED: Final = 20240229
# The number of programs per mypy run, which is faster than one run for each,
A_RUN: Final = 40
# and the number of programs that import each other.
A_CIRCLE: Final = 4

CASES: Final = Path(str(tests.__file__)).parent
FOLDERS: Final = {
    "plugin/cases": True,
    "django/cases": find_spec("mypy_django_plugin") is not None,
    "third_party/cases": find_spec("flask") is not None,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Return the folder for programs and mypy's cache; all runs need the standard library.
    """
    folder = tmp_path_factory.mktemp("programs")
    (folder / "incomplete.pyi").write_text(INCOMPLETE, "utf-8")
    return folder


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """
    Return the seed from the command line, or a constant one.
    """
    given = request.config.getoption("--hypothesis-seed")
    return SEED if given is None else int(given)


def runs() -> int:
    """
    Return the number of mypy runs: one, or more if the profile has more cases.
    """
    return settings().max_examples // settings.get_profile("short").max_examples


def show_progress(request: pytest.FixtureRequest, number: int) -> None:
    if runs() > 1:
        sys.stderr.write(f"{request.node.name}: run {number + 1} of {runs()}\n")


def assert_checked_alike(folder: Path, sources: dict[str, str], seed: int) -> None:
    """
    Assert that mypy checks *sources* completely, and has the same output with a warm cache.
    """
    try:
        cold = _verdicts(check(folder, sources))
        warm = _verdicts(check(folder, sources))
    except AssertionError as error:
        error.add_note(f"The seed is {seed}.")
        raise
    for name, source in sources.items():
        assert cold.get(name) == warm.get(name), f"the seed is {seed}; {name}.py is:\n{source}"


def _verdicts(output: str) -> dict[str, set[str]]:
    """
    Return our part of the output of mypy, by module; a module may be in several runs.
    """
    found: dict[str, set[str]] = {}
    for line in output.splitlines():
        place = re.match(r".*?(\w+)\.py:\d+: error: .*\[(signal-[a-z-]+)\]$", line)
        if place is not None:
            found.setdefault(place[1], set()).add(line)
    return found


def made_up(chance: random.Random) -> Iterator[dict[str, str]]:
    """
    Yield the programs of one run after the other.
    """
    names = [f"program_{number}" for number in range(A_RUN)]
    circles = [names[start : start + A_CIRCLE] for start in range(0, A_RUN, A_CIRCLE)]
    while True:
        yield {name: write(chance, name, circle) for circle in circles for name in circle}


def made_of_others(chance: random.Random, *, all_of_them: bool) -> Iterator[dict[str, str]]:
    folders = [name for name, is_there in FOLDERS.items() if is_there][: None if all_of_them else 1]
    paths = sorted(path for name in folders for path in (CASES / name).glob("*.py"))
    found = mutants(paths, chance)
    while True:
        some = enumerate(islice(found, A_RUN // 2))  # they are longer
        yield {f"{name}_{number}": text for number, (name, text) in some}


def test_generated_programs_are_checked_completely(
    folder: Path, seed: int, request: pytest.FixtureRequest
) -> None:
    programs = made_up(random.Random(seed))  # noqa: S311 - nothing is secret
    for number in range(runs()):
        assert_checked_alike(folder, next(programs), seed)
        show_progress(request, number)


def test_mutants_of_the_cases_are_checked_completely(
    folder: Path, seed: int, request: pytest.FixtureRequest
) -> None:
    chance = random.Random(seed)  # noqa: S311 - nothing is secret
    programs = made_of_others(chance, all_of_them=runs() > 1)
    for number in range(runs()):
        assert_checked_alike(folder, next(programs), seed)
        show_progress(request, number)


def test_names_of_modules_do_not_matter(
    tmp_path: Path, seed: int, request: pytest.FixtureRequest
) -> None:
    chance = random.Random(seed)  # noqa: S311 - nothing is secret
    for number in range(runs()):
        layout = layout_made_up(chance)
        for is_reversed in (False, True):
            root = tmp_path / f"{number}-{is_reversed}"
            names = layout.names(is_reversed=is_reversed)
            output, problems, _ = in_a_process([*layout.write(root, names), *options(root)])
            assert not problems
            told = f"the seed is {seed}; the modules are in {root}"
            assert mistakes_in(output) == layout.places(names), told
            shutil.rmtree(root / "cache")
        show_progress(request, number)
