"""
``Signal``: the declaration, and the dispatcher that it declares.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Concatenate, Generic, Self

from ._base import BaseSignal, KwargsT, P, ResponseT, SenderT
from ._connect.identity import key_of_sender, receiver_key
from ._connect.references import make_link
from ._connect.table import NOBODY, Connections, exclusively
from ._declare.declaration import Declaration
from ._send.choice import Sends, choose, move_sends
from ._send.plain import asend
from ._shared.caller import caller, is_ours
from ._shared.raising import as_bool, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from ._base import DeclaredP, DeclaredResponseT, DeclaredSenderT
    from ._connect.connection import Connection
    from ._send.loops import Receiver
    from ._typing import ReceiverOf


class _Origin:
    """
    How a signal is made: not in ``Signal``, as ``inspect`` shows what it comes to first.
    """

    __slots__ = ("__dict__", "__orig_class__", "__weakref__", "_connections", "_declaration")

    _connections: Connections
    _declaration: Declaration

    # Not in __init__, which a subclass may override without calling it.
    def __new__(cls, *_args: Any, **_kwargs: Any) -> Self:
        self = super().__new__(cls)
        self._connections = NOBODY
        self._declaration = Declaration(Signal)
        return self


class Signal(
    _Origin,
    Sends,
    BaseSignal[SenderT, KwargsT, ResponseT, P],
    # It tells ty that P can be left out.
    Generic[SenderT, KwargsT, ResponseT, P],
):
    """
    A signal: what it carries, and who listens.

    Type parameters:
        SenderT: what sends it, usually ``type[SomeClass]``.
        KwargsT: the TypedDict of its payload. Its keys can be anything but ``sender`` and
            ``signal``.
        ResponseT: what receivers return.
        P: the payload as keyword parameters; made by :meth:`declare`.

    A bare ``Signal()`` carries anything, as Django's does. Everything that
    ``django.dispatch.Signal`` does, this does likewise, unless said here::

        class PizzaDone(TypedDict):
            toppings: list[str]
            size: int

        pizza_done = Signal[type["PizzaStore"], PizzaDone]()
    """

    __slots__ = ()

    def __init__(self, use_caching: bool = False) -> None:
        """
        Args:
            use_caching: taken for Django's sake; receivers are always found without a search.
        """

    if TYPE_CHECKING:

        @classmethod
        def declare(
            cls,
            function: Callable[Concatenate[DeclaredSenderT, DeclaredP], DeclaredResponseT],
            /,
        ) -> Signal[DeclaredSenderT, dict[str, object], DeclaredResponseT, DeclaredP]: ...

    def __reduce__(self) -> str:
        name = self._declaration.name_of(self)
        problem = (
            f"{name} cannot be copied or pickled, as its receivers would not come along: import it "
            "where it is needed"
        )
        refuse(TypeError(problem))
        return name  # of a string, the copy is the signal itself

    def connect(
        self,
        receiver: ReceiverOf[SenderT, P],
        sender: object = None,
        weak: bool = True,
        dispatch_uid: Hashable = None,
    ) -> None:
        """
        Have *receiver* called by each send, or by each send from *sender*.

        A receiver that is connected already, to the same sender, is left as it is.

        Args:
            receiver: a callable that takes ``**kwargs``. It is called with keywords only:
                ``receiver(signal=..., sender=..., **payload)``. An async one is awaited.
            sender: the only sender to listen to, by identity; None listens to all.
            weak: whether to hold *receiver* by a weak reference: it is disconnected when
                nothing else holds it.
            dispatch_uid: what to recognise the receiver by, instead of its identity.

        Raises:
            ReceiverTypeError: *receiver* is not callable, raises when it is looked at, or cannot
                be weakly referenced.
            ReceiverSignatureError: *receiver* could not take every send of this signal.
            DeclarationError: the signal itself is declared wrongly.
            TypeError: *dispatch_uid* is unhashable, or *weak* is neither true nor false.
        """
        key, sender_key = receiver_key(receiver, dispatch_uid), key_of_sender(sender)
        if key is None:
            return
        if self._connections.knows(key, sender_key):
            if key is dispatch_uid:
                # It may be another one that is connected; this one is told what is wrong with it.
                self._check_contract(receiver)
            return
        frame = sys._getframe(1)
        if is_ours(frame):
            frame = caller()
        if not self._check_contract(receiver):
            return
        is_weak = weak if weak is True else as_bool("weak", weak)
        if is_weak is None:
            return
        connections = self._connections
        if connections is NOBODY:
            connections = self._own_connections()
        identity = (key, sender_key, dispatch_uid if key is dispatch_uid else None)
        link = make_link(receiver, identity, frame, connections.on_death, is_weak)
        if link is None:
            self._refuse_weak(receiver)
            return
        connections.add(link, sender)

    def _own_connections(self) -> Connections:
        own = Connections()
        with exclusively():
            if self._connections is NOBODY:
                self._connections = own
        return self._connections

    def disconnect(
        self,
        receiver: Callable[..., Any] | None = None,
        sender: object = None,
        dispatch_uid: Hashable = None,
    ) -> bool:
        """
        Undo ``connect`` with the same *receiver* (or *dispatch_uid*) and *sender*.

        Returns:
            Whether there was such a connection.

        Raises:
            TypeError: *dispatch_uid* is unhashable.
        """
        key = receiver_key(receiver, dispatch_uid)
        return key is not None and self._connections.remove(key, key_of_sender(sender))

    def has_listeners(self, sender: object = None) -> bool:
        """
        Return whether a send from *sender* would call anybody.
        """
        return self._connections.has(sender)

    @property
    def connections(self) -> list[Connection]:
        """
        The live connections, in the order in which they were made; a copy, to be read.
        """
        return self._connections.all()

    @property
    def receivers(self) -> list[Connection]:
        """
        The same as :attr:`connections`, by Django's name for it.
        """
        return self.connections

    def _is_connected(self, receiver: object, sender: object, dispatch_uid: Hashable) -> bool:
        key = receiver_key(receiver, dispatch_uid)
        return key is not None and self._connections.knows(key, key_of_sender(sender))

    def send(
        self, /, sender: SenderT, *args: P.args, **payload: P.kwargs
    ) -> list[tuple[Receiver, ResponseT]]:
        """
        Call every receiver connected to *sender* or to all senders; the first error ends it.

        Sync receivers are called in the order of their connection, then all async ones are
        awaited at once through ``asgiref.sync.async_to_sync``.

        Args:
            sender: who sends; receivers connected to this very object are called.
            payload: the keys that the signal declares.

        Returns:
            ``(receiver, response)`` for each receiver that was called.

        Raises:
            PayloadError: a key is missing or unexpected; nobody was called.
            TypeError: there is no sender, or two; nobody was called.
            DeclarationError: the signal itself is declared wrongly.
            RunningLoopError: there are async receivers, and this thread runs an event loop;
                nobody was called.
        """
        return choose(self, "send")(self, sender, *args, **payload)

    def send_robust(
        self, /, sender: SenderT, *args: P.args, **payload: P.kwargs
    ) -> list[tuple[Receiver, ResponseT | Exception]]:
        """
        Like :meth:`send`, but an ``Exception`` of a receiver is its response.

        Each is logged at level ``ERROR`` by the logger ``typed_signals``. What is no
        ``Exception``, like ``KeyboardInterrupt``, is raised.

        Raises:
            PayloadError: as for :meth:`send`: a wrong payload is the sender's fault.
            TypeError: as for :meth:`send`.
            DeclarationError: as for :meth:`send`.
            RunningLoopError: as for :meth:`send`.
        """
        return choose(self, "send_robust")(self, sender, *args, **payload)

    async def asend(
        self, /, sender: SenderT, *args: P.args, **payload: P.kwargs
    ) -> list[tuple[Receiver, ResponseT]]:
        """
        Like :meth:`send`, from async code.

        Sync receivers are called first, all in one hop to asgiref's thread for sync code; then
        the async ones are awaited at once in an ``asyncio.TaskGroup``. A single failure among
        those is raised as itself, several as an ``ExceptionGroup``.

        Raises:
            PayloadError: as for :meth:`send`.
            TypeError: as for :meth:`send`.
            DeclarationError: as for :meth:`send`.
        """
        return await asend(self, "asend", sender, args, payload)

    async def asend_robust(
        self, /, sender: SenderT, *args: P.args, **payload: P.kwargs
    ) -> list[tuple[Receiver, ResponseT | Exception]]:
        """
        Like :meth:`asend`, but an ``Exception`` of a receiver is its response, as in
        :meth:`send_robust`.

        Raises:
            PayloadError: as for :meth:`send`.
            TypeError: as for :meth:`send`.
            DeclarationError: as for :meth:`send`.
        """
        return await asend(self, "asend_robust", sender, args, payload)


# What is set in their place on Signal is found before them, and before what is generated.
move_sends(Signal)
