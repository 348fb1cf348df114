"""
Refused receivers: the error that ``connect`` raises.

It joins words that others have: the problems of parameters are in :mod:`.rules`, and all other
reasons to refuse a receiver in :mod:`typed_signals._shared.messages`, also those that only an
engine or ``on_commit=True`` has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

from typed_signals._shared.callables import describe_receiver
from typed_signals._shared.messages import NOT_CALLABLE, refused, unreadable_problem
from typed_signals._shared.raising import refuse
from typed_signals.exceptions import ReceiverSignatureError, ReceiverTypeError

from .rules import NOT_A_RECEIVER, Problem
from .signatures import problems_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from typed_signals._declare.payload import Payload


@final
class Refusal:
    """
    Why a receiver cannot be connected.

    Attributes:
        problems: its problems.
    """

    __slots__ = ("_cause", "_receiver", "problems")

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
        self._cause = cause

    def announce(self, signal_name: str) -> bool:
        """
        Raise the error for the signal of that name; return False where :func:`refuse` does.
        """
        texts = [problem.text for problem in self.problems]
        text = refused(signal_name, describe_receiver(self._receiver), "; ".join(texts))
        is_type = any(problem.kind == NOT_A_RECEIVER for problem in self.problems)
        error = ReceiverTypeError if is_type else ReceiverSignatureError
        return refuse(error(text, receiver=self._receiver, problems=texts), self._cause)


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
    Return why *receiver* does not accept every send of *payload*; None if it does.

    Args:
        receiver: the receiver.
        payload: the payload.
        find_reason: returns another reason to refuse a callable, or None. It is called after the
            callable was inspected, and its reason replaces problems of the parameters.
    """
    if not callable(receiver):
        return not_a_receiver(receiver, NOT_CALLABLE)
    try:
        problems = problems_of(receiver, payload)
        reason = find_reason(receiver) if find_reason is not None else None
    except Exception as error:  # noqa: BLE001 - raised by user code
        # A send would probably fail, too.
        return not_a_receiver(receiver, unreadable_problem(error), error)
    if reason is not None:
        return not_a_receiver(receiver, reason)
    return Refusal(receiver, problems) if problems else None
