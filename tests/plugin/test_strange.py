"""
No program, however strange, makes the plugin fail.
"""

from __future__ import annotations

import io
import random
import re
import tokenize
import warnings
from typing import TYPE_CHECKING

import pytest
from mypy import api

from .casefile import CASES
from .strange import programs

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """\
[mypy]
plugins = typed_signals.mypy
check_untyped_defs = true
enable_error_code = signal-unsent
"""
SEED = 20240229
MUTANTS_OF_EACH = 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Return where the programs and mypy's cache go; both tests need the standard library's types.
    """
    return tmp_path_factory.mktemp("strange")


def check(folder: Path, sources: dict[str, str]) -> str:
    """
    Return the output of one run of mypy over *sources*, by module name, that got to its end.

    What mypy refuses to analyse at all is left out; the plugin never gets to see it.
    """
    (folder / "mypy.ini").write_text(CONFIG)
    options = ["--config-file", str(folder / "mypy.ini"), "--cache-dir", str(folder / "cache")]
    for name, source in sources.items():
        (folder / f"{name}.py").write_text(source)
    names = set(sources)
    while True:
        files = [str(folder / f"{name}.py") for name in sorted(names)]
        output, problems, status = api.run([*options, "--show-traceback", *files])
        assert "INTERNAL ERROR" not in problems + output, problems
        assert "Traceback" not in problems + output, problems
        if status != 2:
            return output
        blocked = names.intersection(re.findall(r"(\w+)\.py:\d+: error: ", output))
        assert blocked, output + problems
        names -= blocked


def test_strange_programs_are_checked_to_the_end(folder: Path) -> None:
    output = check(folder, programs())
    assert "[signal-parameter]" in output
    silent = {name for name in programs() if f"{name}.py:" not in output}
    assert not silent  # all of them are wrong somewhere


def test_mutants_of_the_cases_are_checked_to_the_end(folder: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311 - nothing is secret
    mutants = {}
    for path in sorted(CASES.glob("*.py")):
        # An option of mypy that is spelt wrongly makes mypy fail by itself.
        source = re.sub(r"^# mypy: .*\n", "", path.read_text())
        for number in range(MUTANTS_OF_EACH):
            mutants[f"{path.stem}_{number}"] = mutate(source, chance)
    print(f"mutants made with the seed {SEED}")  # noqa: T201 - pytest shows it on failure
    check(folder, mutants)


def mutate(source: str, chance: random.Random) -> str:
    """
    Return *source* with some of its lines or tokens deleted, doubled or swapped.

    It is still one that Python can compile, as nothing else gets as far as the plugin.
    """
    while True:
        mutant = source
        for _ in range(chance.randint(1, 6)):
            pieces = tokens(mutant) if chance.random() < 0.7 else mutant.splitlines(keepends=True)
            one, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
            match chance.choice(["delete", "double", "swap", "copy"]):
                case "delete":
                    pieces[one] = ""
                case "double":
                    pieces[one] *= 2
                case "swap":
                    pieces[one], pieces[other] = pieces[other], pieces[one]
                case _:
                    pieces[one] = pieces[other]
            mutant = "".join(pieces)
        if mutant != source and compiles(mutant):
            return mutant


def tokens(source: str) -> list[str]:
    """
    Return the tokens of *source*, with what stands between them; the lines, if there are none.
    """
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    pieces = []
    position = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            start, end = (starts[row - 1] + column for row, column in (token.start, token.end))
            pieces += [source[position:start], source[start:end]]
            position = end
    except (tokenize.TokenError, SyntaxError, IndexError):
        return lines
    return pieces


def compiles(source: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            compile(source, "mutant", "exec")
        except (SyntaxError, ValueError):
            return False
    return True
