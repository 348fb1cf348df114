"""
How a call is refused, or warned of.

django-stubs' plugin for mypy runs ``django.setup()``, which imports the project's apps and so
connects their receivers. An error there would end mypy before it has checked a line, and so would a
warning that is turned into one. So whatever of ours can be wrong while a module is imported comes
through here, where that plugin is recognised.
"""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING

from .messages import shown

if TYPE_CHECKING:
    from types import FrameType

_PLUGIN = "mypy_django_plugin"


def refuse(error: Exception, cause: Exception | None = None) -> bool:
    """
    Raise *error*, unless mypy is running this code.

    Returns:
        False. The caller returns, too: it has changed nothing, and does not call any receiver.
    """
    if _is_run_by_mypy():
        return False
    if cause is not None:
        raise error from cause
    raise error


def as_bool(name: str, value: object) -> bool | None:
    """
    Return the truth of *value*, which was passed as the argument *name*; None if it is refused.

    Raises:
        TypeError: it is neither true nor false.
    """
    try:
        return bool(value)
    except Exception as error:  # noqa: BLE001 - its own code's
        refuse(TypeError(f"{name} must be True or False, not {shown(value)}"), error)
        return None


def warn(message: str, category: type[Warning], file: str, line: int) -> None:
    """
    Warn of what the code at *line* of *file* does, unless mypy is running it.
    """
    if not _is_run_by_mypy():
        warnings.warn_explicit(message, category, file, line)


def _is_run_by_mypy() -> bool:
    """
    Return whether django-stubs' plugin is waiting for this code.

    Other threads count: the project may be imported in one that waits for this one, as
    ``async_to_sync`` does. That mypy was imported does not count, as tests run it, too.
    """
    return _PLUGIN in sys.modules and any(map(_is_below_plugin, sys._current_frames().values()))


def _is_below_plugin(frame: FrameType | None) -> bool:
    while frame is not None:
        name: str = frame.f_globals.get("__name__") or ""
        if name == _PLUGIN or name.startswith(f"{_PLUGIN}."):
            return True
        frame = frame.f_back
    return False
