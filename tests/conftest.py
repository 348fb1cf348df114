"""
Fixtures for several test files.
"""

from __future__ import annotations

import gc
import os
import sys
from functools import cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import pytest

from typed_signals import Signal
from typed_signals._declare import keys
from typed_signals._declare import payload as payloads
from typed_signals._send import choice

if TYPE_CHECKING:
    from collections.abc import Callable

# An error of the plugin's own fails the test, in whatever process mypy runs.
os.environ["TYPED_SIGNALS_RAISE"] = "1"


@pytest.fixture(autouse=True, scope="module")
def _only_garbage_of_this_file() -> None:
    """
    Have collections in a test look at what the tests of its file made, and at nothing else.

    mypy and Django, which other files import and run, make each of them take seconds. What stays
    is never looked at again.
    """
    _have_hypothesis_ready()
    gc.collect()
    gc.freeze()


@cache
def _have_hypothesis_ready() -> None:
    """
    Have Hypothesis, if any test needs it, make its random generator.

    It asks the collector what refers to that, and warns where the answer is nothing, as it is once
    all was frozen.
    """
    if "hypothesis" in sys.modules:
        from hypothesis import given, settings, strategies

        settings(database=None, deadline=None)(given(strategies.none())(_accept))()


def _accept(_: None) -> None:
    pass


@pytest.fixture
def sends_are_generated(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """
    Decide whether signals made in the test send by generated methods from the first time on.

    By themselves, they do from the eleventh time on.
    """

    def decide(*, are_generated: bool) -> None:
        # Nothing is left of other tests, in which the same payload was sent.
        monkeypatch.setattr(keys, "_from_typed_dict", WeakKeyDictionary())
        monkeypatch.setattr(payloads.UNDECLARED, "sends", {})
        monkeypatch.setattr(payloads.UNDECLARED, "count_of_sends", 0)
        monkeypatch.setattr(Signal, choice.SUBCLASSES, {}, raising=False)
        before = 0 if are_generated else 1_000_000
        monkeypatch.setattr(choice, "SENDS_BEFORE_GENERATION", before)

    return decide


@pytest.fixture(params=[True, False], ids=["generated", "not-generated"])
def each_way_of_sending(
    request: pytest.FixtureRequest, sends_are_generated: Callable[..., None]
) -> None:
    """
    Run the test twice: with generated methods, and without.
    """
    sends_are_generated(are_generated=request.param)


@pytest.fixture
def generated_sends(sends_are_generated: Callable[..., None]) -> None:
    """
    Run the test with generated methods.
    """
    sends_are_generated(are_generated=True)
