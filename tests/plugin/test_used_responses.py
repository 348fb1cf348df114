"""
A module that uses the responses of sends may iterate what a generator returns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.mypy_runs import run_configured

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.any_python

CODE = """
from typing import Any, TypedDict
from typed_signals import Signal, receiver

class Done(TypedDict):
    size: int

done = Signal[Any, Done]()

@receiver(done)
def rows(size, **kwargs):
    yield size

async def send() -> Any:
"""


@pytest.mark.parametrize(
    ("statement", "is_reported"),
    [
        ("done.send(None, size=1)", True),
        ("await done.asend(None, size=1)", True),
        ("for _, found in done.send(None, size=1): print(*found)", False),
        ("return await done.asend(None, size=1)", False),
        ("print([list(found) for _, found in done.send_robust(None, size=1)])", False),
    ],
)
def test_generator_is_reported_if_no_response_is_used(
    tmp_path: Path, statement: str, *, is_reported: bool
) -> None:
    (tmp_path / "use.py").write_text(f"{CODE}    {statement}\n")
    config = tmp_path / "mypy.ini"
    config.write_text("[mypy]\nplugins = typed_signals.mypy\ncheck_untyped_defs = true\n")
    output, problems = run_configured(config, str(tmp_path / "use.py"))
    assert not problems
    assert ("done cannot connect rows: it is a generator" in output) == is_reported
