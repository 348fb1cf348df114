"""
What a type checker is to require of a receiver; nothing here is for run time.

A receiver is called with keywords only, and a ``ParamSpec`` can be preceded only by positional
parameters. So the ways of taking ``sender`` and ``signal`` are told apart by their places: the
payload's keys may be taken in any order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Never, TypeAlias

    from typing_extensions import TypeAliasType

P = ParamSpec("P")
SenderT = TypeVar("SenderT")
SenderT_contra = TypeVar("SenderT_contra", contravariant=True)
ReceiverT_contra = TypeVar("ReceiverT_contra", contravariant=True)
ReturnT_co = TypeVar("ReturnT_co", covariant=True)
RequirementT = TypeVar("RequirementT", bound="Requirement[Any, Never]")


class SenderFirst(Protocol[SenderT_contra, P]):
    """
    A receiver that begins with ``sender``.
    """

    def __call__(self, sender: SenderT_contra, *args: P.args, **kwargs: P.kwargs) -> Any: ...


class SenderThenSignal(Protocol[SenderT_contra, P]):
    """
    A receiver that begins with ``sender, signal``.
    """

    def __call__(
        self, sender: SenderT_contra, signal: Any, *args: P.args, **kwargs: P.kwargs
    ) -> Any: ...


class SignalThenSender(Protocol[SenderT_contra, P]):
    """
    A receiver that begins with ``signal, sender``.
    """

    def __call__(
        self, signal: Any, sender: SenderT_contra, *args: P.args, **kwargs: P.kwargs
    ) -> Any: ...


if TYPE_CHECKING:
    # The protocols return Any, and not object, so that none of the four is a subtype of another for
    # a signal without declared keywords: mypy and ty drop subtypes from unions, and what takes
    # ``...`` is one in both directions.
    _AnyReceiver: TypeAlias = (
        SenderFirst[SenderT, P]
        | Callable[P, object]
        | SenderThenSignal[SenderT, P]
        | SignalThenSender[SenderT, P]
    )
    # In its messages, mypy names an alias that contains itself, and writes out any other. The last
    # part adds nothing to the union.
    ReceiverOf = TypeAliasType(
        "ReceiverOf",
        "_AnyReceiver[SenderT, P] | Callable[P, ReceiverOf[SenderT, P]]",
        type_params=(SenderT, P),
    )


class Requirement(Protocol[ReceiverT_contra, ReturnT_co]):
    """
    A decorator for receivers that are a ``ReceiverT_contra``.

    In a union with one that returns what it is given, it adds nothing to what is returned, but a
    call has to suit both. ``ReturnT_co`` is always ``Never``: as a declared return type, that
    would make what follows unreachable to zuban.
    """

    def __call__(self, receiver: ReceiverT_contra, /) -> ReturnT_co: ...


class Connectable(Protocol[ReceiverT_contra]):
    """
    What ``@receiver`` connects to: ours, Django's, or any signal with such a ``connect``.
    """

    def connect(self, receiver: ReceiverT_contra, /) -> object: ...


class Requiring(Protocol[ReturnT_co]):
    """
    A signal that says what it requires of receivers, so that each in a list is heard.
    """

    @property
    def _requirement(self) -> ReturnT_co: ...
