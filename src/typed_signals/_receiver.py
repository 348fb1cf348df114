"""
The ``@receiver`` decorator.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, final, overload

from ._base import BaseSignal
from ._contract.refusal import already_checked
from ._shared.callables import receiver_name, signature_of
from ._shared.messages import (
    ONLY_ON_DJANGO,
    not_a_signal_problem,
    on_django_problem,
    shortened,
    shown,
    suggest,
    uncalled_problem,
)
from ._shared.raising import refuse
from ._signal import Signal

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence
    from inspect import Signature
    from typing import Never, Protocol

    from ._typing import (
        BlinkersSignal,
        Connectable,
        P,
        ReceiverOf,
        Requirement,
        RequirementT,
        Requiring,
        SenderT,
    )


# Not in quotes, because compiling it the first time takes as long as a third of our import.
ReceiverT = TypeVar("ReceiverT", bound=Callable[..., Any])
RequiredT = TypeVar("RequiredT")


if TYPE_CHECKING:

    class Decorator(Generic[RequiredT, RequirementT]):
        """
        The return type of ``receiver(...)``: a call must match each part of this union.

        It is not the union itself: mypy treats a function that is decorated with one as untyped.

        Type parameters:
            RequiredT: the required type of receivers.
            RequirementT: further requirements, or ``Never``.
        """

        __call__: ReceiverDecorator[RequiredT] | Requirement[RequiredT, Never] | RequirementT

    class SignatureDecorator(Protocol):
        """
        The return type of ``with_signature(...)``.
        """

        def __call__(self, receiver: ReceiverT, /) -> ReceiverT: ...


# The arguments of any ``connect``.
_USUAL: Final = frozenset({"sender", "weak", "dispatch_uid"})


@final
class ReceiverDecorator(Generic[RequiredT]):
    """
    The return value of ``receiver(...)``: it connects the function that it is called with.
    """

    __slots__ = ("_arguments", "_signals")

    def __init__(self, signals: Sequence[Any], arguments: dict[str, Any]) -> None:
        self._signals = signals
        self._arguments = arguments

    def __call__(self, receiver: ReceiverT, /) -> ReceiverT:
        """
        Connect *receiver* to each of the signals and return it unchanged.

        Raises:
            ContractError: one of the signals refuses it; it is connected to none of them.
            TypeError: one of them does not accept the other arguments; it is connected to none.
        """
        signals: Sequence[Any] = self._signals
        # A single signal checks the usual arguments itself.
        if len(signals) == 1 and self._arguments.keys() <= _USUAL:
            self._connect(receiver, signals)
        elif all(self._check(receiver, signal) for signal in signals):
            with already_checked(receiver):
                self._connect(receiver, sorted(signals, key=_accepts_what_was_checked))
        return receiver

    def _check(self, receiver: Callable[..., Any], signal: Any) -> bool:
        """
        Return True if *signal* accepts *receiver*, as far as is known; otherwise refuse it.
        """
        if not check_keywords(signal, self._arguments):
            return False
        usual = {key: self._arguments[key] for key in _USUAL & self._arguments.keys()}
        return not is_declared(signal) or signal._check_connect(receiver, **usual)

    def _connect(self, receiver: Callable[..., Any], signals: Sequence[Any]) -> None:
        try:
            for signal in signals:
                signal.connect(receiver, **self._arguments)
        except (TypeError, ValueError) as error:  # also Django's, which refuses more with DEBUG
            refuse(error)


def check_keywords(signal: Any, arguments: dict[str, Any]) -> bool:
    """
    Return True if the ``connect`` of *signal* accepts *arguments*; otherwise refuse them.
    """
    if arguments.keys() <= _USUAL:
        return True
    try:
        taken = signature_of(signal.connect)
    except ValueError:
        return True  # it is not written in Python: only a call can show if it works
    try:
        taken.bind(None, **arguments)
    except TypeError as error:
        problem = (
            f"connect() of {shown(signal)}: {shortened(str(error))}{_meant_by(arguments, taken)}"
        )
    else:
        return True
    return refuse(TypeError(problem))


def _meant_by(arguments: Iterable[str], taken: Signature) -> str:
    """
    Return how to fix the first of *arguments* that is not *taken*, as the end of a message.
    """
    unknown = [name for name in arguments if name not in taken.parameters]
    if not unknown:
        return ""
    if unknown[0] in ONLY_ON_DJANGO:
        return f": {on_django_problem(unknown[0])}"
    meant = suggest(unknown[0], taken.parameters)
    return f": did you mean {meant!r}?" if meant else ""


def _accepts_what_was_checked(signal: object) -> tuple[bool, bool]:
    """
    Return a sort key: signals of other packages come first, because they may still refuse a
    receiver. So may Django's dispatcher, with DEBUG; ours no longer does.
    """
    return issubclass(type(signal), Signal), is_declared(signal)


def is_declared(signal: object) -> bool:
    """
    Return whether *signal* is one of our signals, on either dispatcher.
    """
    return issubclass(type(signal), BaseSignal)


# An overload for our signals, because mypy's messages do not show types that come from ``connect``.
@overload
def receiver(
    signal: BaseSignal[SenderT, Any, Any, P],
    *,
    sender: object = None,
    weak: bool = True,
    dispatch_uid: Hashable = None,
    **connect_kwargs: Any,
) -> Decorator[ReceiverOf[SenderT, P], Never]: ...
@overload
def receiver(
    signal: Sequence[Requiring[RequirementT]],
    *,
    sender: object = None,
    weak: bool = True,
    dispatch_uid: Hashable = None,
    **connect_kwargs: Any,
) -> Decorator[Any, RequirementT]: ...
@overload
def receiver(
    signal: Connectable[RequiredT],
    *,
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
    sender: object = None,
    weak: bool = True,
    dispatch_uid: Hashable = None,
    **connect_kwargs: Any,
) -> Decorator[Any, Never]: ...
def receiver(signal: Any, **connect_kwargs: Any) -> Any:
    """
    Connect the decorated function to a signal, or to each of a list or tuple of signals.

    It has the same meaning and arguments as Django's decorator::

        @receiver(pizza_done, sender=PizzaStore)
        def bake_log(sender, **kwargs): ...

    Args:
        signal: the signal or signals, or any object with a ``connect`` like Django's.
        connect_kwargs: passed to each ``connect``: ``sender``, ``weak``, ``dispatch_uid``.

    Raises:
        TypeError: *signal* is not a signal, list or tuple. For the other arguments, the decorator
            raises the same errors as ``connect``.
    """
    signals = signals_in(signal)
    return connects_nothing() if signals is None else ReceiverDecorator(signals, connect_kwargs)


def connects_nothing() -> Any:
    """
    Return a decorator that connects nothing, for arguments that ``receiver(...)`` refuses.

    If the parentheses are missing, this replaces the decorated function, and the rest of the module
    may call it.
    """

    def decorator(receiver: Any = None, /, **_kwargs: Any) -> Any:
        return receiver

    return decorator


def signals_in(signal: Any) -> tuple[Any, ...] | None:
    """
    Return the signal or the signals in ``receiver(signal)``; None if they are refused.

    Raises:
        TypeError: one of them is not a signal.
    """
    signals = tuple(signal) if issubclass(type(signal), (list, tuple)) else (signal,)
    for candidate in signals:
        cls = _class_of_type(candidate)
        if cls is not None and issubclass(cls, BaseSignal):
            uncalled = uncalled_problem(shortened(cls.__name__))
            problem = f"receiver() takes a signal or a list of signals, but {uncalled}"
        elif cls is None and _can_connect(candidate):
            continue
        else:
            name = receiver_name(candidate) if callable(candidate) else shown(candidate)
            is_function = type(candidate) is FunctionType
            problem = not_a_signal_problem(name, is_function=is_function)
        refuse(TypeError(problem))
        return None
    return signals


def _class_of_type(candidate: object) -> type | None:
    """
    Return the class that *candidate* is or specialises (``Signal[S, K]``); None for others.
    """
    try:
        cls: Any = getattr(candidate, "__origin__", candidate)
    except Exception:  # noqa: BLE001 - raised by user code
        return None
    return cls if issubclass(type(cls), type) else None


def _can_connect(candidate: object) -> bool:
    try:
        return callable(getattr(candidate, "connect", None))
    except Exception:  # noqa: BLE001 - raised by user code
        return False


def with_signature(function: Callable[..., object], /) -> SignatureDecorator:
    """
    State the parameters of a receiver whose decorator hides them: those of *function*.

    If a decorator accepts ``*args, **kwargs``, ``connect`` can only inspect the decorated function,
    and issues a ``ContractWarning`` if that does not accept every send. The decorator may pass
    other arguments than it gets, and then this is right. State what the result accepts::

        @receiver(pizza_done)
        @with_signature(lambda sender, **kwargs: None)
        @with_oven  # passes an oven
        def bake_log(sender, oven, **kwargs): ...

    The receiver itself is returned, with a new ``__signature__`` (PEP 362). Type checkers see no
    change, but the mypy plugin does not know what the receiver accepts.

    Args:
        function: any callable with these parameters. It is never called.

    Raises:
        TypeError: *function* is not callable or cannot be inspected, or the decorated object has no
            place for the signature.
    """
    try:
        signature = signature_of(function)
    except (TypeError, ValueError) as error:
        problem = (
            "with_signature() takes a callable with the parameters to state, not "
            f"{shown(function)}: write @with_signature(lambda sender, **kwargs: None)"
        )
        refuse(TypeError(problem), error)
        return connects_nothing()  # type: ignore[no-any-return]

    def decorator(receiver: ReceiverT) -> ReceiverT:
        # Not the method of its class, with which a proxy changes the function that it wraps.
        set_own = type.__setattr__ if isinstance(receiver, type) else object.__setattr__
        try:
            set_own(receiver, "__signature__", signature)
        except (AttributeError, TypeError) as error:
            problem = (
                f"with_signature() cannot change {receiver_name(receiver)}: connect a function "
                "that calls it"
            )
            refuse(TypeError(problem), error)
        return receiver

    return decorator
