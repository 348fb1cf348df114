"""
The time to import each library, in a new process.
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
# Modules that are slow to import, and are not needed to declare signals.
HEAVY: Final = ("asgiref", "asyncio", "inspect", "logging")


def times(rounds: int) -> dict[str, Values]:
    """
    Return the CPU time of each import in seconds.
    """
    values: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    order = list(STATEMENTS)
    # The first run may write bytecode.
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
    Return how many large modules our import loads in addition to those of Python's startup.
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
