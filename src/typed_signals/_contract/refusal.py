"""
Refused receivers: the error that ``connect`` raises.

It joins words that others have: the problems of parameters are in :mod:`.rules`, and all other
reasons to refuse a receiver in :mod:`typed_signals._shared.messages`, also those that only an
engine or ``on_commit=True`` has.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from types import MethodType
from typing import TYPE_CHECKING, Any, Final, final
from weakref import WeakValueDictionary

from typed_signals._declare.declaration import Declaration
from typed_signals._shared.callables import describe_receiver, enqueueing_method, is_method
from typed_signals._shared.caller import caller
from typed_signals._shared.messages import (
    doubted,
    not_callable_problem,
    refused,
    send_problem,
    unfit,
    unreadable_problem,
)
from typed_signals._shared.policy import BAD_RECEIVER, REFUSE, WARN, action_for
from typed_signals._shared.raising import is_run_by_mypy, refuse, warn
from typed_signals.exceptions import ContractWarning, ReceiverSignatureError, ReceiverTypeError

from .rules import NOT_A_RECEIVER, Problem
from .signatures import problems_of, send_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from typed_signals._declare.payload import Payload


# The receiver that was checked before this ``connect``, which does not warn about it again.
_checked: Final[ContextVar[object]] = ContextVar("typed_signals_checked", default=None)


@contextmanager
def already_checked(receiver: object) -> Iterator[None]:
    """
    Return a context manager for calls of ``connect`` after *receiver* was checked for all of them.

    They issue no second warning.
    """
    token = _checked.set(receiver)
    try:
        yield
    finally:
        _checked.reset(token)


@final
class Refusal:
    """
    Why a receiver cannot be connected, or why it may fail.

    Attributes:
        problems: its problems.
        cause: the error that inspecting it raised, if there is one.
        is_final: whether it is not a receiver for any payload, so that ``configure`` cannot let it
            through.
        is_certain: whether it is refused. If not, all problems are only known from
            ``__wrapped__``, and it is connected after a warning.
    """

    __slots__ = ("_receiver", "cause", "is_certain", "is_final", "problems")

    def __init__(
        self, receiver: object, problems: Sequence[Problem], cause: Exception | None = None
    ) -> None:
        """
        Args:
            receiver: the refused object.
            problems: its problems.
            cause: the error that the receiver raised, if there is one.
        """
        self._receiver = receiver
        self.problems = problems
        self.is_final = any(problem.kind == NOT_A_RECEIVER for problem in problems)
        self.is_certain = not all(problem.in_wrapped for problem in problems)
        self.cause = cause

    def announce(self, signal: Any, signal_name: str) -> bool:
        """
        Raise the error for *signal*, or issue the warning, as ``configure`` says.

        Returns:
            Whether the receiver may be connected: False where :func:`refuse` returns it.
        """
        certain = [problem for problem in self.problems if not problem.in_wrapped]
        described = _describe_refused(self._receiver)
        if not certain:
            reasons = "; ".join(problem.text for problem in self.problems)
            text = doubted(signal_name, described, reasons, is_method=is_method(self._receiver))
            self._warn(signal, text)
            return True
        texts = [problem.text for problem in certain]
        reasons = "; ".join(texts)
        action = REFUSE
        if not (self.is_final or is_run_by_mypy()):
            action = action_for(BAD_RECEIVER, signal_name)
        if action == REFUSE:
            error = ReceiverTypeError if self.is_final else ReceiverSignatureError
            text = refused(signal_name, described, reasons)
            return refuse(error(text, receiver=self._receiver, problems=texts), self.cause)
        if action == WARN:
            self._warn(signal, unfit(signal_name, described, reasons))
        _signals_with_bad_receivers[id(signal)] = signal
        return True

    def _warn(self, signal: Any, text: str) -> None:
        if _checked.get() is self._receiver:
            return
        declaration: Declaration | None = getattr(signal, "_declaration", None)
        if declaration is not None:
            declaration.warn_of_call(text)
        else:  # a signal of Django, for on_commit=True
            frame = caller()
            warn(text, ContractWarning, frame.f_code.co_filename, frame.f_lineno)


def _describe_refused(receiver: object) -> str:
    """
    Return the description of *receiver*; of a signal and its methods, the name of the signal.
    """
    signal, method = receiver, ""
    if type(receiver) is MethodType:
        signal, method = receiver.__self__, f".{receiver.__name__}"
    try:  # not by getattr, which may call code of the user
        declaration = object.__getattribute__(signal, "_declaration")
    except AttributeError:
        declaration = None
    if type(declaration) is Declaration:
        return f"{declaration.name_of(signal)}{method}"
    return describe_receiver(receiver)


# By their ids. The system check inspects their receivers again, also if they have no name.
_signals_with_bad_receivers: Final[WeakValueDictionary[int, Any]] = WeakValueDictionary()


def signals_with_bad_receivers() -> list[Any]:
    """
    Return the signals to which ``connect`` connected a bad receiver, because of ``configure``.

    The receivers may have been disconnected or collected since then.
    """
    return list(_signals_with_bad_receivers.values())


def not_a_receiver(receiver: object, text: str, cause: Exception | None = None) -> Refusal:
    """
    Return the refusal of an object that is not a receiver for any payload, because of *text*.
    """
    return Refusal(receiver, [Problem(NOT_A_RECEIVER, text)], cause)


def refusal_of(
    receiver: object,
    payload: Payload,
    find_reason: Callable[[Any], str | None] | None = None,
) -> Refusal | None:
    """
    Return why *receiver* does not accept every send of *payload*, or may not; None if it does.

    Args:
        receiver: the receiver.
        payload: the payload.
        find_reason: returns another reason to refuse a callable, or None. It is called after the
            callable was inspected, and its reason replaces problems of the parameters.
    """
    if not callable(receiver):
        problem = not_callable_problem(receiver, enqueueing_method(receiver))
        return not_a_receiver(receiver, problem)
    try:
        if (send := send_in(receiver)) is not None:
            return not_a_receiver(receiver, send_problem(send))
        problems = problems_of(receiver, payload)
        reason = find_reason(receiver) if find_reason is not None else None
    except Exception as error:  # noqa: BLE001 - raised by user code
        # A send would probably fail, too.
        return not_a_receiver(receiver, unreadable_problem(error), error)
    if reason is not None:
        return not_a_receiver(receiver, reason)
    return Refusal(receiver, problems) if problems else None
