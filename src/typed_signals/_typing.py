"""
The types of receivers for type checkers; nothing here is used at run time.

A receiver is called with keyword arguments only, but a ``ParamSpec`` can only follow positional
parameters. So there is a type for each position of ``sender`` and ``signal``. The keys of the
payload may be in any order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Lock
    from typing import Never, TypeAlias

    from typing_extensions import TypeAliasType

P = ParamSpec("P")
SenderT = TypeVar("SenderT")
SenderT_contra = TypeVar("SenderT_contra", contravariant=True)
ReceiverT_contra = TypeVar("ReceiverT_contra", contravariant=True)
ReturnT_co = TypeVar("ReturnT_co", covariant=True)
RequirementT = TypeVar("RequirementT", bound="Requirement[Any, Never]")


class Keywords(dict[str, Any]):
    """
    The payload of a signal whose declaration is a function; ``P`` has the types of its keys.

    It is a plain dictionary. Type checkers treat a type argument with ``Any`` in it differently.
    """


class SenderFirst(Protocol[SenderT_contra, P]):
    """
    A receiver that starts with ``sender``.
    """

    def __call__(self, sender: SenderT_contra, *args: P.args, **kwargs: P.kwargs) -> Any: ...


class SenderThenSignal(Protocol[SenderT_contra, P]):
    """
    A receiver that starts with ``sender, signal``.
    """

    def __call__(
        self, sender: SenderT_contra, signal: Any, *args: P.args, **kwargs: P.kwargs
    ) -> Any: ...


class SignalThenSender(Protocol[SenderT_contra, P]):
    """
    A receiver that starts with ``signal, sender``.
    """

    def __call__(
        self, signal: Any, sender: SenderT_contra, *args: P.args, **kwargs: P.kwargs
    ) -> Any: ...


if TYPE_CHECKING:
    # The protocols return Any, not object, so that none of the four is a subtype of another for a
    # signal without declared keywords: mypy and ty remove subtypes from unions, and callables with
    # ``...`` are subtypes of each other.
    _AnyReceiver: TypeAlias = (
        SenderFirst[SenderT, P]
        | Callable[P, object]
        | SenderThenSignal[SenderT, P]
        | SignalThenSender[SenderT, P]
    )
    # In its messages, mypy shows the name of a recursive alias, and expands any other. The last
    # part does not change the union.
    ReceiverOf = TypeAliasType(
        "ReceiverOf",
        "_AnyReceiver[SenderT, P] | Callable[P, ReceiverOf[SenderT, P]]",
        type_params=(SenderT, P),
    )


if TYPE_CHECKING:
    # mypy does not choose between overloads that accept the same argument if its type contains Any,
    # as that of each signal of ours does. So these accept none of ours.

    class DjangosSignal(Protocol):
        """
        A signal of Django; the ``lock`` of ours has another type.
        """

        lock: Lock

        @property
        def send(self) -> Any: ...

    class BlinkersSignal(Protocol):
        """
        A signal of blinker.
        """

        @property
        def receivers_for(self) -> Any: ...

        @property
        def send(self) -> Any: ...

    OtherSignal: TypeAlias = DjangosSignal | BlinkersSignal


class Requirement(Protocol[ReceiverT_contra, ReturnT_co]):
    """
    A decorator for receivers that are a ``ReceiverT_contra``.

    In a union with a decorator that returns its argument, it does not change the return type, but a
    call must match both. ``ReturnT_co`` is always ``Never``: zuban would treat the code after a
    declared return type ``Never`` as unreachable.
    """

    def __call__(self, receiver: ReceiverT_contra, /) -> ReturnT_co: ...


class Connectable(Protocol[ReceiverT_contra]):
    """
    A signal for ``@receiver``: ours, Django's, or any object with such a ``connect``.
    """

    def connect(self, receiver: ReceiverT_contra, /) -> object: ...


class Requiring(Protocol[ReturnT_co]):
    """
    A signal with the type that it requires of receivers, so that each in a list is checked.
    """

    @property
    def _requirement(self) -> ReturnT_co: ...
