"""
Receivers that are called when the transaction is committed.

What is connected in place of such a receiver is an :class:`AfterCommit`, under the key that the
receiver itself would have had. So ``disconnect(receiver)`` finds it, and to connect it twice
changes nothing.
"""

from __future__ import annotations

import weakref
from functools import partial
from typing import TYPE_CHECKING, Any, Final, final

from asgiref.sync import iscoroutinefunction
from django.db import DEFAULT_DB_ALIAS, transaction

from typed_signals._connect.connection import Deferring
from typed_signals._connect.identity import is_given, receiver_key
from typed_signals._connect.references import can_be_weak, not_weak_problem
from typed_signals._contract.signatures import problems_of
from typed_signals._receiver import check_keywords, is_declared
from typed_signals._shared.callables import describe_receiver, is_method, receiver_name
from typed_signals._shared.messages import NOT_CALLABLE, shown, unreadable_problem
from typed_signals._shared.reporting import as_bool, refuse
from typed_signals.exceptions import ReceiverSignatureError, ReceiverTypeError, SignalError

from ._builtin import payload_of
from ._find import find_signals

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from typed_signals.exceptions import ContractError


def _key(receiver: Callable[..., Any], using: str | None, *, robust: bool) -> Hashable:
    return receiver_key(receiver, None), using, robust


@final
class AfterCommit(Deferring):
    """
    Has a receiver called when the transaction is committed in which a signal is sent.

    Attributes:
        weak: whether the receiver is held by a weak reference.
    """

    def __init__(
        self, receiver: Callable[..., Any], *, weak: bool, using: str | None, robust: bool
    ) -> None:
        self.weak = weak
        self._key = _key(receiver, using, robust=robust)
        self._using = using
        self._robust = robust
        # These are what Django and tools for it name a receiver by.
        self.__module__ = getattr(receiver, "__module__", type(receiver).__module__)
        self.__name__ = getattr(receiver, "__name__", type(receiver).__name__)
        self.__qualname__ = getattr(receiver, "__qualname__", type(receiver).__qualname__)
        self.__doc__ = receiver.__doc__
        self._reference: Callable[[], Any]
        if not weak:
            self._reference = lambda: receiver
        elif is_method(receiver):
            self._reference = weakref.WeakMethod(receiver, self._forget)
        else:
            self._reference = weakref.ref(receiver, self._forget)

    def _forget(self, _reference: object) -> None:
        """
        Go with the receiver: nothing but the table held this object.
        """
        _kept.pop(self._key, None)

    @property
    def receiver(self) -> Any:
        """
        The receiver; None once it was collected.
        """
        return self._reference()

    def __repr__(self) -> str:
        return f"<{self.__module__}.{self.__qualname__} on commit>"

    def __call__(self, /, **named: Any) -> None:
        """
        Have the receiver called with *named* once what happens now is sure to stay.
        """
        if (receiver := self._reference()) is None:
            return
        call = partial(receiver, **named)
        # By this, a robust commit hook is named in the log.
        call.__qualname__ = receiver_name(receiver)  # type: ignore[attr-defined]
        alias = named.get("using") or self._using or DEFAULT_DB_ALIAS
        transaction.on_commit(call, using=alias, robust=self._robust)


# A signal holds what is connected weakly. So each of these is kept here until its receiver dies,
# one for all the signals that the receiver is connected to.
_kept: Final[dict[Hashable, AfterCommit]] = {}


def check_on_commit(signal: Any, receiver: Any, arguments: dict[str, Any]) -> bool:
    """
    Return True if *receiver* could be connected to *signal* to be called on commit; refuse it if
    not.

    Args:
        signal: the signal.
        receiver: the receiver.
        arguments: the others that are passed to ``connect``.

    Raises:
        ReceiverTypeError: it is not callable, is async, or cannot be looked at or held weakly.
        ReceiverSignatureError: its parameters do not fit the payload.
        TypeError: *arguments* are none that ``connect`` takes.
    """
    if not callable(receiver):
        return refuse(_refusal(ReceiverTypeError, signal, receiver, [NOT_CALLABLE]))
    try:
        problems = problems_of(receiver, payload_of(signal))
        is_async = _is_async(receiver)  # afterwards, as Python follows partials without end
    except SignalError as error:
        return refuse(error)
    except Exception as error:  # noqa: BLE001 - its own code's
        problem = unreadable_problem(error)
        return refuse(_refusal(ReceiverTypeError, signal, receiver, [problem]), error)
    if is_async:
        problem = (
            "on_commit=True takes no async receiver, as Django awaits nothing when it commits: "
            "make it sync, and have it call asgiref.sync.async_to_sync or enqueue a task"
        )
        return refuse(_refusal(ReceiverTypeError, signal, receiver, [problem]))
    if problems:
        texts = [problem.text for problem in problems]
        return refuse(_refusal(ReceiverSignatureError, signal, receiver, texts))
    weak = as_bool("weak", arguments.get("weak", True))
    if weak is None:
        return False
    if weak and not can_be_weak(receiver):
        problem = not_weak_problem(receiver)
        return refuse(_refusal(ReceiverTypeError, signal, receiver, [problem]))
    if not check_keywords(signal, arguments):
        return False
    sender, dispatch_uid = arguments.get("sender"), arguments.get("dispatch_uid")
    if not is_declared(signal):
        return is_given(dispatch_uid) is not None
    can_be_found: bool = signal._check_keys(sender, dispatch_uid)
    return can_be_found


def connect_on_commit(
    signal: Any,
    receiver: Callable[..., Any],
    *,
    using: str | None,
    robust: bool,
    weak: bool = True,
    dispatch_uid: Hashable = None,
    **connect_kwargs: Any,
) -> None:
    """
    Connect *receiver* to *signal*, to be called on commit.
    """
    connected = AfterCommit(receiver, weak=weak, using=using, robust=robust)
    if weak:
        connected = _kept.setdefault(_key(receiver, using, robust=robust), connected)
    signal.connect(
        connected,
        weak=weak,
        dispatch_uid=dispatch_uid or receiver_key(receiver, None),
        **connect_kwargs,
    )


def _is_async(receiver: Any) -> bool:
    return iscoroutinefunction(receiver) or iscoroutinefunction(
        getattr(type(receiver), "__call__", None)
    )


def _refusal(
    error: type[ContractError], signal: Any, receiver: object, problems: list[str]
) -> ContractError:
    if is_declared(signal):
        name = signal._declaration.name_of(signal)
    else:
        name = next((name for name, found in find_signals() if found is signal), shown(signal))
    text = f"{name} cannot connect {describe_receiver(receiver)}: {'; '.join(problems)}"
    return error(text, receiver=receiver, problems=problems)
