"""
``Signal`` and ``ModelSignal`` on Django's own dispatcher.

They are subclasses of ``django.dispatch.Signal``, so tools that use its internals also work with
them. They add the declaration: ``connect`` checks receivers, and the four send methods check
payloads.
"""

from __future__ import annotations

import logging
import os
import sys
import weakref
from functools import partial
from threading import RLock
from typing import TYPE_CHECKING, Any, Concatenate, Final, Generic

from django import VERSION
from django.db.models.options import Options
from django.db.models.signals import ModelSignal as DjangoModelSignal
from django.db.models.utils import make_model_tuple
from django.dispatch import Signal as DjangoSignal
from django.dispatch.dispatcher import _make_id  # type: ignore[attr-defined]  # not in the stubs

from typed_signals._base import BaseSignal, KwargsT, P, ResponseT, SenderT
from typed_signals._connect.changes import recorders, unhooked
from typed_signals._connect.identity import is_given
from typed_signals._send.choice import choose, look_again
from typed_signals._send.engine import move_sends
from typed_signals._send.failures import logged_name, note
from typed_signals._shared.callables import is_async, is_method
from typed_signals._shared.messages import shown
from typed_signals._shared.raising import refuse

from ._django_engine import DJANGO, DjangoSends, receivers_to_call, unwatched_class
from ._failing_receiver import send_of
from ._live_connections import (
    connections_of,
    djangos_own,
    inspect_like_django,
    is_connected,
    is_dead,
    is_misjudged,
    lookup_key,
    placed_key,
    reference_to,
)
from ._recorder import note_connected, note_disconnected
from ._routes import Receivers, add_entry, delete_key, forget_routes

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from types import FrameType

    from django.apps.registry import Apps

    from typed_signals._base import DeclaredP, DeclaredResponseT, DeclaredSenderT
    from typed_signals._connect.connection import Connection
    from typed_signals._send.loops import Receiver
    from typed_signals._typing import Keywords, ReceiverOf


# Whether there are references to senders in ``receivers``.
_REFERS_TO_SENDERS: Final = VERSION >= (6, 0)

_CONNECT: Final = djangos_own(DjangoSignal, "connect")
_DISCONNECT: Final = djangos_own(DjangoSignal, "disconnect")
_CONNECTS: Final = (_CONNECT, djangos_own(DjangoModelSignal, "connect"))

# Django's own.
_logger: Final = logging.getLogger("django.dispatch")


# The locks of all signals.
_locks: Final[weakref.WeakSet[RLock]] = weakref.WeakSet()


def _renew_locks() -> None:
    # A thread that does not exist in the child process may hold one.
    locks: Any = _locks
    for lock in locks:
        lock._at_fork_reinit()


# There are no forks on Windows.
getattr(os, "register_at_fork", dict)(after_in_child=_renew_locks)


class Signal(
    DjangoSends,
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
    and the four send methods ``PayloadError``, as in :class:`typed_signals.Signal`.
    """

    # Python finds these faster than what is in the dictionary of a watched signal.
    __slots__ = ("_path", "receivers")

    receivers: list[Any]

    # Re-entrant, because a finalizer may connect while this thread holds it.
    lock: RLock  # type: ignore[assignment]  # Django's is a Lock

    _dead_receivers: bool

    # Keys that Django's own send methods do not accept.
    _taken_keys = ("self",)

    _engine = DJANGO

    # Defined here, because ``inspect`` shows the first ``__init__`` or ``__new__`` that it finds.
    def __init__(self, use_caching: bool = False) -> None:
        """
        Args:
            use_caching: whether to store the receivers of each sender, as in Django.

        Raises:
            TypeError: *use_caching* is a type, as in ``Signal(PizzaDone)``.
        """
        if use_caching is not False:
            self._check_use_caching(use_caching)
        super().__init__(use_caching)
        self.receivers = Receivers()
        # Re-entrant, because a finalizer may connect while this thread holds it.
        self.lock = RLock()
        _locks.add(self.lock)

    if TYPE_CHECKING:

        @classmethod
        def declare(
            cls,
            function: Callable[Concatenate[DeclaredSenderT, DeclaredP], DeclaredResponseT],
            /,
        ) -> Signal[DeclaredSenderT, Keywords, DeclaredResponseT, DeclaredP]: ...

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
        """
        Connect *receiver* as ``django.dispatch.Signal.connect`` does, if it accepts every send.

        Args:
            receiver: a callable that accepts ``**kwargs``.
            sender: the only sender to connect to, compared by identity; None for all senders.
            weak: whether to keep only a weak reference to *receiver*.
            dispatch_uid: identifies the receiver, instead of its identity.

        Raises:
            ReceiverTypeError: *receiver* is not callable, cannot be inspected, or cannot be weakly
                referenced.
            ReceiverSignatureError: *receiver* does not accept every send of this signal.
            DeclarationError: the declaration of the signal is invalid.
            TypeError: *dispatch_uid* or *sender* cannot be compared, or *weak* has no truth value.
        """
        if self._check_connect(receiver, sender, weak, dispatch_uid):
            frame = sys._getframe(1)
            self._connect_after_check(receiver, sender, weak, dispatch_uid, frame)

    def _connect_after_check(
        self, receiver: Any, sender: Any, weak: bool, dispatch_uid: Hashable, frame: FrameType
    ) -> None:
        key = placed_key(self, receiver, sender, dispatch_uid, frame)
        connect: Any = super(BaseSignal, self).connect
        if (
            unhooked(getattr(connect, "__func__", None)) in _CONNECTS
            and unhooked(DjangoSignal.connect) is _CONNECT
        ):
            _connect_now(self, receiver, sender, weak, key)
        else:
            connect(receiver, sender, weak, key)

    def _clear_dead_receivers(self) -> None:
        if self._dead_receivers:
            if type(self.receivers) is Receivers:
                self._dead_receivers = False
                self.receivers.clear_dead()
            else:
                super()._clear_dead_receivers()  # type: ignore[misc]  # not in the stubs
                if not _REFERS_TO_SENDERS:
                    self.receivers = [entry for entry in self.receivers if not is_dead(entry)]

    def _note_death(self, _reference: object = None) -> None:
        """
        Be called when a receiver or a sender dies, at any time, also in a method of this signal.
        """
        self._dead_receivers = True
        forget_routes(self)

    # The names in Django 6.0 and before.
    _flag_dead_receivers = _remove_receiver = _note_death

    if TYPE_CHECKING:
        pass  # with this method, type checkers would accept any attribute
    else:

        def __setattr__(self, name: str, value: Any) -> None:
            super().__setattr__(name, value)
            if name == "_live_receivers":  # by a tool, only for this signal
                look_again(self)

    def disconnect(
        self,
        receiver: Callable[..., Any] | None = None,
        sender: object = None,
        dispatch_uid: Hashable = None,
    ) -> bool:
        """
        Undo ``connect`` as ``django.dispatch.Signal.disconnect`` does.

        Returns:
            Whether there was such a connection.
        """
        disconnect: Any = super(BaseSignal, self).disconnect
        if unhooked(getattr(disconnect, "__func__", None)) is _DISCONNECT:
            disconnect = partial(_disconnect_now, self)
        is_disconnected: bool = disconnect(receiver, sender, dispatch_uid)
        return is_disconnected

    def has_listeners(self, sender: object = None) -> bool:
        """
        Return whether a send from *sender* would call any receiver.
        """
        receivers = receivers_to_call(self, "send", sender)
        if receivers is None:
            return super(BaseSignal, self).has_listeners(sender)
        return any(receivers)

    def _key_of(self, receiver: object, sender: object, dispatch_uid: Hashable) -> object:
        return lookup_key(receiver, sender, dispatch_uid)

    def _is_connected(self, receiver: object, sender: object, dispatch_uid: Hashable) -> bool:
        return is_connected(self, receiver, sender, dispatch_uid)

    def _find_reason(self, receiver: object) -> None:
        inspect_like_django(receiver)

    def _check_keys(self, sender: object, dispatch_uid: Hashable) -> bool:
        # Django only compares it, so it does not have to be hashable.
        if dispatch_uid is not None and is_given(dispatch_uid) is None:
            return False
        if sender is None:
            return True
        try:
            _make_id(sender)  # Django reads an attribute
        except Exception as error:  # noqa: BLE001 - raised by user code
            problem = (
                f"{self._declaration.name_of(self)} cannot use the sender {shown(sender)}: "
                f"inspecting it raised {shown(error)}: use its class as the sender"
            )
            return refuse(TypeError(problem), error)
        return True

    def send(  # type: ignore[override]
        self, /, sender: SenderT, *args: P.args, **payload: P.kwargs
    ) -> list[tuple[Receiver, ResponseT]]:
        """
        Call the receivers as ``django.dispatch.Signal.send`` does, if the payload is as declared.

        Raises:
            PayloadError: a key is missing or unexpected; no receiver was called.
            DeclarationError: the declaration of the signal is invalid.
        """
        responses: list[Any] = choose(self, "send")(self, sender, *args, **payload)
        return responses

    def send_robust(
        self, /, sender: SenderT, *args: P.args, **payload: P.kwargs
    ) -> list[tuple[Receiver, ResponseT | Exception]]:
        """
        Call the receivers as ``django.dispatch.Signal.send_robust`` does, if the payload is as
        declared.

        Raises:
            PayloadError: a key is missing or unexpected; no receiver was called.
            DeclarationError: the declaration of the signal is invalid.
        """
        responses: list[Any] = choose(self, "send_robust")(self, sender, *args, **payload)
        return responses

    async def asend(  # type: ignore[override]
        self, /, sender: SenderT, *args: P.args, **payload: P.kwargs
    ) -> list[tuple[Receiver, ResponseT]]:
        """
        Call the receivers as ``django.dispatch.Signal.asend`` does, if the payload is as declared.

        Raises:
            PayloadError: a key is missing or unexpected; no receiver was called.
            DeclarationError: the declaration of the signal is invalid.
        """
        responses: list[Any] = await choose(self, "asend")(self, sender, *args, **payload)
        return responses

    async def asend_robust(
        self, /, sender: SenderT, *args: P.args, **payload: P.kwargs
    ) -> list[tuple[Receiver, ResponseT | Exception]]:
        """
        Call the receivers as ``django.dispatch.Signal.asend_robust`` does, if the payload is as
        declared.

        Raises:
            PayloadError: a key is missing or unexpected; no receiver was called.
            DeclarationError: the declaration of the signal is invalid.
        """
        responses: list[Any] = await choose(self, "asend_robust")(self, sender, *args, **payload)
        return responses

    def _log_robust_failure(self, receiver: Any, err: Exception) -> None:
        """
        Log *err* as Django does, also for a receiver without a ``__qualname__``.
        """
        sender, method = send_of(err)
        note(err, self, receiver, method)
        self._log(sender, receiver, err)

    def _log_failure(
        self, sender: object, receiver: object, error: Exception, _method: str
    ) -> None:
        cls: Any = unwatched_class(self)
        is_ours = cls._log_robust_failure is Signal._log_robust_failure
        if is_ours and "_log_robust_failure" not in vars(self):
            self._log(sender, receiver, error)
        else:
            self._log_robust_failure(receiver, error)

    def _log(self, sender: object, receiver: object, error: Exception) -> None:
        _logger.error(
            "Error calling %s in Signal.send_robust() (%s)",
            logged_name(receiver),
            error,
            exc_info=error,
            extra={"signal": self, "sender": sender, "receiver": receiver},
        )


move_sends(Signal, DjangoSends)


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
        ) -> ModelSignal[DeclaredSenderT, Keywords, DeclaredResponseT, DeclaredP]: ...

    def connect(
        self,
        receiver: ReceiverOf[SenderT, P],
        sender: object = None,
        weak: bool = True,
        dispatch_uid: Hashable = None,
        apps: Apps | None = None,
    ) -> None:
        """
        Connect *receiver*, as :meth:`Signal.connect` does.

        Args:
            receiver: as for :meth:`Signal.connect`.
            sender: the only model to connect to, or its name; None for all models.
            weak: as for :meth:`Signal.connect`.
            dispatch_uid: as for :meth:`Signal.connect`.
            apps: the registry in which to look for the name.

        Raises:
            ValueError: *sender* is a string, but not the name of a model.
            ContractError, TypeError: as for :meth:`Signal.connect`.
        """
        if self._check_connect(receiver, sender, weak, dispatch_uid):
            frame = sys._getframe(1)
            try:
                model = _as_model(sender, apps)
            except LookupError:
                # Django connects when there is such a model.
                key = placed_key(self, receiver, None, dispatch_uid, frame)
                super(BaseSignal, self).connect(receiver, sender, weak, key, apps)  # type: ignore[arg-type]
            else:
                self._connect_after_check(receiver, model, weak, dispatch_uid, frame)

    def disconnect(  # type: ignore[override]
        self,
        receiver: Callable[..., Any] | None = None,
        sender: object = None,
        dispatch_uid: Hashable = None,
        apps: Apps | None = None,
    ) -> bool | None:
        """
        Undo ``connect``, as :meth:`Signal.disconnect` does.

        Returns:
            Whether there was such a connection; None if Django waits for a model with that name.

        Raises:
            ValueError: *sender* is a string, but not the name of a model.
        """
        return super(BaseSignal, self).disconnect(receiver, sender, dispatch_uid, apps)  # type: ignore[arg-type]

    def _lazy_method(
        self, method: Any, apps: Any, receiver: Any, sender: Any, **kwargs: Any
    ) -> Any:
        # Django reports a method that waits for a model that does not exist, if it is its own.
        is_known = not isinstance(sender, str) or is_misjudged(receiver)
        function = unhooked(getattr(method, "__func__", None))
        if function is _CONNECT and is_known:
            method = partial(_connect_now, self)
        elif function is _DISCONNECT:
            method = partial(_disconnect_now, self)
        lazily = super()._lazy_method  # type: ignore[misc]  # not in the stubs
        return lazily(method, apps, receiver, sender, **kwargs)

    def _key_of(self, receiver: object, sender: object, dispatch_uid: Hashable) -> object:
        return super()._key_of(receiver, _as_model(sender, None), dispatch_uid)

    def _is_connected(self, receiver: object, sender: object, dispatch_uid: Hashable) -> bool:
        return super()._is_connected(receiver, _as_model(sender, None), dispatch_uid)

    def _check_keys(self, sender: object, dispatch_uid: Hashable) -> bool:
        return super()._check_keys(sender, dispatch_uid) and check_name_of_model(sender)


def check_name_of_model(sender: Any) -> bool:
    """
    Return True if *sender* may be one of a model signal: not a string that cannot name a model.

    Raises:
        ValueError: it is such a string.
    """
    if issubclass(type(sender), str):
        try:
            make_model_tuple(sender)
        except ValueError as error:
            return refuse(error)
    return True


def _connect_now(
    signal: Signal[Any, Any],
    receiver: Any,
    sender: Any = None,
    weak: bool = True,
    dispatch_uid: Any = None,
) -> None:
    """
    Do what Django's ``connect`` does for a receiver that ours has accepted.

    It does not search for the same connection. With ``DEBUG``, Django also refuses a receiver
    without ``**kwargs``, which ``configure`` may let through.
    """
    connected = receiver
    if weak:
        # Found in the module, as in Django, where tests replace it.
        refer: Any = weakref.WeakMethod if is_method(receiver) else weakref.ref
        connected = refer(receiver, signal._note_death)
    key = (dispatch_uid, _make_id(sender))
    entry: tuple[Any, ...]
    if _REFERS_TO_SENDERS:
        of_sender = None if sender is None else reference_to(sender, signal._note_death)
        entry = (key, connected, of_sender, is_async(receiver))
    else:
        entry = (key, connected, is_async(receiver))
    with signal.lock:
        if signal._dead_receivers:
            signal._clear_dead_receivers()
        if add_entry(signal.receivers, entry) and recorders:
            note_connected(signal, entry)
        signal.sender_receivers_cache.clear()


def _disconnect_now(
    signal: Signal[Any, Any],
    receiver: object = None,
    sender: object = None,
    dispatch_uid: Hashable = None,
) -> bool:
    """
    Do what Django's ``disconnect`` does, with the search of ``receivers``.
    """
    key = lookup_key(receiver, sender, dispatch_uid)
    with signal.lock:
        signal._clear_dead_receivers()
        before = list(signal.receivers) if recorders else None
        is_deleted = delete_key(signal.receivers, key)
        if before is not None:
            note_disconnected(signal, key, before)
        signal.sender_receivers_cache.clear()
    return is_deleted


def _as_model(sender: object, apps: Apps | None) -> object:
    """
    Return the model if *sender* is its name, otherwise *sender*.
    """
    if not isinstance(sender, str):
        return sender
    return (apps or Options.default_apps).get_registered_model(*make_model_tuple(sender))
