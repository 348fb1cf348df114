"""
What a worker shows is what the page shows, and the fixes end it.
"""

from __future__ import annotations

from typing import Final

import pytest

from .examples import Example, beginning_of, comparable, examples_of
from .files import folder_with, write_and_run

pytestmark = pytest.mark.any_python

PAGE: Final = "docs/troubleshooting/worker.md"


def run(text: str) -> list[str]:
    with folder_with(beginning_of(PAGE)):
        return write_and_run(text, ("sell.py", "worker.py"))


@pytest.mark.parametrize("example", examples_of(PAGE), ids=str)
def test_entry(example: Example) -> None:
    assert comparable(run(example.before)) == comparable(example.shown)
    assert run(example.after) == []
