"""
``Signal``: the declaration and the dispatcher.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Concatenate, Generic, Self

from ._base import BaseSignal, KwargsT, P, ResponseT, SenderT
from ._connect.identity import key_of_sender, receiver_key
from ._connect.references import make_link
from ._connect.table import NOBODY, Connections, exclusively
from ._send.choice import choose
from ._send.engine import Code, Engine, Sends, move_sends
from ._send.failures import log_failure
from ._send.plain import asend_dict, send_dict
from ._shared.caller import caller, is_machinery
from ._shared.raising import as_bool, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from ._base import DeclaredP, DeclaredResponseT, DeclaredSenderT
    from ._connect.connection import Connection
    from ._declare.declaration import Declaration
    from ._send.engine import Path
    from ._send.loops import Receiver
    from ._typing import Keywords, ReceiverOf


class _Origin:
    """
    Creates a signal. ``Signal`` has no ``__new__``, because ``inspect`` prefers it to ``__init__``.
    """

    __slots__ = (
        "__dict__",
        "__orig_class__",
        "__weakref__",
        "_connections",
        "_declaration",
        "_path",
    )

    _connections: Connections
    _declaration: Declaration
    _path: Path | None

    def __new__(cls, *_args: Any, **_kwargs: Any) -> Self:
        self = super().__new__(cls)
        self._connections = NOBODY
        return self


class Signal(
    _Origin,
    Sends,
    BaseSignal[SenderT, KwargsT, ResponseT, P],
    # ty needs this to know that P has a default.
    Generic[SenderT, KwargsT, ResponseT, P],
):
    """
    A signal with a declared payload, and its connections.

    Type parameters:
        SenderT: the type of senders, usually ``type[SomeClass]``.
        KwargsT: the TypedDict of the payload. The names ``sender`` and ``signal`` are reserved,
            and cannot be keys.
        ResponseT: the return type of receivers.
        P: the payload as keyword parameters; created by :meth:`~typed_signals.BaseSignal.declare`.

    A bare ``Signal()`` accepts any payload, like Django's. Unless documented otherwise, a signal
    behaves like ``django.dispatch.Signal``::

        class PizzaDone(TypedDict):
            toppings: list[str]
            size: int

        pizza_done = Signal[type["PizzaStore"], PizzaDone]()
    """

    __slots__ = ()

    _taken_keys = ()

    _engine = Engine(
        sends=Sends,
        send_dict=send_dict,
        asend_dict=asend_dict,
        code=Code(
            first=lambda _method: (
                "if (_links := _self._connections.functions) is None:",
                "    return []",
            ),
            functions="_links",
            methods="_self._connections.methods",
            live="_self._connections.live(sender)",
            on_loss="_self._connections.clear()",
        ),
    )

    def __init__(self, use_caching: bool = False) -> None:
        """
        Args:
            use_caching: has no effect, only for compatibility with Django; no send searches.

        Raises:
            TypeError: *use_caching* is a type, as in ``Signal(PizzaDone)``.
        """
        if use_caching is not False:
            self._check_use_caching(use_caching)

    if TYPE_CHECKING:

        @classmethod
        def declare(
            cls,
            function: Callable[Concatenate[DeclaredSenderT, DeclaredP], DeclaredResponseT],
            /,
        ) -> Signal[DeclaredSenderT, Keywords, DeclaredResponseT, DeclaredP]: ...

    def __reduce__(self) -> str:
        name = self._declaration.name_of(self)
        problem = (
            f"{name} cannot be copied or pickled, because its receivers cannot: import it where it "
            "is needed"
        )
        refuse(TypeError(problem))
        return name  # with a string, the copy is the signal itself

    def connect(
        self,
        receiver: ReceiverOf[SenderT, P],
        sender: object = None,
        weak: bool = True,
        dispatch_uid: Hashable = None,
    ) -> None:
        """
        Connect *receiver* to all senders, or only to *sender*.

        If it is already connected to the same sender, nothing is changed.

        Args:
            receiver: a callable that accepts ``**kwargs``. It is called with keyword arguments
                only: ``receiver(signal=..., sender=..., **payload)``. Async receivers are awaited.
            sender: the only sender to connect to, compared by identity; None for all senders.
            weak: whether to keep only a weak reference to *receiver*: then it is disconnected
                when it is garbage-collected.
            dispatch_uid: identifies the receiver, instead of its identity.

        Raises:
            ReceiverTypeError: *receiver* is not callable, cannot be inspected, or cannot be weakly
                referenced.
            ReceiverSignatureError: *receiver* does not accept every send of this signal.
            DeclarationError: the declaration of the signal is invalid.
            TypeError: *dispatch_uid* is unhashable, or *weak* has no truth value.
        """
        key, sender_key = receiver_key(receiver, dispatch_uid), key_of_sender(sender)
        if key is None:
            return
        if self._connections.knows(key, sender_key):
            if key is dispatch_uid:
                # Another receiver may be connected with this dispatch_uid, so check this one.
                self._check_contract(receiver)
            return
        frame = sys._getframe(1)
        if is_machinery(frame):
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
        connections.add(link, sender, self)

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
        Disconnect a *receiver* (or *dispatch_uid*) that was connected with the same *sender*.

        Returns:
            Whether there was such a connection.

        Raises:
            TypeError: *dispatch_uid* is unhashable.
        """
        key = receiver_key(receiver, dispatch_uid)
        return key is not None and self._connections.remove(key, key_of_sender(sender), self)

    def has_listeners(self, sender: object = None) -> bool:
        """
        Return whether a send from *sender* would call any receiver.
        """
        path = self._path
        return self._connections.has(sender) or (path is not None and path.hears(self, sender))

    @property
    def connections(self) -> list[Connection]:
        """
        The live connections, in the order in which they were connected; a read-only copy.
        """
        return self._connections.all()

    @property
    def receivers(self) -> list[Connection]:
        """
        The same as :attr:`connections`, with Django's name.
        """
        return self.connections

    def _key_of(self, receiver: object, sender: object, dispatch_uid: Hashable) -> object:
        return receiver_key(receiver, dispatch_uid), key_of_sender(sender)

    _log_failure = log_failure

    def _is_connected(self, receiver: object, sender: object, dispatch_uid: Hashable) -> bool:
        key = receiver_key(receiver, dispatch_uid)
        return self._connections.knows(key, key_of_sender(sender))

    def send(
        self, /, sender: SenderT, *args: P.args, **payload: P.kwargs
    ) -> list[tuple[Receiver, ResponseT]]:
        """
        Call all receivers connected to *sender* or to all senders; stop at the first error.

        Sync receivers are called in the order in which they were connected. Then all async ones are
        awaited concurrently with ``asgiref.sync.async_to_sync``. An error of a receiver has a note
        (PEP 678) that names the receiver and the signal.

        Args:
            sender: the sender, compared by identity.
            payload: the declared keys.

        Returns:
            ``(receiver, response)`` for each receiver that was called.

        Raises:
            PayloadError: a key is missing or unexpected; no receiver was called.
            TypeError: there is no sender, or two; no receiver was called.
            DeclarationError: the declaration of the signal is invalid.
            RunningLoopError: there are async receivers, and this thread runs an event loop;
                no receiver was called.
        """
        responses: list[Any] = choose(self, "send")(self, sender, *args, **payload)
        return responses

    def send_robust(
        self, /, sender: SenderT, *args: P.args, **payload: P.kwargs
    ) -> list[tuple[Receiver, ResponseT | Exception]]:
        """
        Like :meth:`~Signal.send`, but if a receiver raises an ``Exception``, this is its response.

        Each exception is logged with level ``ERROR`` by the logger ``typed_signals``, with the
        attributes ``signal``, ``sender`` and ``receiver`` of the record. Other exceptions, such as
        ``KeyboardInterrupt``, are raised.

        Raises:
            PayloadError: as for :meth:`send`, because the sender passed an invalid payload.
            TypeError: as for :meth:`send`.
            DeclarationError: as for :meth:`send`.
            RunningLoopError: as for :meth:`send`.
        """
        responses: list[Any] = choose(self, "send_robust")(self, sender, *args, **payload)
        return responses

    async def asend(
        self, /, sender: SenderT, *args: P.args, **payload: P.kwargs
    ) -> list[tuple[Receiver, ResponseT]]:
        """
        Like :meth:`~Signal.send`, from async code.

        Sync receivers are called first, all in one call in asgiref's thread for sync code. Then
        the async ones are awaited concurrently, as in an ``asyncio.TaskGroup``. A single failure of
        these is raised unchanged, several as an ``ExceptionGroup``.

        Raises:
            PayloadError: as for :meth:`send`.
            TypeError: as for :meth:`send`.
            DeclarationError: as for :meth:`send`.
        """
        responses: list[Any] = await choose(self, "asend")(self, sender, *args, **payload)
        return responses

    async def asend_robust(
        self, /, sender: SenderT, *args: P.args, **payload: P.kwargs
    ) -> list[tuple[Receiver, ResponseT | Exception]]:
        """
        Like :meth:`~Signal.asend`, but if a receiver raises an ``Exception``, this is its response,
        as in :meth:`~Signal.send_robust`.

        Raises:
            PayloadError: as for :meth:`send`.
            TypeError: as for :meth:`send`.
            DeclarationError: as for :meth:`send`.
        """
        responses: list[Any] = await choose(self, "asend_robust")(self, sender, *args, **payload)
        return responses


# Methods that are set on Signal are found before these, and before generated methods.
move_sends(Signal, Sends)
