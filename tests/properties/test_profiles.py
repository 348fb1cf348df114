"""
The numbers of cases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable


def test_number_of_cases_is_that_of_the_profile(step: Callable[[], None]) -> None:
    cases = []

    @given(number=st.integers())
    def check(number: int) -> None:
        step()
        cases.append(number)

    check()
    assert len(cases) == settings().max_examples
