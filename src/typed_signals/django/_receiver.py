"""
The ``@receiver`` decorator, which can also wait for the commit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, final, overload

from typed_signals._receiver import ReceiverDecorator, connects_nothing, signals_in
from typed_signals._shared.messages import shown
from typed_signals._shared.raising import as_bool, refuse

from ._on_commit import check_on_commit, connect_on_commit

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from typing import Never

    from typed_signals._base import BaseSignal
    from typed_signals._receiver import Decorator, RequiredT
    from typed_signals._typing import (
        Connectable,
        P,
        ReceiverOf,
        RequirementT,
        Requiring,
        SenderT,
    )

ReceiverT = TypeVar("ReceiverT", bound="Callable[..., Any]")


@final
class _OnCommitDecorator:
    """
    What ``receiver(..., on_commit=True)`` returns.
    """

    __slots__ = ("_arguments", "_robust", "_signals", "_using")

    def __init__(
        self, signals: Sequence[Any], using: str | None, arguments: dict[str, Any], *, robust: bool
    ) -> None:
        self._signals = signals
        self._using = using
        self._robust = robust
        self._arguments = arguments

    def __call__(self, receiver: ReceiverT, /) -> ReceiverT:
        """
        Connect *receiver* to each of the signals, or to none, and return it unchanged.
        """
        if all(check_on_commit(signal, receiver, self._arguments) for signal in self._signals):
            try:
                for signal in self._signals:
                    connect_on_commit(
                        signal, receiver, using=self._using, robust=self._robust, **self._arguments
                    )
            except ValueError as error:  # Django's, of a sender that names no model
                refuse(error)
        return receiver


# Ours, as mypy's messages do not name what it finds out from ``connect``.
@overload
def receiver(
    signal: BaseSignal[SenderT, Any, Any, P],
    *,
    on_commit: bool = False,
    using: str | None = None,
    robust: bool = False,
    sender: object = None,
    weak: bool = True,
    dispatch_uid: Hashable = None,
    **connect_kwargs: Any,
) -> Decorator[ReceiverOf[SenderT, P], Never]: ...
@overload
def receiver(
    signal: Sequence[Requiring[RequirementT]],
    *,
    on_commit: bool = False,
    using: str | None = None,
    robust: bool = False,
    sender: object = None,
    weak: bool = True,
    dispatch_uid: Hashable = None,
    **connect_kwargs: Any,
) -> Decorator[Any, RequirementT]: ...
@overload
def receiver(
    signal: Connectable[RequiredT],
    *,
    on_commit: bool = False,
    using: str | None = None,
    robust: bool = False,
    sender: object = None,
    weak: bool = True,
    dispatch_uid: Hashable = None,
    **connect_kwargs: Any,
) -> Decorator[RequiredT, Never]: ...
# Where there are signals of others, and what mypy takes a list for that holds signals with
# different payloads.
@overload
def receiver(
    signal: Sequence[object],
    *,
    on_commit: bool = False,
    using: str | None = None,
    robust: bool = False,
    sender: object = None,
    weak: bool = True,
    dispatch_uid: Hashable = None,
    **connect_kwargs: Any,
) -> Decorator[Any, Never]: ...
def receiver(
    signal: Any,
    *,
    on_commit: bool = False,
    using: str | None = None,
    robust: bool = False,
    **connect_kwargs: Any,
) -> Any:
    """
    Connect the decorated function to a signal, or to each of a list or tuple of signals.

    Without ``on_commit``, this is :func:`typed_signals.receiver`. With it, the function is called
    when the transaction is committed in which the signal is sent, and not at all if that is rolled
    back; outside of a transaction, it is called at once::

        @receiver(post_save, sender=Order, on_commit=True)
        def send_confirmation(sender, instance, created, **kwargs): ...

    The function is returned as it is, and ``signal.disconnect(send_confirmation, sender=Order)``
    undoes this. Its response is None, as ``send`` does not wait for it.

    Args:
        signal: the signal or signals, Django's or ours.
        on_commit: whether to wait for the commit (``django.db.transaction.on_commit``).
        using: the alias of the database whose transaction to wait for, where the payload does not
            carry ``using`` itself, as that of model signals does.
        robust: whether an exception of the function is logged, instead of raised where the
            transaction ends; what else is to be done on commit is done then.
        connect_kwargs: passed to each ``connect``: ``sender``, ``weak``, ``dispatch_uid``.

    Raises:
        TypeError: *signal* is no signal, *using* is no string, or *using* or *robust* are given
            without *on_commit*.
        ContractError: from the decorator: the function could not take every send, or is async
            and to be called on commit; nothing was connected.
    """
    signals = signals_in(signal)
    if signals is None or not _check_options(on_commit, using, robust):
        return connects_nothing()
    if on_commit:
        return _OnCommitDecorator(signals, using, connect_kwargs, robust=bool(robust))
    return ReceiverDecorator(signals, connect_kwargs)


def _check_options(on_commit: object, using: object, robust: object) -> bool:
    """
    Return True if these arguments of ``receiver`` go together; refuse them if not.
    """
    is_robust = as_bool("robust", robust)
    if is_robust is None:
        return False
    if using is not None and type(using) is not str:
        problem = f"using must be the alias of a database, not {shown(using)}: pass a string"
        return refuse(TypeError(problem))
    is_on_commit = as_bool("on_commit", on_commit)
    if is_on_commit is False and (using is not None or is_robust):
        problem = "receiver() takes using= and robust= only together with on_commit=True"
        return refuse(TypeError(problem))
    return is_on_commit is not None
