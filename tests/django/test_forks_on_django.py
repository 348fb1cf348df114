"""
A forked child can use the signals on Django's dispatcher, too. Their locks are Django's.
"""

from __future__ import annotations

import pytest

from tests.support import not_on_windows, run_script
from tests.test_forks import BESIDE_THREADS, FORK, FORK_BESIDE_THREADS

pytestmark = not_on_windows


@pytest.mark.parametrize("cls", ["Signal", "ModelSignal"])
def test_forked_child_can_use_a_signal_used_by_other_threads(cls: str) -> None:
    program = FORK.replace(
        "from typed_signals import Signal", f"from typed_signals.django import {cls} as Signal"
    )
    assert run_script(program + BESIDE_THREADS, FORK_BESIDE_THREADS) == "forked\n"
