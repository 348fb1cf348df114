"""
How many random cases there are, and how a long run shows how far it is.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Callable

# What compares with Django needs it.
collect_ignore_glob = [] if find_spec("django") else ["test_*like_django.py"]

# Nothing here is about time, and the first case of a test imports much.
settings.register_profile(
    "short",
    max_examples=100,
    stateful_step_count=30,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "soak", settings.get_profile("short"), max_examples=10_000, stateful_step_count=100
)


def pytest_configure(config: pytest.Config) -> None:
    """
    Use the profile that the command line names, or the short one.
    """
    settings.load_profile(config.getoption("--hypothesis-profile") or "short")


@pytest.fixture
def step(request: pytest.FixtureRequest) -> Callable[..., None]:
    """
    A function for each case to call; a long run prints how many there were.

    A test with another number of cases than the profile's passes that number.
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
