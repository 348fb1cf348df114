"""
The path of a send. Only :func:`choose` decides it.

* Plain: the payload is passed on as a dictionary, with any keys (``plain``).
* Fast: a method that was generated for the keys of the payload (``codegen``). Generating it
  takes as long as hundreds of plain sends, and some signals are only sent once.

Python finds a method of a class faster than an attribute of an object. So when a method is
generated, the class of the signal is changed to a subclass, which looks like the original class.
All signals of a class with the same keys share this subclass.

In the subclass, Python looks for a send method first in public classes: the user's own, and
``Signal``. They only have one if it was overridden or patched. Then it finds the generated methods,
and last those of :class:`Sends`. So a method that is set on a class is always called, and sends do
not have to check for it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final, Generic

from typed_signals._shared.raising import refuse
from typed_signals.exceptions import DeclarationError

from .plain import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from typed_signals._declare.payload import Payload

    from .loops import Responses
    from .plain import Dispatching

SENDS_BEFORE_GENERATION: Final = 10

SENDS: Final = ("send", "send_robust", "asend", "asend_robust")

# On a class: its specialised subclasses by payload, which are deleted with it. On those: None.
SUBCLASSES: Final = "_specialised"


class Sends:
    """
    The send methods for any payload, in a base class where they are found last.
    """

    __slots__ = ()


def move_sends(cls: type) -> None:
    """
    Move the send methods from *cls*, where they are documented, to its base :class:`Sends`.
    """
    for method in SENDS:
        setattr(Sends, method, vars(cls)[method])
        delattr(cls, method)


def choose(signal: Dispatching, method: str) -> Callable[..., Responses]:
    """
    Return the function for the sync *method* of *signal*; it takes the signal and its arguments.

    After a method was generated, Python finds it without this function.
    """
    try:
        payload = signal._declaration.payload_of(signal)
    except DeclarationError as error:
        refuse(error)
        return _send_nothing
    fast = payload.sends.get(method)
    if fast is None:
        payload.count_of_sends += 1
        # While the interpreter finalizes, imports are not possible.
        if payload.count_of_sends <= SENDS_BEFORE_GENERATION or sys.is_finalizing():
            return PLAIN[method]
        from .codegen import make_send

        fast = payload.sends[method] = make_send(method, payload)
    if signal._declaration.is_settled:
        _specialise(signal, payload, method, fast)
    return fast


def _send_nothing(*_args: object, **_payload: object) -> Responses:
    return []


def _specialise(
    signal: Dispatching, payload: Payload, method: str, function: Callable[..., Responses]
) -> None:
    """
    Use *function* for *signal* instead of the *method* of :class:`Sends`.
    """
    cls = type(signal)
    if vars(cls).get(SUBCLASSES, ()) is not None:
        if not _can_be_subclassed(cls):
            return
        cls = _subclass(cls, payload)
    generated = cls.__bases__[-1]
    if method not in vars(generated):
        setattr(generated, method, function)
    if type(signal) is not cls:
        signal.__class__ = cls


def _can_be_subclassed(cls: type) -> bool:
    """
    Return whether no user code runs when a subclass of *cls* is created.
    """
    return type(cls) is type and not any(
        "__init_subclass__" in vars(ancestor)
        for ancestor in cls.__mro__
        if ancestor not in (Generic, object)
    )


def _subclass(cls: type, payload: Payload) -> Any:
    known: dict[object, type] | None = vars(cls).get(SUBCLASSES)
    if known is None:
        known = {}
        setattr(cls, SUBCLASSES, known)
    shape = (payload.open, payload.required, payload.optional)
    if shape not in known:
        generated = type(Sends.__name__, (Sends,), {"__module__": __name__, "__slots__": ()})
        body = {
            "__doc__": cls.__doc__,
            "__module__": cls.__module__,
            "__qualname__": cls.__qualname__,
            "__slots__": (),
            SUBCLASSES: None,
        }
        known[shape] = type(cls.__name__, (cls, generated), body)
    return known[shape]
