"""
What a declaration gives to a signal, whatever engine dispatches it.
"""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any

from ._connections import receiver_key
from ._describe import describe_receiver
from ._link import make_link, not_weak_problem
from ._parameters import clearly_fits, problems_of
from ._words import NOT_CALLABLE, as_bool, shown, unreadable_problem
from .exceptions import ReceiverSignatureError, ReceiverTypeError

if TYPE_CHECKING:
    from collections.abc import Hashable

    from ._declaration import Declaration
    from .exceptions import ContractError


class Declared:
    """
    A signal with a ``_declaration``: it knows its name, and what fits it.
    """

    __slots__ = ()

    _declaration: Declaration

    @classmethod
    def _declared_by(cls, function: Any) -> Any:
        """
        Return the signal that *function* declares; see :meth:`typed_signals.Signal.declare`.
        """
        if type(function) is not FunctionType:
            raise TypeError(
                f"Signal.declare takes a function, not {shown(function)}: "
                "write @Signal.declare above def pizza_done(sender, ...)"
            )
        signal: Any = cls()
        signal._declaration.by_function(function)
        signal.__doc__ = function.__doc__
        return signal

    def __set_name__(self, owner: type, name: str) -> None:
        self._declaration.in_class(owner, name)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._declaration.name_of(self)}>"

    def _check_connect(
        self,
        receiver: object,
        sender: object = None,
        weak: bool = True,
        dispatch_uid: Hashable = None,
    ) -> None:
        """
        Raise unless ``connect`` could do with these arguments; nothing is changed.
        """
        self._check_contract(receiver)
        self._check_keys(sender, dispatch_uid)
        weak = as_bool("weak", weak)
        try:
            make_link(receiver, None, weak=weak)
        except TypeError:
            raise self._not_weak(receiver) from None

    def _check_keys(self, _sender: object, dispatch_uid: Hashable) -> None:
        """
        Raise unless a connection could be found again by these.
        """
        receiver_key(None, dispatch_uid)

    def _check_contract(self, receiver: object) -> None:
        """
        Raise unless *receiver* could take every send.

        Raises:
            ReceiverTypeError: it is not callable, or cannot be looked at.
            ReceiverSignatureError: its parameters do not fit.
            DeclarationError: the signal itself is declared wrongly.
        """
        payload = self._declaration.payload_of(self)
        if clearly_fits(receiver, payload):
            return
        if not callable(receiver):
            raise self._refusal(ReceiverTypeError, receiver, [NOT_CALLABLE])
        try:
            problems = problems_of(receiver, payload)
        except Exception as error:
            # Its own code's. It would fail in a send, too, or nobody can tell.
            problem = unreadable_problem(error)
            raise self._refusal(ReceiverTypeError, receiver, [problem]) from error
        if problems:
            texts = [problem.text for problem in problems]
            raise self._refusal(ReceiverSignatureError, receiver, texts)

    def _not_weak(self, receiver: object) -> ContractError:
        return self._refusal(ReceiverTypeError, receiver, [not_weak_problem(receiver)])

    def _refusal(
        self, error: type[ContractError], receiver: object, problems: list[str]
    ) -> ContractError:
        name, shown = self._declaration.name_of(self), describe_receiver(receiver)
        text = f"{name} cannot connect {shown}: {'; '.join(problems)}"
        return error(text, receiver=receiver, problems=problems)

    def _by_keyword(
        self, method: str, args: tuple[Any, ...], payload: dict[str, Any]
    ) -> dict[str, Any]:
        """
        Return the whole payload by keyword.

        Raises:
            PayloadError: *args* and *payload* are not what the signal declares.
        """
        declared = self._declaration.payload_of(self)
        if args and (named := declared.by_keyword(args, payload)) is not None:
            args, payload = (), named
        if args or not declared.accepts(payload.keys()):
            where = f"{self._declaration.name_of(self)}.{method}()"
            raise declared.refusal(payload.keys(), len(args), where)
        return payload
