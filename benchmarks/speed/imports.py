"""
What it takes to import each library, in a process that has just started.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Final

from .case import OURS, Values

STATEMENTS: Final = {
    OURS: "import typed_signals",
    "blinker": "import blinker",
    "Django": "import django.dispatch",
    "psygnal, compiled": "import psygnal",
    "PyDispatcher": "import pydispatch.dispatcher",
}
# Modules that take long to import, and are not needed to declare signals.
HEAVY: Final = ("asgiref", "asyncio", "inspect", "logging")


def times(rounds: int) -> dict[str, Values]:
    """
    Return the seconds of processor time that each import takes.
    """
    values: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    order = list(STATEMENTS)
    # The first time, bytecode may be written.
    for number in range(1 + rounds // 2):
        for name in order:
            program = (
                "import time; start = time.process_time(); "
                f"{STATEMENTS[name]}; print(time.process_time() - start)"
            )
            seconds = float(_run(program))
            if number:
                values[name].append(seconds)
        order.append(order.pop(0))
    return {name: Values(seconds) for name, seconds in values.items()}


def heavy_modules(_rounds: int) -> dict[str, Values]:
    """
    Return how many of the heavy modules our import adds to those that Python has started with.
    """
    loaded = _run(
        "import sys; before = set(sys.modules); import typed_signals; "
        "print(*set(sys.modules) - before)"
    ).split()
    found = [name for name in HEAVY if name in loaded]
    return {", ".join([OURS, *found]): Values([float(len(found))])}


def _run(program: str) -> str:
    command = [sys.executable, "-I", "-c", program]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
