"""
The pytest plugin of typed-signals, with the fixture ``signal_spy``.

It is not a module of the package: pytest imports all installed plugins in each run, and would so
import the package where no test needs it, and before its coverage is measured.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typed_signals.testing import SignalSpy


@pytest.fixture
def signal_spy(request: pytest.FixtureRequest) -> Iterator[SignalSpy]:
    """
    Capture and mute signals until the end of the test, and undo what it connects.
    """
    from typed_signals.testing import SignalSpy  # rarely needed

    spy = SignalSpy()
    yield spy
    warning = spy._close(request.node.nodeid)
    if warning is not None:
        request.node.warn(warning)


# Not with ``wrapper``, because this is imported with any version of pytest that is installed.
@pytest.hookimpl(hookwrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
    """
    Keep what a fixture for several tests connects, even if the first of them uses ``signal_spy``.
    """
    isolating = sys.modules.get("typed_signals.testing._isolate")
    if isolating is None or fixturedef.scope == "function":
        yield
        return
    with isolating.kept():
        yield
