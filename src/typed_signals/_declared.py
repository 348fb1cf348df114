"""
What a declaration gives to a signal, whatever engine dispatches it.
"""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any

from ._describe import describe_receiver
from ._parameters import clearly_fits, problems_of
from ._words import NOT_CALLABLE
from .exceptions import ReceiverSignatureError, ReceiverTypeError

if TYPE_CHECKING:
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
        if not isinstance(function, FunctionType):
            raise TypeError(
                f"Signal.declare takes a function, not {function!r}: "
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

    def _check_receiver(self, receiver: object, *, weak: bool) -> None:  # noqa: ARG002
        """
        Raise unless *receiver* could be connected; nothing is changed.
        """
        self._check_contract(receiver)

    def _check_contract(self, receiver: object) -> None:
        """
        Raise unless *receiver* could take every send.

        Raises:
            ReceiverTypeError: it is not callable.
            ReceiverSignatureError: its parameters do not fit.
            DeclarationError: the signal itself is declared wrongly.
        """
        payload = self._declaration.payload_of(self)
        if clearly_fits(receiver, payload):
            return
        if not callable(receiver):
            raise self._refusal(ReceiverTypeError, receiver, [NOT_CALLABLE])
        if problems := problems_of(receiver, payload):
            texts = [problem.text for problem in problems]
            raise self._refusal(ReceiverSignatureError, receiver, texts)

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
