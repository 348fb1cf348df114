"""
Notice each new signal. While somebody wants to know of them, their constructors are replaced.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from typed_signals._connect.table import exclusively
from typed_signals._shared.replaced_methods import ReplacedMethods

from .kinds import kinds

if TYPE_CHECKING:
    from collections.abc import Callable

_constructors: Final = ReplacedMethods()

# Called with each new signal.
_listeners: Final[list[Callable[[Any], object]]] = []


def notice(listener: Callable[[Any], object]) -> None:
    """
    Call *listener* with each new signal from now on.
    """
    with exclusively():
        _listeners.append(listener)
        for kind in kinds():
            cls, name = kind.constructor
            original = vars(cls)[name]
            new = _replacing_new(original) if name == "__new__" else _replacing_init(original)
            _constructors.replace(cls, name, new)


def stop_noticing(listener: Callable[[Any], object]) -> None:
    """
    End what :func:`notice` started, unless it has ended.
    """
    with exclusively():
        if listener in _listeners:
            _listeners.remove(listener)
        if not _listeners:
            _constructors.restore()


def _replacing_new(original: Any) -> Any:
    make = original.__func__

    @wraps(make)
    def __new__(cls: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N807
        signal = make(cls, *args, **kwargs)
        _note_new(signal)
        return signal

    return staticmethod(__new__)


def _replacing_init(original: Callable[..., None]) -> Callable[..., None]:
    @wraps(original)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        original(self, *args, **kwargs)
        _note_new(self)

    return __init__


def _note_new(signal: Any) -> None:
    for listener in tuple(_listeners):
        listener(signal)
