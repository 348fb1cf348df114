"""
Objects that raise when they are looked at, and what tells whether that changed anything.
"""

from __future__ import annotations

import weakref
from functools import partial
from types import MethodType
from typing import TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

LONG: Final = "x" * 100_000

# What messages are allowed to grow to, however long the names in them are.
LONGEST_MESSAGE: Final = 5_000


class Raised(Exception):  # noqa: N818 - it is no mistake of ours
    """
    What these objects raise.
    """


class Store:
    pass


def fail(*args: object, **kwargs: object) -> NoReturn:
    raise Raised


def accept(*args: object, **kwargs: object) -> None: ...


def _with(**members: object) -> Callable[[], Any]:
    """
    Return what makes a callable object with these members.
    """
    return type("Hostile", (), {"__call__": accept, "__hash__": object.__hash__, **members})


def _without(wanted: str) -> Callable[[], Any]:
    """
    Return what makes a callable object that raises when it is asked for the attribute *wanted*.
    """

    def get(self: object, name: str) -> Any:
        if name == wanted:
            raise Raised
        return object.__getattribute__(self, name)

    return _with(__getattribute__=get)


class _Meta(type):
    __getattribute__ = fail


class OfHostileClass(metaclass=_Meta):
    __call__ = accept


def dead_proxy() -> Any:
    return weakref.proxy(BY_METHOD["__str__"]())


def endless_partial() -> Any:
    endless = partial(accept)
    endless.__setstate__((endless, (), {}, {}))  # type: ignore[attr-defined]
    return endless


def endless_callable() -> Any:
    endless: Any = type("Endless", (), {})()
    type(endless).__call__ = staticmethod(endless)
    return endless


# Special methods that raise. Nothing asks a receiver or a sender for them.
BY_METHOD: Final[dict[str, Callable[[], Any]]] = {
    name: _with(**{name: fail})
    for name in ("__bool__", "__eq__", "__hash__", "__len__", "__repr__", "__str__")
}

# Attributes that raise. No receiver can be read without them.
BY_ATTRIBUTE: Final[dict[str, Callable[[], Any]]] = {
    "__getattr__": _with(__getattr__=fail),
    "__getattribute__": _with(__getattribute__=fail),
    "__class__": _without("__class__"),
    "__signature__": _without("__signature__"),
    "metaclass": lambda: OfHostileClass,
    "metaclass of its class": lambda: OfHostileClass(),  # noqa: PLW0108 - it cannot be looked at
    "dead proxy": dead_proxy,
    "endless partial": endless_partial,
    "endless callable": endless_callable,
}

# Attributes that raise, and that a receiver can do without.
BY_SPARE_ATTRIBUTE: Final[dict[str, Callable[[], Any]]] = {
    name: _without(name)
    for name in (
        "__doc__",
        "__func__",
        "__module__",
        "__name__",
        "__qualname__",
        "__self__",
        "_is_coroutine",
        "_is_coroutine_marker",
    )
} | {
    "strange names": _with(__name__=1, __module__=2, __doc__=3, __wrapped__=4),
}

HOSTILE: Final = BY_METHOD | BY_ATTRIBUTE | BY_SPARE_ATTRIBUTE


def table(signal: Any) -> object:
    """
    Return all that there is to know of the connections of *signal*, in a form to be compared.
    """
    if not hasattr(signal, "_connections"):
        return [tuple(map(id, entry)) for entry in signal.receivers]
    seen = [(_identity(each.receiver), id(each.sender)) for each in signal.receivers]
    groups = signal._connections._groups
    links = [(key, *map(id, group.links.values())) for key, group in groups.items()]
    reached = [
        _identity(receiver)
        for sender in (None, Store)
        for receivers in signal._connections.live(sender)
        for receiver in receivers
    ]
    return links, seen, reached, signal.has_listeners(), signal.has_listeners(Store)


def _identity(receiver: object) -> object:
    """
    Return what makes *receiver* the same; every access to a method makes a new object.
    """
    if type(receiver) is MethodType:
        return id(receiver.__self__), id(receiver.__func__)
    return id(receiver)
