"""
Partials with ``functools.Placeholder``, which exists since Python 3.14.
"""

from __future__ import annotations

import sys
from typing import Final

import pytest

from tests.mypy_runs import check_programs

pytestmark = pytest.mark.any_python

HEADER = """
from functools import Placeholder, partial
from typing import Any, TypedDict
from typed_signals import Signal

class Done(TypedDict):
    size: int

done = Signal[Any, Done]()

def log(shop, oven, sender, size, **kwargs): ...
"""
PROBLEM = (
    "error: done cannot connect partial object: functools.Placeholder needs a positional argument, "
    "but receivers are called with keyword arguments: use a value instead, or bind the other "
    "arguments by keyword  [signal-positional]"
)
# Whether it is reported.
CASES: Final = {
    "log_in = partial(log, Placeholder, 2)\ndone.connect(log_in)": True,
    "log_in = partial(log, Placeholder, 2, 3)\ndone.connect(log_in)": True,
    "done.connect(partial(log, Placeholder, 2), weak=False)": True,
    "log_in = partial(partial(log, Placeholder, 2), 1)\ndone.connect(log_in)": False,
    "left = partial(log, Placeholder, 2)\nlog_in = partial(left, 1)\ndone.connect(log_in)": False,
    "log_in = partial(log, 1, 2)\ndone.connect(log_in)": False,
    "values = [1, 2]\nlog_in = partial(log, *values)\ndone.connect(log_in)": False,
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    programs = {code: f"{HEADER}\n{code}\n" for code in CASES}
    options = () if sys.version_info >= (3, 14) else ("--python-version", "3.14")
    return check_programs(tmp_path_factory.mktemp("uses"), programs, *options)


@pytest.mark.parametrize("code", CASES)
def test_placeholder_that_is_not_filled_is_reported(found: dict[str, list[str]], code: str) -> None:
    assert [line.partition(": ")[2] for line in found[code]] == [PROBLEM] * CASES[code]
