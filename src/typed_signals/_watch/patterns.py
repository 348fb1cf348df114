"""
Watch signals by their names, also those that are declared later.

While a pattern is watched, the constructors of signals are replaced. A new signal has no name yet,
so its first send decides whether it is watched.
"""

from __future__ import annotations

from contextlib import suppress
from fnmatch import fnmatchcase
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, final
from weakref import ref

from typed_signals._connect.table import exclusively

from .kinds import kinds, signal_kind
from .scopes import end_watching, start_watching
from .watcher import Watcher

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .scopes import Handle


def is_meant(name: str, pattern: str) -> bool:
    """
    Return whether the signal with this name is meant by *pattern*, such as ``post_save``,
    ``shop.signals.pizza_done`` or ``shop.*``.
    """
    return fnmatchcase(name, pattern) or fnmatchcase(name, f"*.{pattern}")


@final
class Named:
    """
    Watches the signals with certain names.
    """

    __slots__ = ("_excluded", "_handle", "_new", "_patterns", "everywhere", "watcher")

    def __init__(
        self, patterns: Sequence[str], handle: Handle, *, excluded: Sequence[str] = ()
    ) -> None:
        self.watcher: Watcher = Watcher()
        self.everywhere: bool = True
        self._patterns = patterns
        self._excluded = excluded
        self._handle = handle
        self._new: dict[int, ref[Any]] = {}

    def start(self) -> None:
        """
        Watch all these signals from now on.
        """
        with exclusively():
            _hooked.append(self)
            _hook_constructors()
        for kind in kinds():
            for name, signal in kind.named():
                if self._means(name):
                    self._handle.add(signal)

    def stop(self) -> None:
        """
        Stop watching.
        """
        self._handle.stop()
        with exclusively():
            if self in _hooked:
                _hooked.remove(self)
            if not _hooked:
                _unhook_constructors()
            while self._new:
                _, reference = self._new.popitem()
                if (signal := reference()) is not None:
                    end_watching(signal, self)

    def wait_for_name(self, signal: Any) -> None:
        """
        Let the first send of *signal* decide whether it is watched.
        """
        key = id(signal)
        self._new[key] = ref(signal, lambda _: self._new.pop(key, None))
        start_watching(signal, self)

    def decide(self, signal: Any) -> None:
        name = signal_kind(signal).name_of(signal)
        with exclusively():
            if self._means(name):
                self._handle.add(signal)
            self._new.pop(id(signal), None)
            end_watching(signal, self)

    def _means(self, name: str) -> bool:
        if any(fnmatchcase(name, pattern) for pattern in self._excluded):
            return False
        return any(is_meant(name, pattern) for pattern in self._patterns)


# Those that have to know new signals.
_hooked: Final[list[Named]] = []

# The constructors that were replaced.
_replaced: Final[dict[tuple[type, str], tuple[Any, Any]]] = {}


def _hook_constructors() -> None:
    for kind in kinds():
        cls, name = kind.constructor
        if (cls, name) not in _replaced:
            original = vars(cls)[name]
            hook: Any = _hook_new(cls) if name == "__new__" else _hook_init(original)
            _replaced[cls, name] = original, hook
            setattr(cls, name, hook)


def _unhook_constructors() -> None:
    for (cls, name), (original, hook) in _replaced.items():
        # Unless a tool has replaced it in the meantime, which calls it.
        if vars(cls)[name] is hook:
            setattr(cls, name, original)
    _replaced.clear()


def _hook_new(base: Any) -> Any:
    make = base.__new__

    @wraps(make)
    def __new__(cls: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N807
        signal = make(cls, *args, **kwargs)
        _notice(signal)
        return signal

    return staticmethod(__new__)


def _hook_init(init: Callable[..., None]) -> Callable[..., None]:
    @wraps(init)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        init(self, *args, **kwargs)
        _notice(self)

    return __init__


def _notice(signal: Any) -> None:
    for named in tuple(_hooked):
        # A class may be of a form that cannot be watched.
        with suppress(TypeError):
            named.wait_for_name(signal)
