"""
What a declaration gives to a signal, whatever engine dispatches it.
"""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any

from ._connect.identity import receiver_key
from ._connect.references import can_be_weak, not_weak_problem
from ._contract.refusal import Refusal, refusal_of
from ._contract.signatures import clearly_fits
from ._shared.messages import shown
from ._shared.reporting import as_bool, refuse
from .exceptions import DeclarationError, ReceiverTypeError

if TYPE_CHECKING:
    from collections.abc import Hashable

    from ._declare.declaration import Declaration


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
            problem = (
                f"Signal.declare takes a function, not {shown(function)}: "
                "write @Signal.declare above def pizza_done(sender, ...)"
            )
            refuse(TypeError(problem))
            return cls()
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
    ) -> bool:
        """
        Return True if ``connect`` could do with these arguments; refuse them if not.
        """
        if not (self._check_contract(receiver) and self._check_keys(sender, dispatch_uid)):
            return False
        is_weak = as_bool("weak", weak)
        if is_weak is None:
            return False
        return not is_weak or can_be_weak(receiver) or self._refuse_weak(receiver)

    def _check_keys(self, _sender: object, dispatch_uid: Hashable) -> bool:
        """
        Return True if a connection could be found again by these; refuse them if not.
        """
        return receiver_key(None, dispatch_uid) is not None

    def _check_contract(self, receiver: object) -> bool:
        """
        Return True if *receiver* could take every send; refuse it if not.

        Raises:
            ReceiverTypeError: it is not callable, or cannot be looked at.
            ReceiverSignatureError: its parameters do not fit.
            DeclarationError: the signal itself is declared wrongly.
        """
        try:
            payload = self._declaration.payload_of(self)
        except DeclarationError as error:
            return refuse(error)
        if clearly_fits(receiver, payload):
            return True
        refusal = refusal_of(receiver, payload)
        return refusal is None or refusal.announce(self._declaration.name_of(self))

    def _refuse_weak(self, receiver: object) -> bool:
        refusal = Refusal(ReceiverTypeError, receiver, [not_weak_problem(receiver)])
        return refusal.announce(self._declaration.name_of(self))

    def _by_keyword(
        self, method: str, args: tuple[Any, ...], payload: dict[str, Any]
    ) -> dict[str, Any] | None:
        """
        Return the whole payload by keyword; None if it is refused.

        Raises:
            PayloadError: *args* and *payload* are not what the signal declares.
            DeclarationError: the signal itself is declared wrongly.
        """
        try:
            declared = self._declaration.payload_of(self)
        except DeclarationError as error:
            refuse(error)
            return None
        if args and (named := declared.by_keyword(args, payload)) is not None:
            args, payload = (), named
        if args or not declared.accepts(payload.keys()):
            where = f"{self._declaration.name_of(self)}.{method}()"
            refuse(declared.refusal(payload.keys(), len(args), where))
            return None
        return payload
