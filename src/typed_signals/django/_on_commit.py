"""
Receivers that are called when the transaction is committed.

Instead of such a receiver, an :class:`AfterCommit` is connected, with the key of the receiver. So
``disconnect(receiver)`` finds it, and connecting it a second time changes nothing.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any, Final, final

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Model

from typed_signals._connect.connection import NAMED_BY, Deferral, Deferring
from typed_signals._connect.identity import is_given, receiver_key
from typed_signals._connect.references import can_be_weak, not_weak_problem
from typed_signals._contract.refusal import already_checked, not_a_receiver, refusal_of
from typed_signals._receiver import check_keywords, is_declared
from typed_signals._send.failures import add_note
from typed_signals._shared.callables import receiver_name, returns_coroutine
from typed_signals._shared.messages import NOT_AWAITED_ON_COMMIT
from typed_signals._shared.raising import as_bool, refuse
from typed_signals.exceptions import DeclarationError

from ._builtin_payloads import payload_of
from ._find_signals import signal_name
from ._live_connections import inspect_like_django

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping


def database_of(arguments: Mapping[str, Any], using: str | None) -> str:
    """
    Return the alias of the database that a send is about.

    Args:
        arguments: the payload; it may also have the sender and the signal.
        using: the alias that ``receiver`` was passed.
    """
    alias: str | None = arguments.get("using") or using
    if alias is None and isinstance(instance := arguments.get("instance"), Model):
        alias = instance._state.db
    return alias or DEFAULT_DB_ALIAS


def _kept_key(receiver: Callable[..., Any], using: str | None, *, robust: bool) -> Hashable:
    return receiver_key(receiver, None), using, robust


# A signal only has weak references. So these objects are stored here until their receiver dies, one
# for all signals that the receiver is connected to.
_kept: Final[dict[Hashable, AfterCommit]] = {}


@final
class AfterCommit(Deferring):
    """
    Calls a receiver when the transaction in which a signal is sent is committed.

    Attributes:
        deferral: how the receiver is called.
    """

    deferral = Deferral(on_commit=True)

    def __init__(
        self, receiver: Callable[..., Any], *, weak: bool, using: str | None, robust: bool
    ) -> None:
        super().__init__(receiver, self._forget, weak=weak)
        self._kept_under = _kept_key(receiver, using, robust=robust)
        self._using = using
        self._robust = robust

    # When the interpreter exits, a receiver may die after the variables of this module.
    def _forget(self, _reference: object, kept: dict[Hashable, Any] = _kept) -> None:
        """
        Delete this object with its receiver: only the dictionary refers to it.
        """
        kept.pop(self._kept_under, None)

    def __repr__(self) -> str:
        return f"<{self.__module__}.{vars(self)['__qualname__']} on commit>"

    def __call__(self, /, **named: Any) -> None:
        """
        Call the receiver with *named* when the transaction is committed.
        """
        if (receiver := self.receiver) is None:
            return
        hook = partial(_call, receiver, named)
        # Its name in the log if it is robust.
        hook.__qualname__ = receiver_name(receiver)  # type: ignore[attr-defined]
        alias = database_of(named, self._using)
        transaction.on_commit(hook, using=alias, robust=self._robust)


def _call(receiver: Callable[..., Any], named: dict[str, Any]) -> None:
    call = receiver
    # Otherwise, nothing has been watched.
    if "typed_signals._watch" in sys.modules:
        from typed_signals._watch.deferred import observed

        call = observed(receiver, named)
    try:
        call(**named)
    except Exception as error:
        add_note(error, receiver, lambda: f"{signal_name(named['signal'])} on commit")
        raise


def check_on_commit(signal: Any, receiver: Any, arguments: dict[str, Any]) -> bool:
    """
    Return True if *receiver* can be connected to *signal* with ``on_commit=True``; otherwise refuse
    it.

    Args:
        signal: the signal.
        receiver: the receiver.
        arguments: the other arguments of ``connect``.

    Raises:
        ReceiverTypeError: it is not callable, is async, cannot be inspected or weakly referenced.
        ReceiverSignatureError: its parameters do not fit the payload.
        TypeError: ``connect`` does not accept *arguments*.

    Warns:
        ContractWarning: the receiver, or a function that it wraps, does not accept every send.
    """
    try:
        payload = payload_of(signal)
    except DeclarationError as error:
        return refuse(error)
    refusal = refusal_of(receiver, payload, _find_async)
    if refusal is not None and not refusal.announce(signal, signal_name(signal)):
        return False
    if not check_keywords(signal, arguments):
        return False
    sender, dispatch_uid = arguments.get("sender"), arguments.get("dispatch_uid")
    weak = arguments.get("weak", True)
    if is_declared(signal):
        with already_checked(receiver):
            can_be_connected: bool = signal._check_connect(receiver, sender, weak, dispatch_uid)
        return can_be_connected
    if is_given(dispatch_uid) is None or (is_weak := as_bool("weak", weak)) is None:
        return False
    if is_weak and not can_be_weak(receiver):
        refusal = not_a_receiver(receiver, not_weak_problem(receiver))
        return refusal.announce(signal, signal_name(signal))
    return True


def connect_on_commit(
    signal: Any,
    receiver: Callable[..., Any],
    *,
    using: str | None,
    robust: bool,
    weak: object = True,
    dispatch_uid: Hashable = None,
    **connect_kwargs: Any,
) -> None:
    """
    Connect *receiver* to *signal*, to be called on commit.
    """
    is_weak = bool(weak)  # as check_on_commit read it
    connected = AfterCommit(receiver, weak=is_weak, using=using, robust=robust)
    if is_weak:
        connected = _kept.setdefault(_kept_key(receiver, using, robust=robust), connected)
    signal.connect(
        connected,
        weak=is_weak,
        dispatch_uid=dispatch_uid or receiver_key(receiver, None),
        **connect_kwargs,
    )


def _find_async(receiver: Any) -> str | None:
    """
    Return the reason to refuse *receiver* if it is async; None if it is not.

    Django's signals and ours do not await an object with an async ``__call__``: its response is a
    coroutine, which the sender can await. On commit, there is no sender that could.
    """
    inspect_like_django(receiver)
    for name in NAMED_BY:
        getattr(receiver, name, None)
    if returns_coroutine(receiver):
        return NOT_AWAITED_ON_COMMIT
    return None
