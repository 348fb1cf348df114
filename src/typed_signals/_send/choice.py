"""
Which path the sends of a signal take; :func:`choose` decides it, and nothing else does.

* Plain: the payload is handed on as a dictionary, whatever its keys are (``plain``).
* Fast: a method that was generated for the keys of the payload (``codegen``). To generate one takes
  as long as hundreds of plain sends, and some signals are sent once.

Python finds a method of the class faster than anything kept on the object. So once a method is
generated, a signal moves to a subclass of its class, which looks like the class itself, and which
it shares with all signals that have the same keys.

In that subclass, Python looks for a send first in the classes that people know: their own, and
``Signal``. These have none unless somebody overrides or patches one. Then come the generated
methods, and last those of :class:`Sends`. So what is set on a class is always called, and no send
has to ask for it.
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

# On a class: its specialised subclasses by payload, which go when it goes. On those: None.
SUBCLASSES: Final = "_specialised"


class Sends:
    """
    The sends that are the same for every payload, in a base where they are found last.
    """

    __slots__ = ()


def move_sends(cls: type) -> None:
    """
    Move the sends from *cls*, whose body has them for people to read, to its base :class:`Sends`.
    """
    for method in SENDS:
        setattr(Sends, method, vars(cls)[method])
        delattr(cls, method)


def choose(signal: Dispatching, method: str) -> Callable[..., Responses]:
    """
    Return what does the sync *method* for *signal*; it takes the signal and all that is sent.

    What is generated is found without this function from then on.
    """
    try:
        payload = signal._declaration.payload_of(signal)
    except DeclarationError as error:
        refuse(error)
        return _send_nothing
    fast = payload.sends.get(method)
    if fast is None:
        payload.count_of_sends += 1
        # While the interpreter finalizes, nothing can be imported any more.
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
    Have *signal* find *function* where it would find the *method* of :class:`Sends`.
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
    Return whether no code of the user's runs when a subclass of *cls* is made.
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
