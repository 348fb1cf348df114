"""
The number of random cases, and the progress of a long run.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Callable

# Comparisons with Django need it.
collect_ignore_glob = [] if find_spec("django") else ["test_*like_django.py"]

# Time does not matter here, and the first case of a test imports many modules.
settings.register_profile(
    "short",
    max_examples=100,
    stateful_step_count=30,
    deadline=None,
    database=None,
    # The same cases in each run; `make soak` has others, from a seed.
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "soak",
    settings.get_profile("short"),
    max_examples=10_000,
    stateful_step_count=100,
    derandomize=False,
)


def pytest_configure(config: pytest.Config) -> None:
    """
    Use the profile from the command line, or the short one.
    """
    settings.load_profile(config.getoption("--hypothesis-profile") or "short")


@pytest.fixture
def step(request: pytest.FixtureRequest) -> Callable[..., None]:
    """
    A function that each case calls; a long run prints the number of cases.

    A test with its own number of cases passes this number.
    """
    count = 0
    most = settings().max_examples
    is_long = most > settings.get_profile("short").max_examples

    def step(total: int = most) -> None:
        nonlocal count
        count += 1
        if is_long and count % max(1, total // 20) == 0:
            sys.stderr.write(f"{request.node.name}: {count} of {total}\n")

    return step
