"""
Where in the user's code something happened.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import CodeType, FrameType

_PACKAGE = __name__.partition(".")[0]

# Calling ``Signal[S, K]`` goes through these.
_MACHINERY = (_PACKAGE, "typing", "typing_extensions")


def is_ours(frame: FrameType) -> bool:
    """
    Tell whether the code in *frame* is of this package.
    """
    # Most are not, and this is asked at each connect.
    module: str | None = frame.f_globals.get("__name__")
    return module is not None and module.startswith(_PACKAGE) and _package_of(frame) == _PACKAGE


def caller() -> FrameType:
    """
    Return the innermost frame that is neither ours nor that of ``typing``.
    """
    frame = sys._getframe(1)
    while frame.f_back and _package_of(frame) in _MACHINERY:
        frame = frame.f_back
    return frame


def line_of(code: CodeType, at: int) -> int:
    """
    Return the line of *code* in which the instruction *at* stands.
    """
    lines = (line for start, stop, line in code.co_lines() if start <= at < stop)
    return next(lines, None) or code.co_firstlineno


def _package_of(frame: FrameType) -> str:
    # None in a module that the interpreter has taken down.
    module: str = frame.f_globals.get("__name__") or ""
    return module.partition(".")[0]
