"""
Partials with ``functools.Placeholder``, which exists since Python 3.14.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.mypy_runs import run_configured

if TYPE_CHECKING:
    from pathlib import Path

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


@pytest.mark.parametrize(
    ("code", "is_reported"),
    [
        ("log_in = partial(log, Placeholder, 2)\ndone.connect(log_in)", True),
        ("log_in = partial(log, Placeholder, 2, 3)\ndone.connect(log_in)", True),
        ("done.connect(partial(log, Placeholder, 2), weak=False)", True),
        ("log_in = partial(partial(log, Placeholder, 2), 1)\ndone.connect(log_in)", False),
        (
            "left = partial(log, Placeholder, 2)\nlog_in = partial(left, 1)\ndone.connect(log_in)",
            False,
        ),
        ("log_in = partial(log, 1, 2)\ndone.connect(log_in)", False),
        ("values = [1, 2]\nlog_in = partial(log, *values)\ndone.connect(log_in)", False),
    ],
)
def test_placeholder_that_is_not_filled_is_reported(
    tmp_path: Path, code: str, *, is_reported: bool
) -> None:
    (tmp_path / "use.py").write_text(f"{HEADER}\n{code}\n")
    config = tmp_path / "mypy.ini"
    config.write_text("[mypy]\nplugins = typed_signals.mypy\npython_version = 3.14\n")
    output, problems = run_configured(config, str(tmp_path / "use.py"))
    assert not problems
    found = [line.partition(": ")[2] for line in output.splitlines()]
    assert found == [PROBLEM] * is_reported
