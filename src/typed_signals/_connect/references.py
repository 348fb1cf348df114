"""
One link: the reference to a receiver, and what its connection remembers of it.

A weak link *is* the weak reference that a send follows, so a connection takes one object. When the
receiver dies, the collector hands the link to ``on_death``, and for that runs no Python code.
"""

from __future__ import annotations

from itertools import count
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any, TypeAlias, final
from weakref import WeakMethod, ref

from typed_signals._shared.callables import is_async, is_method
from typed_signals._shared.messages import class_name

from .lost_receivers import warn_if_lost, watch

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
    What there is to know of a connection.
    """

    __slots__ = ()

    if TYPE_CHECKING:
        function: ref[Any] | None
        """For a weakly held method its function; the link itself refers to the instance then."""

        key: Hashable
        """What makes two connections to one sender the same."""

        sender_key: int

        serial: int
        """Receivers are called in this order."""

        is_async: bool

        dispatch_uid: Hashable

        code: CodeType
        """With the instruction ``at`` which it was, what called ``connect``."""

        at: int

        suspect: Witness | None
        """Sees where the receiver dies, while it may be lost before any send could reach it."""


@final
class WeakLink(ref[Any], _Facts):
    """
    A link to an object, or with ``function`` to a method of it.
    """

    __slots__ = _FACTS


@final
class WeakMethodLink(WeakMethod[Any], _Facts):
    """
    A link to what only looks like a method: it has ``__self__`` and ``__func__``.
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
        self.function = None

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
    Return a link to *receiver*, or None if it is to be weak and no weak reference can be made.

    Args:
        receiver: the receiver.
        identity: what the connection is recognised by.
        frame: what calls ``connect``.
        on_death: called with the link when the receiver dies.
        weak: whether the link is weak.
    """
    link = _refer_to(receiver, on_death) if weak else StrongLink(receiver)
    if link is None:
        return None
    link.key, link.sender_key, link.dispatch_uid = identity
    link.is_async = is_async(receiver)
    link.code = frame.f_code
    link.at = frame.f_lasti
    link.suspect = watch(receiver, frame) if weak else None
    link.serial = next(_serials)
    return link


def can_be_weak(receiver: Any) -> bool:
    """
    Return whether a weak link to *receiver* can be made.
    """
    return _refer_to(receiver, None) is not None


def _refer_to(
    receiver: Any, on_death: Callable[[Any], object] | None
) -> WeakLink | WeakMethodLink | None:
    """
    Return a weak link that refers to *receiver*, and knows no more; None if there can be none.
    """
    link: WeakLink | WeakMethodLink
    try:
        if type(receiver) is MethodType:
            link = WeakLink(receiver.__self__, on_death)
            link.function = ref(receiver.__func__)
            return link
        if type(receiver) is FunctionType or not is_method(receiver):  # most are functions
            link = WeakLink(receiver, on_death)
        elif _can_be_made_again(receiver):
            link = WeakMethodLink(receiver, on_death)
        else:
            return None
    except TypeError:
        return None
    link.function = None
    return link


def _can_be_made_again(method: Any) -> bool:
    """
    Tell whether what only looks like a method will be had from a weak link, as each send does.
    """
    try:
        return WeakMethod(method)() is not None
    except Exception:  # noqa: BLE001 - its own code's
        return False


def not_weak_problem(receiver: object) -> str:
    """
    Return the sentence that refuses a *receiver* of which no weak link can be made.
    """
    held = receiver.__self__ if type(receiver) is MethodType else receiver
    return f"{class_name(held)} objects cannot be weakly held: pass weak=False"


def receiver_of(link: Link) -> Any:
    """
    Return the receiver, or None once it was collected.
    """
    target = link()
    if target is None or link.function is None:
        return target
    function = link.function()
    return None if function is None else MethodType(function, target)


def warn_of(dropped: Iterable[Link]) -> None:
    """
    Warn of receivers that nothing but their weak connection ever knew.
    """
    for link in dropped:
        if link.suspect is not None and receiver_of(link) is None:
            warn_if_lost(link.suspect, link.code, link.at)
