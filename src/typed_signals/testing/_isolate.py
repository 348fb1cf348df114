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
from threading import RLock
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, final
from unittest import TestCase

from typed_signals._connect.changes import recorders, replaced
from typed_signals._connect.identity import receiver_key
from typed_signals._shared.callables import describe_receiver
from typed_signals._shared.messages import shown
from typed_signals._watch.by_name import known_name

from ._blocks import DecoratingBlock, check_signal
from ._decorate import WHOLE_TESTS, is_generator
from ._origins import frames_from, is_by_itself, is_defining, origin, place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from typed_signals._connect.changes import Change
    from typed_signals._connect.connection import Connection
    from typed_signals._watch.kinds import AnySignal

# Packages with signals of their own, and our modules that record what happens to these.
_RECORDED: Final = {
    "blinker": "typed_signals.testing._blinker",
    "django.dispatch.dispatcher": "typed_signals.django._recorder",
}

_LEFT: Final = {
    True: "connected to",
    False: "disconnected from",
    None: "with changed connections to",
}


def isolate(*signals: AnySignal) -> Isolating:
    """
    Return a context manager and decorator that undoes what is connected and disconnected inside::

        with isolate(order_placed):
            order_placed.connect(track, weak=False)

    It applies to the whole process, and to our signals, Django's and blinker's. The connections are
    restored as they were, in their order and with their weak references, even if the block raises.

    What only happens once remains: what is connected while a module is imported or a class is
    created, and receivers of Django and other installed packages that these connect themselves.

    Only calls of ``connect`` and ``disconnect`` are undone, also if ``connected``, a decorator or
    the package itself makes them; not what a tool stores in ``receivers`` directly. Of other
    packages, only those are observed that were imported before the block.

    Args:
        signals: the signals; without any, all signals.

    Raises:
        TypeError: one is not a signal.
    """
    return Isolating(signals)


@final
class Isolating(DecoratingBlock):
    """
    What ``isolate`` returns.
    """

    _written = "with isolate(...)"

    def __init__(self, signals: Iterable[Any]) -> None:
        super().__init__(signals)
        for signal in self._signals:
            check_signal("isolate", signal)

    def __repr__(self) -> str:
        return f"isolate({', '.join(map(repr, self._signals))})"

    def start(self) -> Isolation:
        return Isolation(self._signals)

    def _methods_of(self, cls: type) -> Iterable[str]:
        # What a method sets up for the tests must last.
        if not issubclass(cls, TestCase):
            raise TypeError(
                f"isolate() decorates functions and subclasses of TestCase, not {shown(cls)}: "
                "decorate its tests, or use the fixture signal_spy in them"
            )
        return WHOLE_TESTS

    def _decorate(self, function: Callable[..., Any]) -> Callable[..., Any]:
        if is_generator(function):
            raise TypeError(
                f"isolate() does not decorate generators, as {shown(function)}: use it in a with "
                "block inside"
            )
        return super()._decorate(function)


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
        name = known_name(self.change.signal)
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
        # What is connected in this block, which contains this one, does not remain.
        self._around = _kept.get()
        # These run now, so what they call is not the import of a module.
        self._outside = [frame for frame in frames_from(sys._getframe(1)) if is_defining(frame)]
        _start(self)

    def record(self, change: Change) -> None:
        """
        Remember *change*, unless it ends an earlier one, or is made only once.
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
        if _kept.get() in _open_kept - {self._around}:
            return
        frames = list(frames_from(sys._getframe(1)))
        if any(is_defining(frame) for frame in frames if frame not in self._outside):
            return
        connection, frame = change.read(), origin(frames)
        if connection is None or not is_by_itself(frame, connection.receiver):
            self._changes[key] = (change, place_of(frame))

    def _note_undone(self, key: Any) -> None:
        """
        Be told that another one has undone the change of that connection.
        """
        if self._changes.pop(key, None) is None and (known := self._ended.pop(key, None)):
            self._changes[key] = known

    @property
    def is_here(self) -> bool:
        """
        Whether it applies to the present context.
        """
        return True

    def stop(self) -> None:
        self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

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
        if must_collect and any(
            leak.change.is_connected and leak.connection.weak
            for leak in _without_repeated(self._left())
        ):
            gc.collect()
        left = self._undo_all()
        _stop(self)
        left += self._undo_all()
        self._outside.clear()
        return _without_repeated(left)

    def _left(self) -> list[Leak]:
        return [
            Leak(change, connection, place)
            for change, place in list(self._changes.values())
            if (connection := change.read()) is not None
        ]

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


# The innermost block in which what is connected remains. A task that starts in it inherits it, also
# for the time after its end.
_kept: Final = ContextVar[object]("_kept", default=None)

_open_kept: Final[set[object]] = set()


@contextmanager
def kept() -> Iterator[None]:
    """
    Return a context manager: what is connected and disconnected inside its block remains, except
    for what is isolated inside it.
    """
    block = object()
    _open_kept.add(block)
    token = _kept.set(block)
    try:
        yield
    finally:
        _kept.reset(token)
        _open_kept.remove(block)


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
