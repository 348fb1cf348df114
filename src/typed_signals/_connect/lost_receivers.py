"""
Whether a receiver was lost: it died where it was connected, so that no send could reach it.

How many references there are to a receiver does not tell whether anything keeps it: Python borrows
some, and defers others. But where a receiver dies, the innermost frame stands at the instruction
that dropped it. A lost one is dropped by

* the ``connect`` that returns: ``connect(lambda **kwargs: None)``, ``connect(Oven().on_done)``;
* the function around the ``connect`` that returns, for local functions and for helpers;
* the statement of the ``connect`` that throws its value away: ``Oven()`` with a ``connect`` in
  ``__init__``;
* the next round of a loop that defines it anew.

Until a send could reach it, each weak connection has a *witness* of its receiver's death. Nothing
but the warning depends on that.
"""

from __future__ import annotations

import sys
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any, Final, final
from weakref import getweakrefs, ref

from typed_signals._shared.callables import describe_function, describe_receiver, is_method
from typed_signals._shared.caller import line_of
from typed_signals._shared.raising import warn
from typed_signals.exceptions import ReceiverCollectedWarning

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, FrameType


# What runs on behalf of the expression that makes an object, or a list of them.
_MAKING: Final = frozenset(
    {
        "<dictcomp>",
        "<genexpr>",
        "<listcomp>",
        "<setcomp>",
        "__attrs_post_init__",
        "__init__",
        "__new__",
        "__post_init__",
    }
)

_WAITING: Final = frozenset({"SEND", "YIELD_VALUE"})

# Operations that take time: something else may be done meanwhile, with the receiver in place.
_WORK: Final = frozenset(
    {
        "BEFORE_ASYNC_WITH",
        "BEFORE_WITH",
        "CALL",
        "CALL_FUNCTION_EX",
        "CALL_KW",
        *_WAITING,
    }
)

_END_OF_LOOP: Final = frozenset({"END_FOR", "FOR_ITER", "POP_ITER"})

_STORE: Final = ("STORE_DEREF", "STORE_FAST", "STORE_NAME")

# What makes a function that a name is given to, and what comes in between.
_DEFINITION: Final = frozenset({"FOR_ITER", "MAKE_FUNCTION"})
_DECORATION: Final = frozenset({"CALL", "PRECALL", "SET_FUNCTION_ATTRIBUTE"})

_NO_OPERATION: Final = frozenset({"CACHE", "EXTENDED_ARG", "NOP"})


@final
class Witness(ref[Any]):
    """
    A reference to a receiver, or to the object of its method, that sees where it dies.

    Attributes:
        caller: with ``caller_at``, what called the function that connected the receiver.
        death: the code and the instruction at which it died.
        is_function: whether the receiver is a function, not an object or a method.
        is_suspect: whether no send could reach it yet, through whichever connection of it.
        code, module, name: what describes a function or a method; without ``code``, ``name`` is
            the description.
    """

    __slots__ = (
        "caller",
        "caller_at",
        "code",
        "death",
        "is_function",
        "is_suspect",
        "module",
        "name",
    )

    caller: CodeType | None
    caller_at: int
    code: CodeType | None
    death: tuple[CodeType, int] | None
    is_function: bool
    is_suspect: bool
    module: object
    name: str

    def reached(self) -> None:
        """
        Clear the receiver, and what else is watched of it, of the suspicion.
        """
        if not self.is_suspect:
            return  # a send that reached the receiver has cleared them all
        for each in getweakrefs(self()):  # there are none to None
            if type(each) is Witness:
                each.is_suspect = False


def _see_death(witness: Witness, this_frame: Any = sys._getframe) -> None:
    # The collector may call this anywhere, also when the interpreter has taken down all globals.
    frame = this_frame().f_back
    if frame is not None:
        witness.death = (frame.f_code, frame.f_lasti)


def watch(receiver: Any, frame: FrameType) -> Witness:
    """
    Return a witness for *receiver*, which *frame* connects.
    """
    held = function = receiver
    caller = frame.f_back
    is_function = type(receiver) is FunctionType
    if not is_function:
        if type(receiver) is MethodType:
            held, function = receiver.__self__, receiver.__func__
        elif is_method(receiver):
            held = receiver.__self__
        while caller is not None and caller.f_code.co_name in _MAKING:
            caller = caller.f_back
    witness = Witness(held, _see_death)
    witness.is_function = is_function
    witness.is_suspect = True
    witness.death = None
    if caller is None:
        witness.caller = None
    else:
        witness.caller, witness.caller_at = caller.f_code, caller.f_lasti
    # Unless something renamed it, as functools.wraps does.
    if type(function) is FunctionType and (
        (name := function.__qualname__) is (code := function.__code__).co_qualname
    ):
        witness.code, witness.module, witness.name = code, function.__module__, name
    else:
        witness.code, witness.name = None, describe_receiver(receiver)
    return witness


def warn_if_lost(witness: Witness, connecting: CodeType, at: int) -> None:
    """
    Warn of a receiver, which is dead, if it was lost.

    Args:
        witness: of its death.
        connecting: what called ``connect``.
        at: the instruction of *connecting* which did.
    """
    if not witness.is_suspect or not _was_lost(witness, connecting, at):
        return
    if witness.code is None:
        receiver = witness.name
    else:
        receiver = describe_function(witness.module, witness.name, witness.code)
    warn(
        f"receiver {receiver} was garbage-collected before any send could reach "
        "it: connect() holds receivers weakly, and nothing else held this one. Connect a "
        "module-level function, keep a reference to the receiver, or pass weak=False",
        ReceiverCollectedWarning,
        connecting.co_filename,
        line_of(connecting, at),
    )


def _was_lost(witness: Witness, connecting: CodeType, at: int) -> bool:
    if witness.death is None or sys.is_finalizing():
        return False
    code, place = witness.death
    if code is connecting and place == at:
        return True
    if code is witness.caller and place == witness.caller_at:
        return _is_gone_with(connecting, at, witness)
    return (code is connecting and _is_dropped(code, at, place, witness)) or (
        code is witness.caller and _is_dropped(code, witness.caller_at, place, witness)
    )


def _is_gone_with(connecting: CodeType, at: int, witness: Witness) -> bool:
    """
    Return whether nothing but the function that connected the receiver, and returned, held it.
    """
    if witness.is_function and f"{connecting.co_qualname}.<locals>." in witness.name:
        # While that waited, the receiver was in place.
        return _WAITING.isdisjoint(_operations(connecting, at + 2))
    if any(map(_is_store, _operations(connecting, 0, at))):
        # The receiver may have had a name there. A parameter is all that a helper needs.
        return False
    # An object may have been connected to work with it. None dies in what makes it.
    return witness.is_function or (
        connecting.co_name not in _MAKING and _WORK.isdisjoint(_operations(connecting, at + 2))
    )


def _is_dropped(code: CodeType, since: int, at: int, witness: Witness) -> bool:
    """
    Return whether the operation *at* drops what the one at *since* called for, which has returned.
    """
    operation = next(_operations(code, at, at + 2), "")
    if operation == "POP_TOP":
        return since < at and _WORK.isdisjoint(_operations(code, since + 2, at))
    if not witness.is_function:
        # An object whose name is given to another one had that name.
        return False
    if operation in _END_OF_LOOP:
        return True
    if not _is_store(operation):
        return False
    before = reversed([*_operations(code, 0, at)])
    return next((each for each in before if each not in _DECORATION), None) in _DEFINITION


def _is_store(operation: str) -> bool:
    return operation.startswith(_STORE)


def _operations(code: CodeType, start: int, stop: int | None = None) -> Iterator[str]:
    from opcode import opname  # hardly ever needed

    names = (opname[operation] for operation in code.co_code[start:stop:2])
    return (name for name in names if name not in _NO_OPERATION)
