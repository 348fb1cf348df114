"""
Links: the reference to a receiver, and the data of its connection.

A weak link *is* the weak reference that a send follows, so a connection needs only one object. When
the receiver dies, the collector passes the link to ``on_death``, without running any Python code.
"""

from __future__ import annotations

from itertools import count
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any, TypeAlias, final
from weakref import WeakMethod, ref

from typed_signals._shared.callables import enqueueing_method, is_async, is_method
from typed_signals._shared.messages import (
    class_name,
    no_weak_reference_problem,
    static_method_problem,
)

from .lost_receivers import make_witness, warn_if_lost

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from types import CodeType, FrameType

    from .identity import Identity
    from .lost_receivers import Witness

_FACTS = (
    "at",
    "code",
    "dispatch_uid",
    "function",
    "is_async",
    "key",
    "sender_key",
    "serial",
    "suspect",
)


class _Facts:
    """
    The data of a connection.
    """

    __slots__ = ()

    if TYPE_CHECKING:
        function: ref[Any] | None
        """For a weakly referenced method, its function; the link itself refers to the instance."""

        key: Hashable
        """Identifies the receiver among the connections to one sender."""

        sender_key: int

        serial: int
        """Receivers are called in this order."""

        is_async: bool

        dispatch_uid: Hashable

        code: CodeType
        """The code that called ``connect``, at the instruction ``at``."""

        at: int

        suspect: Witness | None
        """Records where the receiver dies, until a send could call it."""


@final
class WeakLink(ref[Any], _Facts):
    """
    A link to an object, or with ``function`` to a method of it.
    """

    __slots__ = _FACTS


@final
class WeakMethodLink(WeakMethod[Any], _Facts):
    """
    A link to an object that only looks like a method: it has ``__self__`` and ``__func__``.
    """

    __slots__ = _FACTS


@final
class StrongLink(_Facts):
    """
    A link that keeps its receiver alive.
    """

    __slots__ = (*_FACTS, "_receiver")

    def __init__(self, receiver: Any) -> None:
        self._receiver = receiver

    def __call__(self) -> Any:
        return self._receiver


Link: TypeAlias = WeakLink | WeakMethodLink | StrongLink

_serials = count()


def make_link(
    receiver: Any,
    identity: Identity,
    frame: FrameType,
    on_death: Callable[[Any], object],
    weak: bool,
) -> Link | None:
    """
    Return a link to *receiver*, or None if *weak* is true and it cannot be weakly referenced.

    Args:
        receiver: the receiver.
        identity: identifies the connection.
        frame: the frame that calls ``connect``.
        on_death: called with the link when the receiver dies.
        weak: whether the link is weak.
    """
    link: Link
    function = None
    if not weak:
        link = StrongLink(receiver)
    elif (references := _refer_to(receiver, on_death)) is not None:
        link, function = references
    else:
        return None
    link.function = function
    link.key, link.sender_key, link.dispatch_uid = identity
    link.is_async = is_async(receiver)
    link.code = frame.f_code
    link.at = frame.f_lasti
    link.suspect = make_witness(receiver, frame) if weak else None
    link.serial = next(_serials)
    return link


def can_be_weak(receiver: Any) -> bool:
    """
    Return whether *receiver* can be weakly referenced.
    """
    return _refer_to(receiver, None) is not None


def _refer_to(
    receiver: Any, on_death: Callable[[Any], object] | None
) -> tuple[WeakLink | WeakMethodLink, ref[Any] | None] | None:
    """
    Return weak references to *receiver*, or to its object and its function if it is a method; None
    if it cannot be weakly referenced.
    """
    try:
        if type(receiver) is MethodType:
            return WeakLink(receiver.__self__, on_death), ref(receiver.__func__)
        if type(receiver) is FunctionType or not is_method(receiver):  # most are functions
            return WeakLink(receiver, on_death), None
        if _can_be_made_again(receiver):
            return WeakMethodLink(receiver, on_death), None
    except TypeError:
        pass
    return None


def _can_be_made_again(method: Any) -> bool:
    """
    Return whether an object that looks like a method can be created again from a weak link.
    """
    try:
        return WeakMethod(method)() is not None
    except Exception:  # noqa: BLE001 - raised by user code
        return False


def receiver_reference(
    receiver: Any, on_death: Callable[[Any], object] | None, *, weak: bool
) -> Callable[[], Any]:
    """
    Return a function that returns *receiver*; None if *weak* is true and it was garbage-collected.

    Args:
        receiver: the receiver.
        on_death: is called when a weakly referenced receiver dies.
        weak: whether to refer to it weakly.
    """
    if not weak:
        return lambda: receiver
    return WeakMethod(receiver, on_death) if is_method(receiver) else ref(receiver, on_death)


def not_weak_problem(receiver: object) -> str:
    """
    Return the message for a *receiver* that cannot be weakly referenced.
    """
    if isinstance(receiver, staticmethod):
        return static_method_problem(receiver.__qualname__)
    held = receiver.__self__ if type(receiver) is MethodType else receiver
    return no_weak_reference_problem(class_name(held), enqueueing_method(receiver))


def referent(stored: Any) -> Any:
    """
    Return what *stored* refers to if it is a weak reference, otherwise *stored*.
    """
    # The type is asked, because objects may raise when they are asked for their class.
    return stored() if issubclass(type(stored), ref) else stored


def receiver_of(link: Link) -> Any:
    """
    Return the receiver, or None if it was garbage-collected.
    """
    target = link()
    if target is None or link.function is None:
        return target
    function = link.function()
    return None if function is None else MethodType(function, target)


def warn_of(dropped: Iterable[Link]) -> None:
    """
    Warn about receivers that were only referenced by their weak connection.
    """
    for link in dropped:
        if link.suspect is not None and receiver_of(link) is None:
            warn_if_lost(link.suspect, link.code, link.at)
