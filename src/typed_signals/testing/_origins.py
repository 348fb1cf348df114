"""
What makes a change of connections: test code, the import of a module, or an installed package.
"""

from __future__ import annotations

import sys
from itertools import filterfalse
from typing import TYPE_CHECKING, Final

from typed_signals._shared.callables import receiver_module
from typed_signals._shared.caller import line_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

# Modules of packages with signals. Their frames are between the code that makes the change and the
# change, as those of the standard library are.
_PASS_ON: Final = (
    "blinker.base",
    "django.apps.registry",
    "django.db.models.signals",
    "django.db.models.utils",
    "django.dispatch.dispatcher",
)

_OPTIMIZED: Final = 0x1  # inspect.CO_OPTIMIZED: the code of a function


def frames_from(frame: FrameType | None) -> Iterator[FrameType]:
    """
    Yield *frame* and those that called it.
    """
    while frame is not None:
        yield frame
        frame = frame.f_back


def is_defining(frame: FrameType) -> bool:
    """
    Return whether *frame* executes a module for its import, or creates a class.
    """
    code = frame.f_code
    if code.co_flags & _OPTIMIZED:  # a function
        if code.co_name in {"__init_subclass__", "__set_name__"}:
            return True
        if code.co_name not in {"__new__", "__init__"} or not code.co_argcount:
            return False
        made = frame.f_locals.get(code.co_varnames[0])
        # In a metaclass, __new__ is passed the metaclass, and __init__ the class.
        return isinstance(made, type) and (code.co_name == "__init__" or issubclass(made, type))
    if code.co_name != "<module>":  # the body of a class
        return True
    name = frame.f_globals.get("__name__")
    module = sys.modules.get(name) if isinstance(name, str) else None
    # Not a script, and not code for exec(), such as an example in a docstring.
    return (
        name != "__main__"
        and frame.f_globals.get("__spec__") is not None
        and getattr(module, "__dict__", None) is frame.f_globals
    )


def origin(frames: list[FrameType]) -> FrameType:
    """
    Return the frame of the code that makes a change.
    """
    return next(filterfalse(_passes_on, frames), frames[0])


def place_of(frame: FrameType) -> str:
    return f"{frame.f_code.co_filename}:{line_of(frame.f_code, frame.f_lasti)}"


def is_by_itself(frame: FrameType, receiver: object) -> bool:
    """
    Return whether an installed package connects or disconnects a *receiver* of such a package.

    Args:
        frame: the frame of the code that does.
        receiver: the receiver.
    """
    return _is_installed(_module_of(frame)) and _is_installed(receiver_module(receiver))


def _is_installed(name: str) -> bool:
    """
    Return whether the module with this *name* is of Django or of another installed package.
    """
    if name.partition(".")[0] == "django":
        return True
    file = getattr(sys.modules.get(name), "__file__", None) or ""
    parts = file.replace("\\", "/").split("/")
    return "site-packages" in parts or "dist-packages" in parts


def _passes_on(frame: FrameType) -> bool:
    name = _module_of(frame)
    package = name.partition(".")[0]
    return name in _PASS_ON or package == "typed_signals" or package in sys.stdlib_module_names


def _module_of(frame: FrameType) -> str:
    # None if the interpreter has deleted the globals of the module.
    return frame.f_globals.get("__name__") or ""
