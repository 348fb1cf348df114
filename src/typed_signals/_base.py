"""
``BaseSignal``: the base class of all our signals, on every engine.
"""

from __future__ import annotations

import atexit
import os
import sys
import typing
from abc import abstractmethod
from threading import RLock
from types import FunctionType, GenericAlias
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, Generic, Self, final

from ._connect.identity import receiver_key
from ._connect.references import can_be_weak, not_weak_problem
from ._contract.refusal import already_checked, not_a_receiver, refusal_of
from ._contract.signatures import clearly_fits
from ._declare.declaration import Declaration
from ._shared.callables import receiver_name
from ._shared.messages import base_signal_problem, shortened, shown
from ._shared.raising import as_bool, refuse
from .exceptions import DeclarationError

if TYPE_CHECKING:
    from typing_extensions import ParamSpec, TypeVar
elif sys.version_info >= (3, 13):
    from typing import ParamSpec, TypeVar
else:
    # Python 3.13 added defaults (PEP 696). Importing those of typing_extensions takes as long as
    # everything else, so BaseSignal inserts the defaults itself.
    def TypeVar(name, **_default):  # noqa: N802 - a replacement
        return typing.TypeVar(name)

    def ParamSpec(name, **_default):  # noqa: N802
        return typing.ParamSpec(name)


if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable
    from contextlib import AbstractContextManager
    from typing import Never

    from ._connect.connection import Connection
    from ._send.engine import Path
    from ._send.loops import Receiver
    from ._typing import Keywords, ReceiverOf, Requirement


SenderT = TypeVar("SenderT", default=Any)
KwargsT = TypeVar("KwargsT", default=Any)
ResponseT = TypeVar("ResponseT", default=Any)
P = ParamSpec("P", default=...)

DeclaredSenderT = TypeVar("DeclaredSenderT")
DeclaredResponseT = TypeVar("DeclaredResponseT")
DeclaredP = ParamSpec("DeclaredP")


@atexit.register
def _forget_type_arguments() -> None:
    """
    Clear the caches of ``typing`` when the program ends.

    They refer to the type arguments of signals, and so to the modules that define these. Objects in
    these modules would be deleted after the built-in functions, and could not send without these.
    """
    forget: list[Callable[[], object]] = getattr(typing, "_cleanups", [])
    for forget_those_of_one_form in forget:
        forget_those_of_one_form()


class BaseSignal(Generic[SenderT, KwargsT, ResponseT, P]):
    """
    The base class of :class:`typed_signals.Signal` and of the signals of ``typed_signals.django``.

    Use it in annotations and with ``isinstance``: a bare ``BaseSignal`` accepts all these signals.
    Signals are instances of the class for their dispatcher.

    Type parameters:
        SenderT: the type of senders, usually ``type[SomeClass]``.
        KwargsT: the TypedDict of the payload. The names ``sender`` and ``signal`` are reserved,
            and cannot be keys.
        ResponseT: the return type of receivers.
        P: the payload as keyword parameters; created by :meth:`declare`.
    """

    __slots__ = ()

    _declaration: Declaration
    _path: Path | None

    # The keys that the send methods of the engine cannot accept; None where there is no engine.
    _taken_keys: ClassVar[Collection[str] | None] = None

    # Not in __init__, because a subclass may override it without calling it.
    def __new__(cls, *_args: Any, **_kwargs: Any) -> Self:
        if cls._taken_keys is None:
            raise TypeError(base_signal_problem(shortened(cls.__name__)))
        made: Any = super().__new__(cls)  # the engine has a place for the attributes
        made._declaration = Declaration(BaseSignal, cls._taken_keys)
        made._path = None
        signal: Self = made
        return signal

    if not TYPE_CHECKING and sys.version_info < (3, 13):

        def __class_getitem__(cls, arguments):
            if cls.__parameters__ == (SenderT, KwargsT, ResponseT, P):
                given = arguments if isinstance(arguments, tuple) else (arguments,)
                arguments = (*given, *(Any, Any, Any, ...)[len(given) :])
            return super().__class_getitem__(arguments)

    if TYPE_CHECKING:

        @property
        def _requirement(self) -> Requirement[ReceiverOf[SenderT, P], Never]: ...

        # The key of a connection, which is compared by ``==``.
        def _key_of(self, receiver: object, sender: object, dispatch_uid: Hashable) -> object: ...

        def _is_connected(
            self, receiver: object, sender: object, dispatch_uid: Hashable
        ) -> bool: ...

    # What each engine defines, and documents.

    @property
    @abstractmethod
    def connections(self) -> list[Connection]:
        """
        The live connections; see :attr:`typed_signals.Signal.connections`.
        """

    @abstractmethod
    def connect(
        self,
        receiver: ReceiverOf[SenderT, P],
        sender: object = None,
        weak: bool = True,
        dispatch_uid: Hashable = None,
    ) -> None:
        """
        Connect *receiver*; see :meth:`typed_signals.Signal.connect`.
        """

    @abstractmethod
    def disconnect(
        self,
        receiver: Callable[..., Any] | None = None,
        sender: object = None,
        dispatch_uid: Hashable = None,
    ) -> bool | None:
        """
        Undo ``connect``; see :meth:`typed_signals.Signal.disconnect`.

        Returns:
            Whether there was such a connection; None if Django waits for a model with that name.
        """

    @abstractmethod
    def has_listeners(self, sender: object = None) -> bool:
        """
        Return whether a send from *sender* would call any receiver.
        """

    @abstractmethod
    def send(
        self, /, sender: SenderT, *args: P.args, **payload: P.kwargs
    ) -> list[tuple[Receiver, ResponseT]]:
        """
        Call the receivers; see :meth:`typed_signals.Signal.send`.
        """

    @abstractmethod
    def send_robust(
        self, /, sender: SenderT, *args: P.args, **payload: P.kwargs
    ) -> list[tuple[Receiver, ResponseT | Exception]]:
        """
        Call the receivers; see :meth:`typed_signals.Signal.send_robust`.
        """

    @abstractmethod
    async def asend(
        self, /, sender: SenderT, *args: P.args, **payload: P.kwargs
    ) -> list[tuple[Receiver, ResponseT]]:
        """
        Call the receivers; see :meth:`typed_signals.Signal.asend`.
        """

    @abstractmethod
    async def asend_robust(
        self, /, sender: SenderT, *args: P.args, **payload: P.kwargs
    ) -> list[tuple[Receiver, ResponseT | Exception]]:
        """
        Call the receivers; see :meth:`typed_signals.Signal.asend_robust`.
        """

    @classmethod
    def declare(
        cls,
        function: Callable[Concatenate[DeclaredSenderT, DeclaredP], DeclaredResponseT],
        /,
    ) -> BaseSignal[DeclaredSenderT, Keywords, DeclaredResponseT, DeclaredP]:
        """
        Return a signal whose receivers are called like *function*.

        Use it as a decorator::

            @Signal.declare
            def pizza_done(sender: type[PizzaStore], **kwargs: Unpack[PizzaDone]) -> object:
                "A pizza left the oven."

        The payload is either the TypedDict in ``**kwargs: Unpack[...]`` (PEP 692), or keyword
        parameters. A parameter with a default is an optional key. The return type is the type of
        responses; None says that they are not used. The function is never called: with another
        return type, its body is ``raise NotImplementedError``, because of type checkers.
        All type checkers understand this form without a plugin.

        Raises:
            TypeError: *function* is not a function. If its parameters are invalid, the first
                use of the signal raises ``DeclarationError``.
        """
        signal: Any = cls()
        if type(function) is FunctionType:
            signal._declaration.by_function(function)
            signal.__doc__ = function.__doc__
        else:
            problem = (
                f"Signal.declare takes a function, not {shown(function)}: "
                "write @Signal.declare above def pizza_done(sender, ...)"
            )
            refuse(TypeError(problem))
        declared: BaseSignal[DeclaredSenderT, Keywords, DeclaredResponseT, DeclaredP] = signal
        return declared

    def connected(
        self,
        receiver: ReceiverOf[SenderT, P],
        sender: object = None,
        dispatch_uid: Hashable = None,
    ) -> AbstractContextManager[None]:
        """
        Return a context manager that connects *receiver* inside its block, and keeps it alive::

            with pizza_done.connected(lambda **kwargs: baked.append(kwargs)):
                bake()

        If the same *receiver* (or *dispatch_uid*) and *sender* are already connected, nothing is
        changed, neither inside the block nor after it.

        Args:
            receiver: as for ``connect``.
            sender: the only sender to connect to, compared by identity; None for all senders.
            dispatch_uid: identifies the receiver, instead of its identity.

        Raises:
            ReceiverTypeError, ReceiverSignatureError, DeclarationError, TypeError: when the block
                is entered, as ``connect`` does.
        """
        return _Connected(self, receiver, sender=sender, dispatch_uid=dispatch_uid)

    def _check_use_caching(self, use_caching: object) -> None:
        """
        Refuse a type as *use_caching*: ``Signal(PizzaDone)`` would be an untyped signal.
        """
        if issubclass(type(use_caching), (type, GenericAlias)):
            cls = shortened(type(self).__name__)
            problem = (
                f"{cls}() does not accept types, such as {shown(use_caching)}: write them in "
                f"brackets, as in {cls}[object, PizzaDone]()"
            )
            refuse(TypeError(problem))

    def __set_name__(self, owner: type, name: str) -> None:
        self._declaration.in_class(owner, name)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._declaration.name_of(self)}>"

    def _check_connect(
        self,
        receiver: object,
        sender: object = None,
        weak: bool = True,
        dispatch_uid: Hashable = None,
    ) -> bool:
        """
        Return True if ``connect`` accepts these arguments; otherwise refuse them.
        """
        if not (self._check_keys(sender, dispatch_uid) and self._check_contract(receiver)):
            return False
        is_weak = weak if weak is True else as_bool("weak", weak)
        if is_weak is None:
            return False
        # Most receivers are functions.
        can_connect = not is_weak or type(receiver) is FunctionType or can_be_weak(receiver)
        return can_connect or self._refuse_weak(receiver)

    def _check_keys(self, _sender: object, dispatch_uid: Hashable) -> bool:
        """
        Return True if these can identify a connection; otherwise refuse them.
        """
        return receiver_key(None, dispatch_uid) is not None

    def _check_contract(self, receiver: object) -> bool:
        """
        Return True if *receiver* may be connected: it accepts every send, or only a function that
        it wraps does not, or ``configure`` lets it through. Otherwise refuse it.

        Warns:
            ContractWarning: it or a function that it wraps does not accept every send.

        Raises:
            ReceiverTypeError: it is not callable, or cannot be inspected.
            ReceiverSignatureError: its parameters do not fit.
            DeclarationError: the declaration of the signal is invalid.
        """
        try:
            payload = self._declaration.payload_of(self)
        except DeclarationError as error:
            return refuse(error)
        if clearly_fits(receiver, payload):
            return True
        refusal = refusal_of(receiver, payload, self._find_reason)
        return refusal is None or refusal.announce(self, self._declaration.name_of(self))

    def _find_reason(self, _receiver: object) -> str | None:
        """
        Return a reason of the engine to refuse a callable. Whatever it raises is a reason, too.
        """
        return None

    def _refuse_weak(self, receiver: object) -> bool:
        refusal = not_a_receiver(receiver, not_weak_problem(receiver))
        return refusal.announce(self, self._declaration.name_of(self))


@final
class _Connected:
    """
    What ``connected`` returns.
    """

    def __init__(
        self, signal: BaseSignal[Any, Any], receiver: Callable[..., Any], **arguments: Any
    ) -> None:
        self._signal = signal
        self._receiver = receiver
        self._arguments = arguments
        self._entered: list[_Block] = []

    def __repr__(self) -> str:
        return f"<{receiver_name(self._receiver)} connected to {self._signal!r}>"

    def __enter__(self) -> None:
        signal, receiver, arguments = self._signal, self._receiver, self._arguments
        sender, dispatch_uid = arguments["sender"], arguments["dispatch_uid"]
        # Under mypy, a refused receiver raises no error, and is not connected.
        is_right = signal._check_connect(receiver, sender, weak=False, dispatch_uid=dispatch_uid)
        key = signal._key_of(receiver, sender, dispatch_uid)
        with _lock_of_blocks:
            block = next((each for each in _open_blocks(signal) if each.key == key), None)
            if block is None:
                is_connected = signal._is_connected(receiver, sender, dispatch_uid)
                block = _Block(key, must_connect=is_right and not is_connected)
                if block.must_connect:
                    with already_checked(receiver):
                        signal.connect(receiver, weak=False, **arguments)
                _open_blocks(signal).append(block)
            block.count += 1
        self._entered.append(block)

    def __exit__(self, *_raised: object) -> None:
        block = self._entered.pop()
        with _lock_of_blocks:
            block.count -= 1
            if not block.count:
                _open_blocks(self._signal).remove(block)
                if block.must_connect:
                    self._signal.disconnect(self._receiver, **self._arguments)


@final
class _Block:
    """
    The open ``with`` blocks for one connection.

    Attributes:
        key: the key of the connection.
        must_connect: whether the blocks connect, and the last one disconnects.
        count: how many blocks are open.
    """

    def __init__(self, key: object, *, must_connect: bool) -> None:
        self.key = key
        self.must_connect = must_connect
        self.count = 0


# Re-entrant, because connecting may run code of users.
_lock_of_blocks: Any = RLock()
if hasattr(os, "register_at_fork"):
    # Another thread of the parent may hold it.
    os.register_at_fork(after_in_child=_lock_of_blocks._at_fork_reinit)


def _open_blocks(signal: BaseSignal[Any, Any]) -> list[_Block]:
    # Not vars(): between two calls, another thread may delete an empty dictionary, as sends do.
    blocks: list[_Block] = signal.__dict__.setdefault("_open_blocks", [])
    return blocks
