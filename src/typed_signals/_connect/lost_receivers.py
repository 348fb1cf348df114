"""
Find out whether a receiver was lost: garbage-collected where it was connected, before a send could
call it.

The reference count of a receiver does not show whether it is stored somewhere: Python borrows some
references, and defers others. But when a receiver dies, the innermost frame is at the instruction
that deleted the last reference. A lost receiver is deleted by

* the return from ``connect``: ``connect(lambda **kwargs: None)``, ``connect(Oven().on_done)``;
* the return from the function around ``connect``, for local functions and for helpers;
* the end of the statement that calls ``connect``: ``Oven()`` with a ``connect`` in ``__init__``;
* the next iteration of a loop that creates it again under the same name.

Until a send could call the receiver, each weak connection has a *witness* that records its death.
Only the warning uses it.
"""

from __future__ import annotations

import sys
from functools import partial
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any, Final, final
from weakref import getweakrefs, ref

from typed_signals._shared.callables import describe_function, describe_receiver, is_method
from typed_signals._shared.caller import line_of
from typed_signals._shared.messages import LAMBDA, LOCAL_FUNCTION, lost_receiver_fix
from typed_signals._shared.raising import warn
from typed_signals.exceptions import ReceiverCollectedWarning

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, FrameType


# Functions that run as a part of the expression that creates an object, or a list of objects.
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

# Operations that run other code: during this time, the receiver is connected and alive.
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

# Names that only the code itself can assign, of a module, a class or a running function.
_OWN_STORE: Final = ("STORE_FAST", "STORE_NAME")

# Instructions that create a function before its name is stored, and those in between.
_DEFINITION: Final = frozenset({"FOR_ITER", "MAKE_FUNCTION"})
_DECORATION: Final = frozenset({"CALL", "PRECALL", "SET_FUNCTION_ATTRIBUTE"})

_NO_OPERATION: Final = frozenset({"CACHE", "EXTENDED_ARG", "NOP"})


@final
class Witness(ref[Any]):
    """
    A reference to a receiver, or to the object of its method, that records where it dies.

    Attributes:
        caller: the code that called the function that connected the receiver, at ``caller_at``.
        death: the code and the instruction at which it died.
        is_function: whether the receiver is a function, not an object or a method.
        is_partial: whether it is a partial, which is only made to be called, too.
        is_suspect: whether no send could call it yet, through any of its connections.
        code, module, name: the description of a function or a method; without ``code``, ``name`` is
            the description.
    """

    __slots__ = (
        "caller",
        "caller_at",
        "code",
        "death",
        "is_function",
        "is_partial",
        "is_suspect",
        "module",
        "name",
    )

    caller: CodeType | None
    caller_at: int
    code: CodeType | None
    death: tuple[CodeType, int] | None
    is_function: bool
    is_partial: bool
    is_suspect: bool
    module: object
    name: str

    def reached(self) -> None:
        """
        Note that a send could call the receiver, for all witnesses of it.
        """
        if not self.is_suspect:
            return  # a send that reached the receiver has cleared them all
        for each in getweakrefs(self()):  # there are none for None
            if type(each) is Witness:
                each.is_suspect = False


def _see_death(witness: Witness, this_frame: Any = sys._getframe) -> None:
    # The collector may call this at any point, also after the interpreter deleted all globals.
    frame = this_frame().f_back
    if frame is not None:
        witness.death = (frame.f_code, frame.f_lasti)


def make_witness(receiver: Any, frame: FrameType) -> Witness:
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
    witness.is_partial = issubclass(type(receiver), partial)
    witness.is_suspect = True
    witness.death = None
    if caller is None:
        witness.caller = None
    else:
        witness.caller, witness.caller_at = caller.f_code, caller.f_lasti
    # Unless it was renamed, as functools.wraps does.
    if type(function) is FunctionType and (
        (name := function.__qualname__) is (code := function.__code__).co_qualname
    ):
        witness.code, witness.module, witness.name = code, function.__module__, name
    else:
        witness.code, witness.name = None, describe_receiver(receiver)
    return witness


def warn_if_lost(witness: Witness, connecting: CodeType, at: int) -> None:
    """
    Warn about a dead receiver if it was lost.

    Args:
        witness: the witness of its death.
        connecting: the code that called ``connect``.
        at: the instruction of *connecting* that called it.
    """
    if not witness.is_suspect or not _was_lost(witness, connecting, at):
        return
    if witness.code is None:
        receiver = witness.name
    else:
        receiver = describe_function(witness.module, witness.name, witness.code)
    fix = lost_receiver_fix(_kind_of(witness, connecting))
    warn(
        f"receiver {receiver} was garbage-collected before a send could call it, because "
        f"connect() keeps only a weak reference to it, and nothing else refers to it: {fix}",
        ReceiverCollectedWarning,
        connecting.co_filename,
        line_of(connecting, at),
    )


def _kind_of(witness: Witness, connecting: CodeType) -> str:
    if not witness.is_function:
        return "object"
    if witness.code is not None and witness.code.co_name == "<lambda>":
        return LAMBDA
    around = witness.name.rpartition(".<locals>.")[0]
    return LOCAL_FUNCTION if around.endswith(connecting.co_qualname) else "function"


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
    Return whether only the function that connected the receiver had a reference to it.
    """
    if witness.is_function and f"{connecting.co_qualname}.<locals>." in witness.name:
        # While this code waited, the receiver was alive.
        return _WAITING.isdisjoint(_operations(connecting, at + 2))
    if any(map(_is_store, _operations(connecting, 0, at))):
        # The receiver may have had a name there. A helper only needs a parameter.
        return False
    # An object may have been connected to use it. Objects do not die in their own constructors.
    return witness.is_function or (
        connecting.co_name not in _MAKING and _WORK.isdisjoint(_operations(connecting, at + 2))
    )


def _is_dropped(code: CodeType, since: int, at: int, witness: Witness) -> bool:
    """
    Return whether the instruction *at* deletes the result of the call at *since*.
    """
    operation = next(_operations(code, at, at + 2), "")
    if operation == "POP_TOP":
        return since < at and _WORK.isdisjoint(_operations(code, since + 2, at))
    if not (witness.is_function or witness.is_partial):
        # An object had a name if this name is assigned to another object.
        return False
    if operation in _END_OF_LOOP:
        return True
    if not _is_store(operation):
        return False
    if at < since and operation.startswith(_OWN_STORE):
        return True  # in a loop, the name is assigned to the next receiver
    before = reversed([*_operations(code, 0, at)])
    return next((each for each in before if each not in _DECORATION), None) in _DEFINITION


def _is_store(operation: str) -> bool:
    return operation.startswith(_STORE)


def _operations(code: CodeType, start: int, stop: int | None = None) -> Iterator[str]:
    from opcode import opname  # rarely needed

    names = (opname[operation] for operation in code.co_code[start:stop:2])
    return (name for name in names if name not in _NO_OPERATION)
