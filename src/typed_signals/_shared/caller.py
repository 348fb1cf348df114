"""
The place in the user's code where something happened.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import CodeType, FrameType

_PACKAGE = __name__.partition(".")[0]

# Calling ``Signal[S, K]`` goes through these.
_MACHINERY = (_PACKAGE, "typing", "typing_extensions")

# What runs coroutines.
_LOOPS = ("asgiref", "asyncio", "concurrent", "threading")

# Django's ``@receiver`` connects to our signals, too.
_DJANGOS_RECEIVER = "django.dispatch.dispatcher"


def is_machinery(frame: FrameType) -> bool:
    """
    Return whether the code in *frame* only passes on what the user's code does.
    """
    # Most code does not, and this is called for each connect.
    module: str | None = frame.f_globals.get("__name__")
    return module is not None and (
        (module.startswith(_PACKAGE) and _package_of(frame) == _PACKAGE)
        or module == _DJANGOS_RECEIVER
    )


def caller() -> FrameType:
    """
    Return the innermost frame of the user's code.
    """
    frame = sys._getframe(1)
    while frame.f_back and (_package_of(frame) in _MACHINERY or is_machinery(frame)):
        frame = frame.f_back
    return frame


def caller_or_runner() -> FrameType | None:
    """
    Return the innermost frame of the user's code, also for a coroutine that an event loop runs.

    Returns:
        For ``asyncio.run(signal.asend(...))``, the frame of this call; None for any other task,
        because it is not known what started it.
    """
    frame: FrameType | None = caller()
    is_only_task = True
    while frame is not None and _package_of(frame) in _LOOPS:
        if frame.f_code.co_name == "run_until_complete":
            is_only_task = frame.f_locals.get("future") is sys.modules["asyncio"].current_task()
        frame = frame.f_back
    return frame if is_only_task else None


def line_of(code: CodeType, at: int) -> int:
    """
    Return the line of the instruction *at* in *code*.
    """
    lines = (line for start, stop, line in code.co_lines() if start <= at < stop)
    return next(lines, None) or code.co_firstlineno


def _package_of(frame: FrameType) -> str:
    # None if the interpreter has deleted the globals of the module.
    module: str = frame.f_globals.get("__name__") or ""
    return module.partition(".")[0]
