"""
Raise errors and issue warnings.

The mypy plugin of django-stubs runs ``django.setup()``, which imports the project's apps and so
connects their receivers. An error at this point would stop mypy before it checks any line, and so
would a warning that is turned into an error. So all errors and warnings that can occur during the
import of a module are raised or issued here, except under this plugin.
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
        False. Then the caller returns, without changing anything and without calling a receiver.
    """
    if is_run_by_mypy():
        return False
    if cause is not None:
        raise error from cause
    raise error


def as_bool(name: str, value: object) -> bool | None:
    """
    Return the truth value of *value*, the argument *name*; None if it is refused.

    Raises:
        TypeError: it has no truth value.
    """
    try:
        return bool(value)
    except Exception as error:  # noqa: BLE001 - raised by user code
        refuse(TypeError(f"{name} must be True or False, not {shown(value)}"), error)
        return None


def warn(
    message: str, category: type[Warning], file: str, line: int, module: str | None = None
) -> None:
    """
    Issue a warning for *line* of *file*, unless mypy is running the code.

    Args:
        message: the text.
        category: the class of the warning.
        file: where it is for.
        line: the line in *file*.
        module: the name of the module for filters; by default, the name of the file.
    """
    if not is_run_by_mypy():
        # With None, it does nothing.
        warnings.warn_explicit(message, category, file, line, module or file.removesuffix(".py"))


def is_run_by_mypy() -> bool:
    """
    Return whether the plugin of django-stubs is running this code.

    All threads are checked: the project may be imported in a thread that waits for this one, as in
    ``async_to_sync``. It is not enough that mypy is imported, because tests also run mypy.
    """
    return _PLUGIN in sys.modules and any(map(_is_below_plugin, sys._current_frames().values()))


def _is_below_plugin(frame: FrameType | None) -> bool:
    while frame is not None:
        name: str = frame.f_globals.get("__name__") or ""
        if name == _PLUGIN or name.startswith(f"{_PLUGIN}."):
            return True
        frame = frame.f_back
    return False
