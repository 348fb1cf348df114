"""
What the sends of an engine, the core or Django, differ in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol, final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from typed_signals._declare.declaration import Declaration

    from .loops import Responses


# The attribute of the class of a watched signal: its class while it is not watched.
PUBLIC: Final = "_typed_signals_public"

SENDS: Final = ("send", "send_robust", "asend", "asend_robust")


class Path(Protocol):
    """
    What the sends of a watched signal do, instead of those of its engine.

    Attributes:
        code: the parts of generated methods; None for no such methods.
    """

    code: Code | None

    def send_dict(
        self, signal: Any, method: str, sender: object, payload: dict[str, Any], /
    ) -> Responses:
        """
        Run a sync *method* of *signal* with an accepted payload.
        """

    async def asend_dict(
        self, signal: Any, method: str, sender: object, payload: dict[str, Any], /
    ) -> Responses:
        """
        Run an async *method* of *signal* with an accepted payload.
        """

    def hears(self, signal: Any, sender: Any, /) -> bool:
        """
        Return whether ``has_listeners`` is true without receivers.
        """


class Dispatching(Protocol):
    """
    The attributes of a signal that a send uses.
    """

    _declaration: Declaration
    _engine: Engine
    _path: Path | None

    def _log_failure(
        self, sender: object, receiver: object, error: Exception, method: str
    ) -> None: ...


class Sends:
    """
    The send methods of the core for any payload, in a base class where they are found last.
    """

    __slots__ = ()


def move_sends(cls: type, base: type) -> None:
    """
    Move the send methods from *cls*, where they are documented, to its base class *base*.
    """
    for method in SENDS:
        setattr(base, method, vars(cls)[method])
        delattr(cls, method)


@final
class Engine:
    """
    How the signals of an engine are sent.

    Attributes:
        sends: the class with the send methods for any payload.
        send_dict: runs a sync method of a signal, for a sender, with an accepted payload.
        asend_dict: the same for an async method.
        code: the parts of generated methods.
        can_generate: whether generated methods may be used for a signal.
    """

    def __init__(
        self,
        *,
        sends: type,
        send_dict: Callable[[Any, str, object, dict[str, Any]], Responses],
        asend_dict: Callable[[Any, str, object, dict[str, Any]], Awaitable[Responses]],
        code: Code,
        can_generate: Callable[[Any], bool] = lambda _signal: True,
    ) -> None:
        self.sends = sends
        self.send_dict = send_dict
        self.asend_dict = asend_dict
        self.code = code
        self.can_generate = can_generate


@final
class Code:
    """
    The parts of generated methods that depend on the engine.

    They see the signal as ``_self``, and ``sender``. Links are what a ``Counted`` tuple contains:
    calling one returns the receiver, or None if it was garbage-collected.

    Attributes:
        first: returns the lines before the links are used, for the name of the method. They
            return from a send without receivers.
        functions: the links to follow, if they lead to the receivers themselves; otherwise ASK.
        methods: the same, if all of them lead to methods.
        live: the sync and the async receivers in all other cases; "" to leave these to
            ``send_dict``.
        on_loss: what to do after a link led to nothing.
        names: the names in these parts, with their values.
        label: distinguishes these methods from those of other engines.
        body: yields the lines that call the receivers, for the name of the method and the keys;
            None for those that only call them.
    """

    def __init__(
        self,
        *,
        functions: str,
        methods: str,
        first: Callable[[str], Sequence[str]],
        live: str = "",
        on_loss: str = "pass",
        names: dict[str, Any] | None = None,
        label: str = "",
        body: Callable[[str, Sequence[str], Code], Iterator[str]] | None = None,
    ) -> None:
        self.functions = functions
        self.methods = methods
        self.first = first
        self.live = live
        self.on_loss = on_loss
        self.names = names or {}
        self.label = label
        self.body = body
