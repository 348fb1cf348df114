"""
The ``@receiver`` decorator with ``on_commit`` and ``background``.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeVar, final, overload

from django.db.models.signals import ModelSignal

from typed_signals._receiver import ReceiverDecorator, connects_nothing, signals_in
from typed_signals._shared.messages import (
    NOW,
    ON_COMMIT,
    ON_COMMIT_IN_BACKGROUND,
    SCHEDULES,
    WITHOUT_BACKGROUND,
    WITHOUT_ON_COMMIT,
    not_with_schedule_problem,
    schedule_problem,
    shown,
)
from typed_signals._shared.raising import as_bool, refuse

from ._dispatcher import check_name_of_model
from ._on_commit import check_on_commit, connect_on_commit

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from typing import Literal, Never

    from typed_signals._base import BaseSignal
    from typed_signals._receiver import Decorator, RequiredT
    from typed_signals._typing import (
        BlinkersSignal,
        Connectable,
        P,
        ReceiverOf,
        RequirementT,
        Requiring,
        SenderT,
    )
    from typed_signals.background import Background
    from typed_signals.background._background import BackgroundReceiverOf

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
    background: Literal[False] = False,
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
    background: Literal[False] = False,
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
    background: Literal[False] = False,
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
    signal: BlinkersSignal | Sequence[object],
    *,
    on_commit: bool = False,
    background: Literal[False] = False,
    using: str | None = None,
    robust: bool = False,
    sender: object = None,
    weak: bool = True,
    dispatch_uid: Hashable = None,
    **connect_kwargs: Any,
) -> Decorator[Any, Never]: ...
# For receivers in the background, which may also have the parameter "delivery".
@overload
def receiver(
    signal: BaseSignal[SenderT, Any, Any, P],
    *,
    on_commit: Literal[False] = False,
    background: bool | Background,
    enqueue: Literal["on_commit", "now", "in_transaction"] = "on_commit",
    queue: str | None = None,
    priority: int | None = None,
    using: str | None = None,
    robust: bool = False,
    sender: object = None,
    weak: bool = True,
    dispatch_uid: str | None = None,
    **connect_kwargs: Any,
) -> Decorator[BackgroundReceiverOf[SenderT, P], Never]: ...
@overload
def receiver(
    signal: Connectable[Any] | Sequence[object],
    *,
    on_commit: Literal[False] = False,
    background: bool | Background,
    enqueue: Literal["on_commit", "now", "in_transaction"] = "on_commit",
    queue: str | None = None,
    priority: int | None = None,
    using: str | None = None,
    robust: bool = False,
    sender: object = None,
    weak: bool = True,
    dispatch_uid: str | None = None,
    **connect_kwargs: Any,
) -> Decorator[Any, Never]: ...
def receiver(
    signal: Any,
    *,
    on_commit: bool = False,
    background: bool | Background = False,
    enqueue: str | None = None,
    using: str | None = None,
    robust: bool = False,
    queue: str | None = None,
    priority: int | None = None,
    **connect_kwargs: Any,
) -> Any:
    """
    Connect the decorated function to a signal, or to each of a list or tuple of signals.

    Without ``on_commit`` and ``background``, this is :func:`typed_signals.receiver`. With the
    first, the function is called when the transaction in which the signal is sent is committed. It
    is not called if the transaction is rolled back. Outside of a transaction, it is called
    immediately::

        @receiver(post_save, sender=Order, on_commit=True)
        def send_confirmation(sender, instance, created, **kwargs): ...

    With ``background``, another process or thread calls it; it is enqueued when the transaction is
    committed, or as *enqueue* says::

        @receiver(order_placed, background=True)
        def send_confirmation(sender, order, **kwargs): ...

    The function is returned unchanged. ``signal.disconnect(send_confirmation, sender=Order)``
    disconnects it. The response of one on commit is None, because ``send`` does not wait for it;
    that of one in the background is a :class:`typed_signals.background.Delivery`.

    Args:
        signal: the signal or signals, Django's or ours.
        on_commit: whether to call it on commit (``django.db.transaction.on_commit``).
        background: True to run it in the background, by the engine in the setting
            ``TYPED_SIGNALS``; or a :class:`typed_signals.background.Background` for another engine.
        enqueue: when it is enqueued to run in the background: ``"on_commit"``, which is the
            default; ``"now"``, in the send; or ``"in_transaction"``, which is also in the send, but
            only with an engine that stores deliveries in the same database, so that they are
            committed or rolled back with everything else.
        using: the alias of the database, if the payload has no key ``using`` (model signals have
            one). The default is that of the model ``instance`` in the payload, or ``"default"``.
        robust: whether exceptions on commit are logged, instead of raised where the transaction
            ends: those of the function, or of enqueuing it. Then other on-commit callbacks are
            still called.
        queue: the name of the engine's queue; only with *background*.
        priority: the priority, in the numbers of the engine; only with *background*.
        connect_kwargs: passed to each ``connect``: ``sender``, ``weak``, ``dispatch_uid``.

    Raises:
        TypeError: *signal* is not a signal, or the other arguments are invalid or do not go
            together.
        ValueError: one of the signals is a model signal, and *sender* a string that is not the name
            of a model; or *enqueue* is unknown.
        ContractError: raised by the decorator: the function does not accept every send, is async
            with *on_commit*, or cannot run in the background; nothing was connected.
        ImportError: msgspec is not installed: install ``typed-signals[background]``.
    """
    signals = signals_in(signal)
    if background is False:
        are_valid = _check_options(on_commit, using, robust)
        if are_valid and not (enqueue is None and queue is None and priority is None):
            are_valid = refuse(TypeError(WITHOUT_BACKGROUND))
    else:
        are_valid = _check_background(background, on_commit, enqueue, using, robust)
    if signals is None or not are_valid:
        return connects_nothing()
    # Django's ModelSignal would raise this after the other signals are connected.
    has_models = any(issubclass(type(each), ModelSignal) for each in signals)
    if has_models and not check_name_of_model(connect_kwargs.get("sender")):
        return connects_nothing()
    if background is not False:
        from ._enqueue import in_background  # slow to import, and rarely needed

        return in_background(
            signals,
            None if background is True else background,
            connect_kwargs,
            enqueue=enqueue or ON_COMMIT,
            using=using,
            robust=bool(robust),
            queue=queue,
            priority=priority,
        )
    if on_commit:
        return _OnCommitDecorator(signals, using, connect_kwargs, robust=bool(robust))
    return ReceiverDecorator(signals, connect_kwargs)


def _check_options(on_commit: object, using: object, robust: object) -> bool:
    """
    Return True if this combination of arguments of ``receiver`` is valid; otherwise refuse it.
    """
    is_robust = as_bool("robust", robust)
    if is_robust is None or not _check_using(using):
        return False
    is_on_commit = as_bool("on_commit", on_commit)
    if is_on_commit is False and (using is not None or is_robust):
        return refuse(TypeError(WITHOUT_ON_COMMIT))
    return is_on_commit is not None


def _check_using(using: object) -> bool:
    if using is None or type(using) is str:
        return True
    return refuse(TypeError(f"using must be a database alias, not {shown(using)}: pass a string"))


def _check_background(
    background: object, on_commit: object, enqueue: object, using: object, robust: object
) -> bool:
    """
    Return True if this combination of arguments of ``receiver(..., background=...)`` is valid;
    otherwise refuse it.
    """
    is_on_commit, is_robust = as_bool("on_commit", on_commit), as_bool("robust", robust)
    if is_on_commit is None or is_robust is None or not _check_using(using):
        return False
    if background is not True and not _is_background(background):
        problem = (
            f"background must be True, or a typed_signals.background.Background, not "
            f"{shown(background)}"
        )
    elif is_on_commit:
        problem = ON_COMMIT_IN_BACKGROUND
    elif enqueue is not None and (type(enqueue) is not str or enqueue not in SCHEDULES):
        problem = schedule_problem(enqueue)
    elif enqueue == NOW and using is not None:
        problem = not_with_schedule_problem("using", NOW)
    elif enqueue not in (None, ON_COMMIT) and is_robust:
        problem = not_with_schedule_problem("robust", enqueue)
    else:
        return True
    return refuse(TypeError(problem))


def _is_background(background: object) -> bool:
    module = sys.modules.get("typed_signals.background")
    return module is not None and issubclass(type(background), module.Background)
