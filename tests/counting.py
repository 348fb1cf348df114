"""
Count the instructions and the calls of Python functions: a cost that is the same in each run.
"""

from __future__ import annotations

import sys
from collections import Counter
from opcode import opmap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typed_signals

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

OURS: Final = (str(Path(str(typed_signals.__file__)).parent), "<typed_signals ")

# Python 3.14 skips it without a monitor.
NOT_TAKEN = opmap.get("NOT_TAKEN")


def executed(call: Callable[[], object], files: tuple[str, ...] = OURS) -> Counter[str]:
    """
    Return the number of bytecode instructions of each function in *files* during *call*.
    """
    counts: Counter[str] = Counter()

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        if not frame.f_code.co_filename.startswith(files):
            return None
        frame.f_trace_opcodes = True
        if event == "opcode" and frame.f_code.co_code[frame.f_lasti] != NOT_TAKEN:
            counts[frame.f_code.co_name] += 1
        return trace

    tracing = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(tracing)
    return counts


def called(call: Callable[[], object], files: tuple[str, ...] = OURS) -> Counter[str]:
    """
    Return the number of calls of each Python function in *files* during *call*.
    """
    counts: Counter[str] = Counter()

    def profile(frame: FrameType, event: str, argument: object) -> None:
        # Before Python 3.12, a comprehension is a function.
        if (
            event == "call"
            and frame.f_code.co_filename.startswith(files)
            and frame.f_code.co_name != "<listcomp>"
        ):
            counts[frame.f_code.co_name] += 1

    profiling = sys.getprofile()
    sys.setprofile(profile)
    try:
        call()
    finally:
        sys.setprofile(profiling)
    return counts


def instructions(call: Callable[[], object], files: tuple[str, ...] = OURS) -> int:
    """
    Return the number of bytecode instructions in *files* during *call*.
    """
    return executed(call, files).total()
