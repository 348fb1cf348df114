"""
``Background``: connects receivers that run in the background.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, final, overload

from typed_signals._connect.identity import receiver_key
from typed_signals._connect.references import can_be_weak, not_weak_problem
from typed_signals._contract.refusal import not_a_receiver
from typed_signals._receiver import check_keywords, connects_nothing, is_declared, signals_in
from typed_signals._send.failures import add_text
from typed_signals._shared.messages import dispatch_uid_problem, shown
from typed_signals._shared.raising import as_bool, refuse
from typed_signals.exceptions import DeclarationError

from ._check import names_in, refusal_in_background
from ._connected import Enqueuing
from ._delivery import Options, options_problem
from ._engine import is_engine
from ._immediate import engine_in_place
from ._keys import is_django_signal, name_of
from ._registry import Registered, conflict_of, named_place, register

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Never, Protocol, TypeAlias

    from typed_signals._base import BaseSignal
    from typed_signals._receiver import Decorator
    from typed_signals._typing import Connectable, P, ReceiverOf, SenderT, SenderT_contra

    from ._connected import Schedule
    from ._delivery import Delivery
    from ._engine import Engine

ReceiverT = TypeVar("ReceiverT", bound="Callable[..., Any]")


if TYPE_CHECKING:
    # As those in typed_signals._typing, where "delivery" can only come before the keys. The plugin
    # for mypy accepts it anywhere.

    class SenderThenDelivery(Protocol[SenderT_contra, P]):
        """
        A receiver that starts with ``sender, delivery``.
        """

        def __call__(
            self, sender: SenderT_contra, delivery: Delivery, *args: P.args, **kwargs: P.kwargs
        ) -> Any: ...

    class DeliveryFirst(Protocol[P]):
        """
        A receiver that starts with ``delivery``.
        """

        def __call__(self, delivery: Delivery, *args: P.args, **kwargs: P.kwargs) -> Any: ...

    BackgroundReceiverOf: TypeAlias = (
        ReceiverOf[SenderT, P] | SenderThenDelivery[SenderT, P] | DeliveryFirst[P]
    )


class Background:
    """
    Connects receivers that an engine runs, usually in another process.

    ::

        background = Background(CeleryTasks(app, queue="mail"))

        @background.receiver(order_placed, sender=Shop)
        def ship(sender: type[Shop], order_id: UUID, **kwargs: Any) -> None: ...

    Such a receiver is one like any other: ``order_placed.disconnect(ship)`` disconnects it. A send
    encodes the payload, hands it to the engine, and gets a :class:`Delivery` as the response.
    """

    def __init__(
        self, engine: Engine, *, queue: str | None = None, priority: int | None = None
    ) -> None:
        """
        Args:
            engine: what runs the receivers.
            queue: the queue for those that do not state one; None for that of the engine.
            priority: likewise, the priority, in the numbers of the engine.

        Raises:
            TypeError: *engine* is not an engine, or the options have the wrong types.
        """
        if not is_engine(engine):
            call = ", an instance of it" if isinstance(engine, type) else ""
            raise TypeError(
                f"Background() takes an engine, not {shown(engine)}: pass one such as "
                f"CeleryTasks(app){call}"
            )
        if problem := options_problem(queue, priority):
            raise TypeError(problem)
        self._engine = engine
        self.options: Options = Options(queue, priority)

    @property
    def engine(self) -> Engine:
        """
        The engine that runs the receivers now.
        """
        return engine_in_place(self._engine)

    @property
    def known_engine(self) -> Engine | None:
        """
        The engine for which receivers are checked when they are connected; None if it is not known
        yet.
        """
        return self._engine

    def __repr__(self) -> str:
        engine = self.known_engine
        return f"<Background {'' if engine is None else engine.name}>"

    # An overload for our signals, because only their types have requirements of receivers.
    @overload
    def receiver(
        self,
        signal: BaseSignal[SenderT, Any, Any, P],
        *,
        sender: object = None,
        weak: bool = True,
        dispatch_uid: str | None = None,
        queue: str | None = None,
        priority: int | None = None,
        **connect_kwargs: Any,
    ) -> Decorator[BackgroundReceiverOf[SenderT, P], Never]: ...
    @overload
    def receiver(
        self,
        signal: Connectable[Any] | Sequence[object],
        *,
        sender: object = None,
        weak: bool = True,
        dispatch_uid: str | None = None,
        queue: str | None = None,
        priority: int | None = None,
        **connect_kwargs: Any,
    ) -> Decorator[Any, Never]: ...
    def receiver(
        self,
        signal: Any,
        *,
        sender: object = None,
        weak: bool = True,
        dispatch_uid: str | None = None,
        queue: str | None = None,
        priority: int | None = None,
        **connect_kwargs: Any,
    ) -> Any:
        """
        Connect the decorated function to a signal, or to each of a list or tuple of signals; it
        runs in the background.

        It may also name ``delivery``. A key whose type does not travel is not passed; a receiver
        that names one is refused. So is one that another process cannot find by its name.

        Args:
            signal: the signal or signals: ours, or Django's own.
            sender: as for ``connect``.
            weak: as for ``connect``.
            dispatch_uid: as for ``connect``; it is the key that a delivery carries, in place of the
                dotted name of the receiver, which may change then.
            queue: the name of the engine's queue.
            priority: the priority, in the numbers of the engine.
            connect_kwargs: passed to each ``connect``.

        Raises:
            TypeError: *signal* is not a signal, or an option has the wrong type. For the other
                arguments, the decorator raises the same errors as ``connect``.
        """
        signals = signals_in(signal)
        if signals is None or not check_arguments(signals, queue, priority):
            return connects_nothing()
        options = Options(queue, priority)
        arguments = {"sender": sender, "weak": weak, "dispatch_uid": dispatch_uid}
        return InBackground(self, signals, options, None, {**arguments, **connect_kwargs})

    def enqueue(self, delivery: Delivery, text: str) -> None:
        """
        Hand *delivery* to the engine.
        """
        engine = self.engine
        try:
            result = engine.enqueue(delivery, text)
        except Exception as error:
            if not engine.in_process:  # otherwise, it may be the error of the receiver
                add_text(
                    error,
                    lambda: (
                        f"Raised when the engine {engine.name!r} was passed the delivery "
                        f"{delivery.id} of {delivery.signal} to {delivery.receiver}"
                    ),
                )
            raise
        delivery._enqueued(result)

    def _checked(self, signal: Any, receiver: Any, arguments: dict[str, Any]) -> Registered | None:
        """
        Return how deliveries find *receiver* if it can be connected to *signal*; otherwise refuse
        it.

        Raises:
            ReceiverTypeError: it is not callable, cannot be found by another process, or cannot be
                weakly referenced.
            ReceiverSignatureError: its parameters do not fit, or one of them does not travel.
            DeclarationError: the declaration of the signal is invalid.
            TypeError: ``connect`` does not accept *arguments*.
        """
        name = name_of(signal)
        try:
            refusal = refusal_in_background(signal, name, receiver, self.known_engine)
        except DeclarationError as error:
            refuse(error)
            return None
        if refusal is not None and not refusal.announce(signal, name):
            return None
        if not (check_keywords(signal, arguments) and _check_usual(signal, arguments)):
            return None
        weak = as_bool("weak", arguments["weak"])
        if weak is None:
            return None
        if weak and not can_be_weak(receiver):
            not_a_receiver(receiver, not_weak_problem(receiver)).announce(signal, name)
            return None
        key = arguments["dispatch_uid"] or named_place(receiver)
        registered = Registered(signal, name, receiver, key, names_in(receiver))
        if (conflict := conflict_of(registered)) is not None:
            not_a_receiver(receiver, conflict).announce(signal, name)
            return None
        return registered


@final
class InBackground:
    """
    The return value of ``receiver(...)`` in the background: it connects what it is called with.
    """

    __slots__ = ("_arguments", "_background", "_options", "_schedule", "_signals")

    def __init__(
        self,
        background: Background,
        signals: Sequence[Any],
        options: Options,
        schedule: Schedule | None,
        arguments: dict[str, Any],
    ) -> None:
        """
        Args:
            background: what runs the receiver.
            signals: the signals to connect to.
            options: the queue and the priority.
            schedule: decides when it is enqueued; None for at once.
            arguments: those of ``connect``.
        """
        self._background = background
        self._signals = signals
        self._options = options
        self._schedule = schedule
        self._arguments = {"sender": None, "weak": True, "dispatch_uid": None, **arguments}

    def __call__(self, receiver: ReceiverT, /) -> ReceiverT:
        """
        Connect *receiver* to each of the signals, or to none, and return it unchanged.
        """
        background, arguments = self._background, self._arguments
        checked = [background._checked(each, receiver, arguments) for each in self._signals]
        for signal, registered in zip(self._signals, checked, strict=True):
            if registered is None:
                break  # in a run of mypy, where nothing is raised
            self._connect(signal, receiver, registered)
        return receiver

    def _connect(self, signal: Any, receiver: Any, registered: Registered) -> None:
        """
        Connect *receiver*, which was checked.
        """
        background, arguments = self._background, self._arguments
        weak = bool(arguments["weak"])
        options = self._options.or_else(background.options)
        connected = Enqueuing(receiver, registered, background, options, self._schedule, weak=weak)
        if weak:
            connected = connected.kept()
        key = arguments["dispatch_uid"] or receiver_key(receiver, None)
        # First, because another thread may send as soon as it is connected.
        register(connected.registered)
        signal.connect(connected, **{**arguments, "weak": weak, "dispatch_uid": key})


def check_arguments(signals: Sequence[Any], queue: object, priority: object) -> bool:
    """
    Return True if these arguments of ``receiver`` are valid; otherwise refuse them.
    """
    if problem := options_problem(queue, priority):
        return refuse(TypeError(problem))
    for signal in signals:
        if not (is_declared(signal) or is_django_signal(signal)):
            problem = (
                f"receivers of {shown(signal)} cannot run in the background: this works with "
                "signals of typed-signals and of Django"
            )
            return refuse(TypeError(problem))
    return True


def _check_usual(signal: Any, arguments: dict[str, Any]) -> bool:
    sender, dispatch_uid = arguments["sender"], arguments["dispatch_uid"]
    if dispatch_uid is not None and type(dispatch_uid) is not str:
        return refuse(TypeError(dispatch_uid_problem(shown(dispatch_uid))))
    return not is_declared(signal) or signal._check_keys(sender, dispatch_uid)
