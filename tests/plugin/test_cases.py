"""
The errors of the plugin, and their comparison with the run time.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from mypy.errorcodes import ErrorCode

from tests.mypy_runs import CONFIG, run_configured
from typed_signals.mypy import codes

from .casefile import CASES, disagreements, expected_errors, reported

if TYPE_CHECKING:
    from pathlib import Path

    from .casefile import Error

FILES = sorted(CASES.glob("*.py"))


@pytest.fixture(scope="session")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Error]]:
    """
    Check all case files in one run of mypy.
    """
    config = tmp_path_factory.mktemp("mypy") / "mypy.ini"
    config.write_text(CONFIG, "utf-8")
    output, problems = run_configured(config, *map(str, FILES))
    assert not problems
    return reported(output)


@pytest.mark.any_python
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_mypy_reports_exactly_the_expected_errors(
    path: Path, verdicts: dict[str, list[Error]]
) -> None:
    assert verdicts.get(path.name, []) == expected_errors(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_run_time_has_the_same_result(path: Path) -> None:
    assert disagreements(path) == []


def test_every_case_file_has_errors() -> None:
    assert FILES
    for path in FILES:
        assert expected_errors(path), path.name


def test_there_are_enough_cases_of_every_code() -> None:
    count = Counter(error.code for path in FILES for error in expected_errors(path))
    assert count.total() >= 200
    ours = {code.code for code in vars(codes).values() if isinstance(code, ErrorCode)}
    ours |= {code.code for code in codes.BY_PROBLEM.values()}
    rare = {code: count[code] for code in ours - {"signal"} if count[code] < 3}
    assert rare == {}
