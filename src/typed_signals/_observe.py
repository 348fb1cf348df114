"""
``observe``: be told of the calls of receivers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, final

from ._shared.callables import is_async, receiver_name
from ._shared.messages import shown
from ._watch.by_name import can_match
from ._watch.scopes import watch
from ._watch.watcher import Watcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._watch.scopes import Handle
    from ._watch.watcher import Call


def observe(
    *signals: object,
    before: Callable[[Call], object] | None = None,
    after: Callable[[Call], object] | None = None,
) -> Observation:
    """
    Call *before* and *after* around each receiver that a signal calls, in the whole process::

        observe(post_save, "shop.*", after=lambda call: log(call.receiver_name, call.seconds))

    An async receiver is observed to its end. What an observer raises is logged with level ``ERROR``
    by the logger ``typed_signals``, and does not change the send.

    Args:
        signals: signals of ours, Django's own, or blinker's; or patterns of their names, as for
            ``manage.py list_signals``: ``"post_save"``, ``"shop.*"``. Signals that are declared
            later are included.
        before: is called with a :class:`Call` before each receiver.
        after: is called with the same :class:`Call` after it, also if the receiver raises.

    Returns:
        What ends it: call ``stop()``, or use it in a ``with`` statement.

    Raises:
        TypeError: something is not a signal, or not a callback; nothing is observed.
        ValueError: a pattern can never match.
    """
    if not signals:
        raise TypeError('observe() has no signals: write observe(pizza_done, "shop.*", after=...)')
    if before is None and after is None:
        raise TypeError("observe() has no callback: pass before=... or after=...")
    for name, callback in (("before", before), ("after", after)):
        if callback is not None:
            _check(name, callback)
    patterns = [each for each in signals if isinstance(each, str)]
    for pattern in patterns:
        if not can_match(pattern):
            raise ValueError(
                f"no signal can have a name that {shown(pattern)} matches: write a name, the end "
                "of a name, or a pattern like 'shop.*'"
            )
    objects = [each for each in signals if not isinstance(each, str)]
    watcher = _Observer(before, after)
    return Observation(watch(objects, watcher, everywhere=True, patterns=patterns))


def _check(name: str, callback: Any) -> None:
    if not callable(callback):
        raise TypeError(f"observe(): {name} must be callable, not {shown(callback)}")
    if is_async(callback):
        raise TypeError(
            f"observe(): {name} must not be async, because observers are not awaited: "
            f"write {receiver_name(callback)} with def"
        )


@final
class Observation:
    """
    Ends what :func:`observe` started.
    """

    __slots__ = ("_handle",)

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def stop(self) -> None:
        """
        Stop observing. Sends that started before are observed to their end.
        """
        self._handle.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.stop()


@final
class _Observer(Watcher):
    """
    Calls the callbacks.
    """

    __slots__ = ("after", "before")

    def __init__(
        self,
        before: Callable[[Call], object] | None,
        after: Callable[[Call], object] | None,
    ) -> None:
        self.before: Any = before
        self.after: Any = after

    def does(self, method: str) -> bool:
        return method in self.__slots__ and getattr(self, method) is not None
