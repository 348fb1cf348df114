"""
Classes that add to a signal's class nothing but the sends for one payload.

Python finds a method of the class faster than anything kept on the object. So at its first send, a
signal moves to a subclass of its class, which looks like the class itself and which it shares with
all signals that have the same keys. What users override in their own subclasses stays in force.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from typed_signals._declare.payload import Payload

# On a class: its specialised subclasses by payload, which go when it goes. On those: None.
SUBCLASSES: Final = "_specialised"


def specialise(
    signal: Any, base: type, payload: Payload, method: str, function: Callable[..., Any]
) -> None:
    """
    Have *signal* find *function* at once, where it would find the *method* of *base*.
    """
    cls = type(signal)
    if getattr(cls, method) is not getattr(base, method):
        return  # overridden
    if vars(cls).get(SUBCLASSES, ()) is not None:
        if not _can_be_subclassed(cls, base):
            return
        cls = _subclass(cls, payload)
    if method not in vars(cls):
        setattr(cls, method, function)
    if type(signal) is not cls:
        signal.__class__ = cls


def _can_be_subclassed(cls: type, base: type) -> bool:
    """
    Tell whether no code of the user's runs when a subclass of *cls* is made.
    """
    return type(cls) is type and not any(
        "__init_subclass__" in vars(ancestor)
        for ancestor in cls.__mro__
        if ancestor not in base.__mro__
    )


def _subclass(cls: type, payload: Payload) -> type:
    known: dict[object, type] | None = vars(cls).get(SUBCLASSES)
    if known is None:
        known = {}
        setattr(cls, SUBCLASSES, known)
    shape = (payload.open, payload.required, payload.optional)
    if shape not in known:
        body = {
            "__doc__": cls.__doc__,
            "__module__": cls.__module__,
            "__qualname__": cls.__qualname__,
            "__slots__": (),
            SUBCLASSES: None,
        }
        known[shape] = type(cls.__name__, (cls,), body)
    return known[shape]
