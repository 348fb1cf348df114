"""
The ``@receiver`` decorator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, final, overload

from ._declared import Declared
from ._describe import receiver_name

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence
    from typing import Never

    from ._receivable import Connectable, Requirement, Requiring


ReceiverT = TypeVar("ReceiverT", bound="Callable[..., Any]")
RequiredT = TypeVar("RequiredT")
RequirementT = TypeVar("RequirementT", bound="Requirement[Any, Never]")


@final
class ReceiverDecorator(Generic[RequiredT]):
    """
    What ``receiver(...)`` returns: it connects the function it is called with.
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
        """
        # A single one checks it by itself.
        for signal in self._signals if len(self._signals) > 1 else ():
            if isinstance(signal, Declared):
                signal._check_receiver(receiver, weak=self._arguments.get("weak", True))
        for signal in self._signals:
            signal.connect(receiver, **self._arguments)
        return receiver


@overload
def receiver(
    signal: Connectable[RequiredT],
    *,
    sender: object = None,
    weak: bool = True,
    dispatch_uid: Hashable = None,
    **connect_kwargs: Any,
) -> ReceiverDecorator[RequiredT] | Requirement[RequiredT, Never]: ...
@overload
def receiver(
    signal: Sequence[Requiring[RequirementT]],
    *,
    sender: object = None,
    weak: bool = True,
    dispatch_uid: Hashable = None,
    **connect_kwargs: Any,
) -> ReceiverDecorator[Any] | RequirementT: ...
# Where there are signals of others, and what mypy takes a list for that holds signals with
# different payloads.
@overload
def receiver(
    signal: Sequence[object],
    *,
    sender: object = None,
    weak: bool = True,
    dispatch_uid: Hashable = None,
    **connect_kwargs: Any,
) -> ReceiverDecorator[Any]: ...
def receiver(signal: Any, **connect_kwargs: Any) -> ReceiverDecorator[Any]:
    """
    Connect the decorated function to a signal, or to each of a list or tuple of signals.

    Django's decorator, in meaning and arguments::

        @receiver(pizza_done, sender=PizzaStore)
        def bake_log(sender, **kwargs): ...

    Args:
        signal: the signal or signals. Anything with Django's ``connect`` will do.
        connect_kwargs: passed to each ``connect``: ``sender``, ``weak``, ``dispatch_uid``.

    Raises:
        TypeError: *signal* is no signal.
    """
    signals = signal if isinstance(signal, (list, tuple)) else (signal,)
    for candidate in signals:
        if isinstance(candidate, type) or not callable(getattr(candidate, "connect", None)):
            raise TypeError(
                f"receiver() takes a signal or a list of signals, not {_shown(candidate)}: "
                "write @receiver(pizza_done) with the signal itself"
            )
    return ReceiverDecorator(tuple(signals), connect_kwargs)


def _shown(candidate: object) -> str:
    return receiver_name(candidate) if callable(candidate) else repr(candidate)
