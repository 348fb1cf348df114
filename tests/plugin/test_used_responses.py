"""
A module that uses the responses of sends may iterate what a generator returns.
"""

from __future__ import annotations

from typing import Final

import pytest

from tests.mypy_runs import check_programs

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
# Whether the generator is reported.
STATEMENTS: Final = {
    "done.send(None, size=1)": True,
    "await done.asend(None, size=1)": True,
    "for _, found in done.send(None, size=1): print(*found)": False,
    "return await done.asend(None, size=1)": False,
    "print([list(found) for _, found in done.send_robust(None, size=1)])": False,
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    programs = {statement: f"{CODE}    {statement}\n" for statement in STATEMENTS}
    return check_programs(tmp_path_factory.mktemp("uses"), programs)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_generator_is_reported_if_no_response_is_used(
    found: dict[str, list[str]], statement: str
) -> None:
    is_reported = "done cannot connect rows: it is a generator" in "\n".join(found[statement])
    assert is_reported == STATEMENTS[statement]
