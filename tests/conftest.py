"""
Fixtures for several test files.
"""

from __future__ import annotations

import gc
import os
import sys
from functools import cache
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import pytest

from tests import garbage
from tests.shared_folders import SHARED
from typed_signals import Signal
from typed_signals._declare import keys
from typed_signals._send import choice

if TYPE_CHECKING:
    from collections.abc import Callable

# An error in the plugin fails the test, in any process that runs mypy.
os.environ["TYPED_SIGNALS_RAISE"] = "1"
# Outputs are compared without colours.
os.environ.pop("FORCE_COLOR", None)


def pytest_configure(config: pytest.Config) -> None:
    """
    Create a folder that the processes of pytest-xdist share, see ``tests/shared_folders.py``.
    """
    if SHARED not in os.environ:  # these inherit it
        shared = TemporaryDirectory(prefix="typed-signals-")
        os.environ[SHARED] = shared.name

        def forget() -> None:
            del os.environ[SHARED]
            shared.cleanup()

        config.add_cleanup(forget)
    garbage.keep_from_others(config)


@pytest.fixture(autouse=True, scope="module")
def _only_garbage_of_this_file() -> None:
    """
    Restrict garbage collections in a test to the objects of the tests in its file.

    Otherwise, with mypy and Django loaded by other files, each of them takes seconds. Objects that
    stay are never checked again.
    """
    _prepare_hypothesis()
    gc.collect()
    garbage.freeze()


@cache
def _prepare_hypothesis() -> None:
    """
    Make Hypothesis create its random generator, if any test needs it.

    It asks the collector for references to the generator, and warns if there are none, which is
    the case after a freeze.
    """
    if "hypothesis" in sys.modules:
        from hypothesis import given, settings, strategies

        settings(database=None, deadline=None)(given(strategies.none())(_accept))()


def _accept(_: None) -> None:
    pass


@pytest.fixture
def sends_are_generated(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """
    Set whether signals created in the test use generated methods from their first send.

    By default, they do so from the eleventh send.
    """

    def decide(*, are_generated: bool) -> None:
        # No data of other tests that sent the same payload remains.
        monkeypatch.setattr(keys, "_from_typed_dict", WeakKeyDictionary())
        monkeypatch.setattr(choice, "progress", WeakKeyDictionary())
        monkeypatch.setattr(Signal, choice.SUBCLASSES, {}, raising=False)
        before = 0 if are_generated else 1_000_000
        monkeypatch.setattr(choice, "SENDS_BEFORE_GENERATION", before)

    return decide


@pytest.fixture
def set_clock(
    monkeypatch: pytest.MonkeyPatch, sends_are_generated: Callable[..., None]
) -> Callable[[Callable[[], float]], None]:
    """
    Set the clock that measures receivers.
    """

    def set_to(clock: Callable[[], float]) -> None:
        sends_are_generated(are_generated=False)  # generated methods have their own
        for module in ("typed_signals._watch.sending", "typed_signals.django._watched"):
            if module in sys.modules:
                monkeypatch.setattr(f"{module}.perf_counter", clock)

    return set_to


@pytest.fixture(params=[True, False], ids=["generated", "not-generated"])
def each_way_of_sending(
    request: pytest.FixtureRequest, sends_are_generated: Callable[..., None]
) -> None:
    """
    Run the test with and without generated methods.
    """
    sends_are_generated(are_generated=request.param)


@pytest.fixture
def generated_sends(sends_are_generated: Callable[..., None]) -> None:
    """
    Run the test with generated methods.
    """
    sends_are_generated(are_generated=True)
