"""
The ``@receiver`` decorator with ``on_commit``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, final, overload

from django.db.models.signals import ModelSignal

from typed_signals._receiver import ReceiverDecorator, connects_nothing, signals_in
from typed_signals._shared.messages import WITHOUT_ON_COMMIT, shown
from typed_signals._shared.raising import as_bool, refuse

from ._dispatcher import check_name_of_model
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
    The return value of ``receiver(..., on_commit=True)``.
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
            for signal in self._signals:
                connect_on_commit(
                    signal, receiver, using=self._using, robust=self._robust, **self._arguments
                )
        return receiver


# An overload for our signals, because mypy's messages do not show types that come from ``connect``.
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
# For signals of other packages, and for the type that mypy uses for a list of signals with
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
    when the transaction in which the signal is sent is committed. It is not called if the
    transaction is rolled back. Outside of a transaction, it is called immediately::

        @receiver(post_save, sender=Order, on_commit=True)
        def send_confirmation(sender, instance, created, **kwargs): ...

    The function is returned unchanged. ``signal.disconnect(send_confirmation, sender=Order)``
    disconnects it. Its response is None, because ``send`` does not wait for it.

    Args:
        signal: the signal or signals, Django's or ours.
        on_commit: whether to call it on commit (``django.db.transaction.on_commit``).
        using: the alias of the database, if the payload has no key ``using`` (model signals have
            one).
        robust: whether exceptions of the function are logged, instead of raised where the
            transaction ends. Then other on-commit callbacks are still called.
        connect_kwargs: passed to each ``connect``: ``sender``, ``weak``, ``dispatch_uid``.

    Raises:
        TypeError: *signal* is not a signal, *using* is not a string, or *using* or *robust* is
            passed without *on_commit*.
        ValueError: one of the signals is a model signal, and *sender* a string that is not the name
            of a model.
        ContractError: raised by the decorator: the function does not accept every send, or is
            async with *on_commit*; nothing was connected.
    """
    signals = signals_in(signal)
    if signals is None or not _check_options(on_commit, using, robust):
        return connects_nothing()
    # Django's ModelSignal would raise this after the other signals are connected.
    has_models = any(issubclass(type(each), ModelSignal) for each in signals)
    if has_models and not check_name_of_model(connect_kwargs.get("sender")):
        return connects_nothing()
    if on_commit:
        return _OnCommitDecorator(signals, using, connect_kwargs, robust=bool(robust))
    return ReceiverDecorator(signals, connect_kwargs)


def _check_options(on_commit: object, using: object, robust: object) -> bool:
    """
    Return True if this combination of arguments of ``receiver`` is valid; otherwise refuse it.
    """
    is_robust = as_bool("robust", robust)
    if is_robust is None:
        return False
    if using is not None and type(using) is not str:
        problem = f"using must be a database alias, not {shown(using)}: pass a string"
        return refuse(TypeError(problem))
    is_on_commit = as_bool("on_commit", on_commit)
    if is_on_commit is False and (using is not None or is_robust):
        return refuse(TypeError(WITHOUT_ON_COMMIT))
    return is_on_commit is not None
