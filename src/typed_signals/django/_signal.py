"""
``Signal`` and ``ModelSignal`` on Django's own dispatcher.

They are ``django.dispatch.Signal``s in every respect, so that whatever reaches into those works on
them too. What is added is the declaration: receivers are checked by ``connect``, and payloads by
the four sends.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Generic

from django.db.models.signals import ModelSignal as DjangoModelSignal
from django.db.models.utils import make_model_tuple
from django.dispatch import Signal as DjangoSignal

from typed_signals._base import Declared
from typed_signals._connect.identity import is_given
from typed_signals._declare.declaration import Declaration
from typed_signals._shared.messages import shown
from typed_signals._shared.reporting import refuse
from typed_signals._signal import KwargsT, P, ResponseT, SenderT, with_defaults
from typed_signals._signal import Signal as CoreSignal

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from typing import Concatenate, Never

    from typed_signals._signal import DeclaredP, DeclaredResponseT, DeclaredSenderT
    from typed_signals._typing import ReceiverOf

    # For type checkers, the methods are those of our own signals, with their types. Generic tells
    # ty that P can be left out.
    class Signal(  # type: ignore[misc]
        CoreSignal[SenderT, KwargsT, ResponseT, P],
        DjangoSignal,
        Generic[SenderT, KwargsT, ResponseT, P],
    ):
        """
        A Django signal with a declared payload.
        """

        receivers: list[Any]

        @classmethod
        def declare(
            cls,
            function: Callable[Concatenate[DeclaredSenderT, DeclaredP], DeclaredResponseT],
            /,
        ) -> Signal[DeclaredSenderT, Never, DeclaredResponseT, DeclaredP]: ...

    class ModelSignal(
        Signal[SenderT, KwargsT, ResponseT, P], Generic[SenderT, KwargsT, ResponseT, P]
    ):
        """
        A Django signal with a declared payload, whose senders are models.
        """

        @classmethod
        def declare(
            cls,
            function: Callable[Concatenate[DeclaredSenderT, DeclaredP], DeclaredResponseT],
            /,
        ) -> ModelSignal[DeclaredSenderT, Never, DeclaredResponseT, DeclaredP]: ...

        def connect(
            self,
            receiver: ReceiverOf[SenderT, P],
            sender: object = None,
            weak: bool = True,
            dispatch_uid: Hashable = None,
            apps: object = None,
        ) -> None: ...

        def disconnect(  # type: ignore[override]
            self,
            receiver: Callable[..., Any] | None = None,
            sender: object = None,
            dispatch_uid: Hashable = None,
            apps: object = None,
        ) -> bool | None: ...

else:

    class Signal(Declared, DjangoSignal, Generic[SenderT, KwargsT, ResponseT, P]):
        """
        A Django signal with a declared payload.

        It is declared as :class:`typed_signals.Signal` is, with the same type parameters or by
        ``declare``, and does what Django's does otherwise.

        ``connect`` raises ``ReceiverTypeError``, ``ReceiverSignatureError`` or
        ``DeclarationError``, and the four sends ``PayloadError``, as those of
        :class:`typed_signals.Signal` do.
        """

        # Django's own sends could not be passed them.
        _taken_keys = ("self",)

        def __new__(cls, *_args, **_kwargs):
            self = super().__new__(cls)
            self._declaration = Declaration(Signal)
            return self

        if sys.version_info < (3, 13):

            def __class_getitem__(cls, arguments):
                return super().__class_getitem__(with_defaults(cls, arguments))

        @classmethod
        def declare(cls, function, /):
            return cls._declared_by(function)

        def connect(self, receiver, sender=None, weak=True, dispatch_uid=None):
            if self._check_connect(receiver, sender, weak, dispatch_uid):
                super().connect(receiver, sender, weak, dispatch_uid)

        def _check_keys(self, sender, dispatch_uid):
            # Django compares only, so it need not be hashable.
            if is_given(dispatch_uid) is None:
                return False
            try:
                hasattr(sender, "__func__")  # Django asks for it
            except Exception as error:  # noqa: BLE001 - its own code's
                problem = (
                    f"{self._declaration.name_of(self)} cannot listen to {shown(sender)}: "
                    f"looking at it raises {shown(error)}"
                )
                return refuse(TypeError(problem), error)
            return True

        def send(self, /, sender, *args, **payload):
            payload = self._by_keyword("send", args, payload)
            return [] if payload is None else super().send(sender, **payload)

        def send_robust(self, /, sender, *args, **payload):
            payload = self._by_keyword("send_robust", args, payload)
            return [] if payload is None else super().send_robust(sender, **payload)

        async def asend(self, /, sender, *args, **payload):
            payload = self._by_keyword("asend", args, payload)
            return [] if payload is None else await super().asend(sender, **payload)

        async def asend_robust(self, /, sender, *args, **payload):
            payload = self._by_keyword("asend_robust", args, payload)
            return [] if payload is None else await super().asend_robust(sender, **payload)

    class ModelSignal(Signal[SenderT, KwargsT, ResponseT, P], DjangoModelSignal):
        """
        A Django signal with a declared payload, whose senders are models.

        ``connect`` and ``disconnect`` also take a sender as a string, ``"app_label.ModelName"``;
        Django raises ``ValueError`` for any other string.
        """

        def connect(self, receiver, sender=None, weak=True, dispatch_uid=None, apps=None):
            if self._check_connect(receiver, sender, weak, dispatch_uid):
                super(Signal, self).connect(receiver, sender, weak, dispatch_uid, apps)

        def _check_keys(self, sender, dispatch_uid):
            if not super()._check_keys(sender, dispatch_uid):
                return False
            if isinstance(sender, str):
                try:
                    make_model_tuple(sender)
                except ValueError as error:
                    return refuse(error)
            return True
