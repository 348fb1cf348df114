"""
What is connected to a signal in the place of a receiver that runs in the background.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol, final
from weakref import WeakKeyDictionary

import msgspec

from typed_signals._connect.connection import Deferral, Deferring
from typed_signals._connect.identity import receiver_key
from typed_signals._shared.messages import undeliverable_problem
from typed_signals.exceptions import UndeliverableError

from ._codec import CannotTravel
from ._delivery import Delivery, as_text
from ._keys import keys_of, may_change
from ._trace import sending

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from ._delivery import Options
    from ._engine import Engine
    from ._keys import Keys
    from ._registry import Registered


class Enqueues(Protocol):
    """
    What enqueues deliveries: a ``Background``.
    """

    @property
    def known_engine(self) -> Engine | None: ...

    def enqueue(self, delivery: Delivery, text: str) -> None: ...


class Schedule(Protocol):
    """
    Decides when a delivery is enqueued. It is hashable, and equal to others that decide the same.

    Attributes:
        on_commit: whether it waits until the transaction is committed.
    """

    @property
    def on_commit(self) -> bool: ...

    def __call__(self, enqueue: Callable[[], None], arguments: Mapping[str, Any]) -> None:
        """
        Call *enqueue*, now or later.

        Args:
            enqueue: enqueues the delivery; it has a ``__qualname__`` for logs.
            arguments: the arguments of the receiver.
        """


# A signal only has weak references. So these objects are stored here, by signal.
_kept: Final[WeakKeyDictionary[Any, dict[Hashable, Enqueuing]]] = WeakKeyDictionary()


@final
class Enqueuing(Deferring):
    """
    Enqueues a delivery for a receiver at each send, and responds with it.

    Attributes:
        background: what enqueues the receiver.
        registered: how deliveries find the receiver.
        options: the queue and the priority.
        schedule: decides when it is enqueued; None for at once.
    """

    def __init__(
        self,
        receiver: Any,
        registered: Registered,
        background: Enqueues,
        options: Options,
        schedule: Schedule | None,
        *,
        weak: bool,
    ) -> None:
        super().__init__(receiver, self._forget, weak=weak)
        self.background = background
        self.registered = registered
        self.options = options
        self.schedule = schedule
        self._keys: Keys | None = None
        does: tuple[Any, ...] = (registered.key, id(background), options, schedule)
        self._kept_under: Hashable = (receiver_key(receiver, None), *does)

    # When the interpreter exits, a receiver may die after the variables of this module.
    def _forget(self, _reference: object, kept: Mapping[Any, dict[Hashable, Any]] = _kept) -> None:
        """
        Delete this object with its receiver: only the dictionary refers to it.
        """
        if (signal := self.registered.signal) is not None:
            # In a collection of both, the signal may have gone from the dictionary before.
            kept.get(signal, {}).pop(self._kept_under, None)

    def kept(self) -> Enqueuing:
        """
        Return the object that does the same as this one, and stays until the receiver or the signal
        dies.
        """
        of_signal = _kept.setdefault(self.registered.signal, {})
        return of_signal.setdefault(self._kept_under, self)

    @property
    def deferral(self) -> Deferral:
        """
        How the receiver is called.
        """
        engine, schedule = self.background.known_engine, self.schedule
        return Deferral(
            on_commit=schedule is not None and schedule.on_commit,
            in_background=True,
            engine=None if engine is None else engine.name,
            queue=self.options.queue,
            priority=self.options.priority,
        )

    def __repr__(self) -> str:
        return f"<{self.__module__}.{vars(self)['__qualname__']} in the background>"

    def __call__(self, /, **named: Any) -> Delivery | None:
        """
        Enqueue a call of the receiver with *named*, and return the delivery.

        Raises:
            UndeliverableError: a value does not come back from the background as it is.
        """
        if (receiver := self.receiver) is None:
            return None
        registered = self.registered
        delivery = Delivery(registered.signal_name, registered.key, options=self.options)
        tracing = sending(named["signal"], named["sender"], receiver, delivery)
        if tracing is None:
            self._send(delivery, named, {})
        else:
            with tracing as headers:
                self._send(delivery, named, headers)
        return delivery

    def _send(
        self, delivery: Delivery, named: Mapping[str, Any], headers: Mapping[str, str]
    ) -> None:
        """
        Encode *delivery*, and enqueue it when it is time.
        """
        text = self._encoded(delivery, named, headers)
        enqueue = partial(self.background.enqueue, delivery, text)
        if self.schedule is None:
            enqueue()
        else:
            enqueue.__qualname__ = self.registered.key  # type: ignore[attr-defined]
            self.schedule(enqueue, named)

    def _encoded(
        self, delivery: Delivery, named: Mapping[str, Any], headers: Mapping[str, str]
    ) -> str:
        """
        Return the text of *delivery* with the arguments that travel.
        """
        keys = self._keys or self._read_keys(named["signal"])
        payload: dict[str, Any] = {}
        left_out: list[str] = []
        for key, codec in keys.codecs.items():
            if key in named:
                try:
                    payload[key] = codec.dump(named[key])
                except CannotTravel as error:
                    self._leave_out(key, error)
                    left_out.append(key)
        sender: Any = msgspec.UNSET
        try:
            sender = keys.dump_sender(named["sender"])
        except CannotTravel as error:
            self._leave_out("sender", error)
        return as_text(delivery, payload, sender, left_out, headers)

    def _read_keys(self, signal: Any) -> Keys:
        """
        Return what travels. When the receiver was connected, this may not have been known.
        """
        keys = keys_of(signal)
        for name, in_wrapped in self.registered.named.items():
            if not in_wrapped and (reason := keys.reason_against(name)) is not None:
                self._leave_out(name, reason)
        if not may_change(signal):
            self._keys = keys
        return keys

    def _leave_out(self, name: str, reason: CannotTravel) -> None:
        """
        Raise an error if the receiver names what does not travel.
        """
        registered = self.registered
        if name in registered.named:
            text = undeliverable_problem(
                registered.signal_name, registered.key, name, reason.about(name)
            )
            # Its own text is in this one.
            raise UndeliverableError(text, wrong=[name]) from reason.__cause__
