"""
A receiver that is refused: the verdict, as the error that ``connect`` raises.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from typed_signals._shared.callables import describe_receiver
from typed_signals._shared.messages import NOT_CALLABLE, refused, unreadable_problem
from typed_signals._shared.reporting import refuse
from typed_signals.exceptions import ReceiverSignatureError, ReceiverTypeError

from .signatures import problems_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typed_signals._declare.payload import Payload
    from typed_signals.exceptions import ContractError


@final
class Refusal:
    """
    Why a receiver cannot be connected.
    """

    __slots__ = ("_cause", "_error", "_problems", "_receiver")

    def __init__(
        self,
        error: type[ContractError],
        receiver: object,
        problems: Sequence[str],
        cause: Exception | None = None,
    ) -> None:
        """
        Args:
            error: the class of the error.
            receiver: what is refused.
            problems: what is wrong with it, one sentence each.
            cause: what its own code raised, if that is what is wrong.
        """
        self._error = error
        self._receiver = receiver
        self._problems = problems
        self._cause = cause

    def announce(self, signal_name: str) -> bool:
        """
        Raise the error for the signal of that name; return False where :func:`refuse` does.
        """
        described, reasons = describe_receiver(self._receiver), "; ".join(self._problems)
        text = refused(signal_name, described, reasons)
        error = self._error(text, receiver=self._receiver, problems=self._problems)
        return refuse(error, self._cause)


def refusal_of(receiver: object, payload: Payload) -> Refusal | None:
    """
    Return why *receiver* could not take every send of *payload*; None if it could.
    """
    if not callable(receiver):
        return Refusal(ReceiverTypeError, receiver, [NOT_CALLABLE])
    try:
        problems = problems_of(receiver, payload)
    except Exception as error:  # noqa: BLE001 - its own code's
        # It would fail in a send, too, or that is not known.
        return Refusal(ReceiverTypeError, receiver, [unreadable_problem(error)], error)
    if not problems:
        return None
    return Refusal(ReceiverSignatureError, receiver, [problem.text for problem in problems])
