"""
``Signal`` and ``ModelSignal`` on Django's own dispatcher.

They are subclasses of ``django.dispatch.Signal``, so tools that use its internals also work with
them. They add the declaration: ``connect`` checks receivers, and the four send methods check
payloads.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Concatenate, Final, Generic, Self

from django.db.models.options import Options
from django.db.models.signals import ModelSignal as DjangoModelSignal
from django.db.models.utils import make_model_tuple
from django.dispatch import Signal as DjangoSignal

from typed_signals._base import BaseSignal, KwargsT, P, ResponseT, SenderT
from typed_signals._connect.identity import is_given
from typed_signals._declare.declaration import Declaration
from typed_signals._shared.caller import caller, is_ours
from typed_signals._shared.messages import shown
from typed_signals._shared.raising import refuse

from ._live_connections import connections_of, is_connected, note_place

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from contextlib import AbstractContextManager

    from django.apps.registry import Apps

    from typed_signals._base import DeclaredP, DeclaredResponseT, DeclaredSenderT
    from typed_signals._connect.connection import Connection
    from typed_signals._send.loops import Receiver
    from typed_signals._typing import ReceiverOf


class Signal(  # type: ignore[misc]  # receivers may be required to be more than callable
    BaseSignal[SenderT, KwargsT, ResponseT, P],
    DjangoSignal,
    # ty needs this to know that P has a default.
    Generic[SenderT, KwargsT, ResponseT, P],
):
    """
    A Django signal with a declared payload.

    It is declared as :class:`typed_signals.Signal` is, with the same type parameters or by
    ``declare``, and does what Django's does otherwise.

    ``connect`` raises ``ReceiverTypeError``, ``ReceiverSignatureError`` or ``DeclarationError``,
    and the four sends ``PayloadError``, as those of :class:`typed_signals.Signal` do.
    """

    # Keys that Django's own send methods do not accept.
    _taken_keys: Final = ("self",)

    def __new__(cls, *_args: Any, **_kwargs: Any) -> Self:
        self = super().__new__(cls)
        self._declaration = Declaration(Signal)
        return self

    if TYPE_CHECKING:

        @classmethod
        def declare(
            cls,
            function: Callable[Concatenate[DeclaredSenderT, DeclaredP], DeclaredResponseT],
            /,
        ) -> Signal[DeclaredSenderT, dict[str, object], DeclaredResponseT, DeclaredP]: ...

    @property
    def connections(self) -> list[Connection]:
        """
        The live connections, in the order in which they were connected; a read-only copy.
        """
        [(_, _, listed)] = connections_of([("", self)])
        return [each.connection for each in listed]

    def connect(
        self,
        receiver: ReceiverOf[SenderT, P],
        sender: object = None,
        weak: bool = True,
        dispatch_uid: Hashable = None,
    ) -> None:
        if self._check_connect(receiver, sender, weak, dispatch_uid):
            super(BaseSignal, self).connect(receiver, sender, weak, dispatch_uid)
            frame = sys._getframe(1)
            if is_ours(frame):
                frame = caller()
            note_place(self, (frame.f_code, frame.f_lasti), receiver, sender, dispatch_uid)

    def _is_connected(self, receiver: object, sender: object, dispatch_uid: Hashable) -> bool:
        return self._check_keys(sender, dispatch_uid) and is_connected(
            self, receiver, sender, dispatch_uid
        )

    def _check_keys(self, sender: object, dispatch_uid: Hashable) -> bool:
        # Django only compares it, so it does not have to be hashable.
        if is_given(dispatch_uid) is None:
            return False
        try:
            hasattr(sender, "__func__")  # Django reads it
        except Exception as error:  # noqa: BLE001 - raised by user code
            problem = (
                f"{self._declaration.name_of(self)} cannot use the sender {shown(sender)}: "
                f"inspecting it raised {shown(error)}"
            )
            return refuse(TypeError(problem), error)
        return True

    def send(  # type: ignore[override]
        self, /, sender: SenderT, *args: P.args, **payload: P.kwargs
    ) -> list[tuple[Receiver, ResponseT]]:
        named = self._by_keyword("send", args, payload)
        if named is None:
            return []
        responses: list[Any] = super(BaseSignal, self).send(sender, **named)
        return responses

    def send_robust(
        self, /, sender: SenderT, *args: P.args, **payload: P.kwargs
    ) -> list[tuple[Receiver, ResponseT | Exception]]:
        named = self._by_keyword("send_robust", args, payload)
        if named is None:
            return []
        responses: list[Any] = super(BaseSignal, self).send_robust(sender, **named)
        return responses

    async def asend(  # type: ignore[override]
        self, /, sender: SenderT, *args: P.args, **payload: P.kwargs
    ) -> list[tuple[Receiver, ResponseT]]:
        named = self._by_keyword("asend", args, payload)
        if named is None:
            return []
        responses: list[Any] = await super(BaseSignal, self).asend(sender, **named)
        return responses

    async def asend_robust(
        self, /, sender: SenderT, *args: P.args, **payload: P.kwargs
    ) -> list[tuple[Receiver, ResponseT | Exception]]:
        named = self._by_keyword("asend_robust", args, payload)
        if named is None:
            return []
        responses: list[Any] = await super(BaseSignal, self).asend_robust(sender, **named)
        return responses


class ModelSignal(
    Signal[SenderT, KwargsT, ResponseT, P],
    DjangoModelSignal,
    Generic[SenderT, KwargsT, ResponseT, P],
):
    """
    A Django signal with a declared payload, whose senders are models.

    ``connect``, ``connected`` and ``disconnect`` also accept a sender as a string,
    ``"app_label.ModelName"``. Django raises ``ValueError`` for any other string.
    """

    if TYPE_CHECKING:

        @classmethod
        def declare(
            cls,
            function: Callable[Concatenate[DeclaredSenderT, DeclaredP], DeclaredResponseT],
            /,
        ) -> ModelSignal[DeclaredSenderT, dict[str, object], DeclaredResponseT, DeclaredP]: ...

    def connect(
        self,
        receiver: ReceiverOf[SenderT, P],
        sender: object = None,
        weak: bool = True,
        dispatch_uid: Hashable = None,
        apps: Apps | None = None,
    ) -> None:
        if self._check_connect(receiver, sender, weak, dispatch_uid):
            super(BaseSignal, self).connect(receiver, sender, weak, dispatch_uid, apps)  # type: ignore[arg-type]
            try:
                model = _as_model(sender, apps)
            except LookupError:  # Django connects when there is such a model
                return
            frame = sys._getframe(1)
            if is_ours(frame):
                frame = caller()
            note_place(self, (frame.f_code, frame.f_lasti), receiver, model, dispatch_uid)

    if TYPE_CHECKING:

        def disconnect(  # type: ignore[override]
            self,
            receiver: Callable[..., Any] | None = None,
            sender: object = None,
            dispatch_uid: Hashable = None,
            apps: Apps | None = None,
        ) -> bool | None: ...

    def connected(
        self,
        receiver: ReceiverOf[SenderT, P],
        sender: object = None,
        dispatch_uid: Hashable = None,
        apps: Apps | None = None,
    ) -> AbstractContextManager[None]:
        """
        Like :meth:`Signal.connected`, but also accept the name of a model.

        Raises:
            LookupError: there is no such model.
        """
        return super().connected(receiver, _as_model(sender, apps), dispatch_uid)

    def _check_keys(self, sender: object, dispatch_uid: Hashable) -> bool:
        if not super()._check_keys(sender, dispatch_uid):
            return False
        if isinstance(sender, str):
            try:
                make_model_tuple(sender)
            except ValueError as error:
                return refuse(error)
        return True


def _as_model(sender: object, apps: Apps | None) -> object:
    """
    Return the model that *sender* names if it is a string, else *sender*.
    """
    if not isinstance(sender, str):
        return sender
    return (apps or Options.default_apps).get_registered_model(*make_model_tuple(sender))
