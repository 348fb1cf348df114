"""
``isolate``: undo what test code connects and disconnects.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from itertools import filterfalse
from threading import RLock
from typing import TYPE_CHECKING, Any, Final, NamedTuple, final

from typed_signals._connect.changes import recorders, replaced
from typed_signals._connect.identity import receiver_key
from typed_signals._shared.callables import describe_receiver
from typed_signals._shared.caller import line_of
from typed_signals._watch.kinds import signal_kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from typed_signals._connect.changes import Change
    from typed_signals._connect.connection import Connection

# Packages with signals of their own, and our modules that record what happens to these.
_RECORDED: Final = {
    "blinker": "typed_signals.testing._blinker",
    "django.dispatch.dispatcher": "typed_signals.django._recorder",
}

# Their frames are between a user's code and the change, or pass it on.
_MACHINERY: Final = (
    "blinker.base",
    "contextlib",
    "django.db.models.signals",
    "django.dispatch.dispatcher",
)

_LEFT: Final = {
    True: "connected to",
    False: "disconnected from",
    None: "with other connections to",
}

_OPTIMIZED: Final = 0x1  # inspect.CO_OPTIMIZED: the code of a function


@final
class isolate:  # noqa: N801 - used like a function
    """
    A context manager that undoes what is connected and disconnected inside its block::

        with isolate(order_placed):
            order_placed.connect(track, weak=False)

    It applies to the whole process, and to our signals, Django's and blinker's. The connections are
    restored as they were, in their order and with their weak references, even if the block raises.
    What is connected while a module is imported or a class is created remains, because this only
    happens once.

    Only calls of ``connect`` and ``disconnect`` are undone, also if ``connected``, a decorator or
    the package itself makes them; not what a tool stores in ``receivers`` directly. Of other
    packages, only those are observed that were imported before the block.
    """

    def __init__(self, *signals: Any) -> None:
        """
        Args:
            signals: the signals; without any, all signals.
        """
        self._signals = signals
        self._entered: list[Isolation] = []

    def __repr__(self) -> str:
        return f"isolate({', '.join(map(repr, self._signals))})"

    def __enter__(self) -> None:
        self._entered.append(Isolation(self._signals))

    def __exit__(self, *_raised: object) -> None:
        self._entered.pop().close()


class Leak(NamedTuple):
    """
    What test code left behind.

    Attributes:
        change: the change.
        connection: the connection.
        place: what made the change, as ``file:line``.
    """

    change: Change
    connection: Connection
    place: str

    @property
    def key(self) -> object:
        """
        Identifies the connection, also if it was made again.
        """
        made, signal = self.connection, id(self.change.signal)
        key = receiver_key(made.receiver, made.dispatch_uid)
        return signal, key, id(made.sender), made.weak

    def __str__(self) -> str:
        receiver = describe_receiver(self.connection.receiver)
        signal = self.change.signal
        name = signal_kind(signal).name_of(signal)
        return f"{receiver} is left {_LEFT[self.change.is_connected]} {name} by {self.place}"


@final
class Isolation:
    """
    Records changes from its creation on, until it is closed.
    """

    def __init__(self, signals: tuple[Any, ...] = ()) -> None:
        """
        Args:
            signals: the signals; without any, all signals.
        """
        self._signals = signals
        # Oldest first, and only what must be undone. Each operation on it is a single step.
        self._changes: dict[Any, tuple[Change, str]] = {}
        # Connections that were made, and removed after others had started to record.
        self._ended: dict[Any, tuple[Change, str]] = {}
        # These run now, so what they call is not the import of a module.
        self._outside = [frame for frame in _frames(sys._getframe(1)) if _is_defining(frame)]
        _start(self)

    def record(self, change: Change) -> None:
        """
        Remember *change*, unless it ends an earlier one, or the import of a module makes it.
        """
        if self._signals and not any(each is change.signal for each in self._signals):
            return
        key, known = change.key, self._changes.get(change.key)
        if known is not None:
            earlier, _ = known
            if earlier.is_connected and change.is_connected is False:
                del self._changes[key]
                if any(key not in other._changes for other in _open if other is not self):
                    self._ended[key] = known  # another one will connect it again
            return
        if _keeps.get():
            return
        frames = list(_frames(sys._getframe(1)))
        if not any(_is_defining(frame) for frame in frames if frame not in self._outside):
            self._changes[key] = (change, _place(frames))

    def _note_undone(self, key: Any) -> None:
        """
        Be told that another one has undone the change of that connection.
        """
        if self._changes.pop(key, None) is None and (known := self._ended.pop(key, None)):
            self._changes[key] = known

    def close(self, *, must_collect: bool = False) -> list[Leak]:
        """
        Undo all changes.

        Args:
            must_collect: whether to collect garbage before, if there may be any: reference cycles,
                as of the error in ``pytest.raises``, may keep the receivers of a test alive.

        Returns:
            What was still there, but not what was disconnected and connected again, as Django's
            test client does.
        """
        if must_collect and any(_is_weak(change) for change, _ in list(self._changes.values())):
            gc.collect()
        left = self._undo_all()
        _stop(self)
        left += self._undo_all()
        self._outside.clear()
        return _without_repeated(left)

    def _undo_all(self) -> list[Leak]:
        left: list[Leak] = []
        while self._changes:
            key, (change, place) = self._changes.popitem()
            connection = change.read()
            is_undone = change.undo()
            if connection is None or not is_undone:
                continue
            left.append(Leak(change, connection, place))
            if change.is_connected is not None:
                for other in tuple(_open):
                    other._note_undone(key)
        left.reverse()
        return left


def _without_repeated(leaks: list[Leak]) -> list[Leak]:
    keys = [(leak.change.is_connected, leak.key) for leak in leaks]
    return [
        leak
        for leak, (is_connected, key) in zip(leaks, keys, strict=True)
        if is_connected is None or (not is_connected, key) not in keys
    ]


# Whether what is connected now remains.
_keeps: Final = ContextVar("_keeps", default=False)


@contextmanager
def kept() -> Iterator[None]:
    """
    Return a context manager: what is connected and disconnected inside its block remains.
    """
    token = _keeps.set(True)
    try:
        yield
    finally:
        _keeps.reset(token)


def _is_weak(change: Change) -> bool:
    connection = change.read() if change.is_connected else None
    return connection is not None and connection.weak


_open: Final[list[Isolation]] = []

# Re-entrant, because a finalizer may open or close another one.
_lock: Any = RLock()
if hasattr(os, "register_at_fork"):
    # Another thread of the parent may hold it.
    os.register_at_fork(after_in_child=_lock._at_fork_reinit)


def _start(isolation: Isolation) -> None:
    loaded = [import_module(ours) for package, ours in _RECORDED.items() if package in sys.modules]
    with _lock:
        for module in loaded:
            for cls, name, method in module.recording_methods():
                replaced.replace(cls, name, method)
        _open.append(isolation)
        recorders.append(isolation.record)


def _stop(isolation: Isolation) -> None:
    with _lock:
        if isolation in _open:
            _open.remove(isolation)
            recorders.remove(isolation.record)
            if not _open:
                replaced.restore()


def _frames(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _is_defining(frame: FrameType) -> bool:
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


def _place(frames: list[FrameType]) -> str:
    """
    Return the place in the user's code that made a change.
    """
    frame = next(filterfalse(_is_machinery, frames), frames[0])
    return f"{frame.f_code.co_filename}:{line_of(frame.f_code, frame.f_lasti)}"


def _is_machinery(frame: FrameType) -> bool:
    name: str = frame.f_globals.get("__name__") or ""
    return name in _MACHINERY or name.partition(".")[0] == "typed_signals"
