"""
What a watcher is asked and told about the sends of a signal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Self, final

from typed_signals._base import KwargsT, SenderT
from typed_signals._shared.callables import receiver_name
from typed_signals._shared.messages import shortened, shown

from .by_name import known_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typed_signals._send.loops import Responses


@final
class Sent(Generic[SenderT, KwargsT]):
    """
    A send of a watched signal.

    Type parameters:
        SenderT: the type of senders of the signal.
        KwargsT: the type of its payload.

    Attributes:
        signal: the signal.
        method: the name of the send method.
        sender: the sender.
        payload: the payload, by key.
        responses: what the send returned; None before its end, and if it raised.
        error: what it raised; None before its end, and if it returned.
    """

    __slots__ = ("error", "method", "payload", "responses", "sender", "signal")

    signal: Any
    method: str
    sender: SenderT
    payload: KwargsT
    responses: Responses | None
    error: BaseException | None

    def __init__(
        self,
        *,
        signal: Any,
        method: str,
        sender: SenderT,
        payload: KwargsT,
        responses: Responses | None = None,
        error: BaseException | None = None,
    ) -> None:
        self.signal = signal
        self.method = method
        self.sender = sender
        self.payload = payload
        self.responses = responses
        self.error = error

    @property
    def signal_name(self) -> str:
        """
        The name of the signal, as ``list_signals`` shows it.
        """
        return known_name(self.signal)

    def __deepcopy__(self, _memo: Mapping[int, object]) -> Self:
        # Django's TestCase copies for each test what setUpTestData stores in the class.
        return self

    def __repr__(self) -> str:
        payload: Any = self.payload
        given = [described_sender(self.sender)]
        given += [f"{key}={shown(value)}" for key, value in payload.items()]
        return f"<{self.signal_name}.{self.method}({', '.join(given)})>"


def described_sender(sender: object) -> str:
    """
    Return *sender* for messages: the name of a class, as in code.
    """
    return shortened(sender.__qualname__) if isinstance(sender, type) else shown(sender)


@final
class Call:
    """
    The call of a receiver of a watched signal.

    Both callbacks of an observer get the same object.

    Attributes:
        signal: the signal.
        sender: the sender.
        receiver: the receiver.
        payload: the payload, by key.
        seconds: how long the receiver ran, to its end if it is async; 0.0 before.
        response: what it returned; None before, and if it raised.
        error: what it raised; None before, and if it returned.
    """

    __slots__ = (
        "__weakref__",
        "_delivery",
        "error",
        "payload",
        "receiver",
        "response",
        "seconds",
        "sender",
        "signal",
    )

    signal: Any
    sender: Any
    receiver: Any
    payload: Mapping[str, Any]
    seconds: float
    response: Any
    error: BaseException | None

    def __init__(
        self,
        signal: Any,
        sender: Any,
        receiver: Any,
        payload: Mapping[str, Any],
        delivery: object = None,
    ) -> None:
        self.signal = signal
        self.sender = sender
        self.receiver = receiver
        self.payload = payload
        self.seconds = 0.0
        self.response = None
        self.error = None
        if delivery is not None:
            self._delivery = delivery

    @property
    def delivery(self) -> Any:
        """
        The :class:`~typed_signals.background.Delivery` of a receiver that runs in the background;
        None if the send calls it. Then *payload* and *sender* are what has travelled.
        """
        # Most calls are made without it, in less time.
        return getattr(self, "_delivery", None)

    @property
    def signal_name(self) -> str:
        """
        The name of the signal, as ``list_signals`` shows it.
        """
        return known_name(self.signal)

    @property
    def receiver_name(self) -> str:
        """
        The name of the receiver: its module and qualified name.
        """
        return receiver_name(self.receiver)

    def __repr__(self) -> str:
        return f"<Call of {self.receiver_name} by {self.signal_name}>"


class Watcher:
    """
    The base class of watchers, with methods that do nothing. Those that a subclass does not define
    cost nothing.

    They are called in the thread and the context of the send or the receiver. What ``before`` and
    ``after`` raise is logged. What the others raise breaks the send.
    """

    __slots__ = ()

    def does(self, method: str) -> bool:
        """
        Return whether this *method* has to be called.
        """
        return getattr(type(self), method) is not getattr(Watcher, method)

    def is_muted(self, _signal: Any, _sender: Any, _receiver: Any) -> bool:
        """
        Return whether a send from this sender does not call this receiver.
        """
        return False

    def hears(self, _signal: Any, _sender: Any) -> bool:
        """
        Return whether ``has_listeners`` is true for this sender, also without receivers.
        """
        return False

    def checks(self, _record: Sent[Any, Any]) -> None:
        """
        Raise an error for each send that is refused, before other watchers are told of it.
        """

    def starts(self, _record: Sent[Any, Any]) -> None:
        """
        Be told of each send, before it calls receivers.
        """

    def sent(self, _record: Sent[Any, Any]) -> None:
        """
        Be told of each send at its end, whether it returned or raised, with the same record.

        A payload that was refused was not sent.
        """

    def before(self, _call: Call) -> None:
        """
        Be told of each call of a receiver, before it.
        """

    def after(self, _call: Call) -> None:
        """
        Be told of each call of a receiver, after it.
        """

    def stopped(self) -> None:
        """
        Be told that it does not watch any more.
        """
