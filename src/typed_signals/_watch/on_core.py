"""
How the signals of the core are watched: their sends take another path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, final

from typed_signals._base import BaseSignal
from typed_signals._send.choice import take_path
from typed_signals._send.plain import asend_to, send_to_async
from typed_signals._send.stand_in import with_receivers
from typed_signals._shared.named_objects import named_objects
from typed_signals._signal import Signal

from .generated import observed_codes
from .kinds import has_name
from .sending import Sending

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from typed_signals._send.engine import Code
    from typed_signals._send.loops import Responses

    from .audience import Audience


@final
class WatchedPath:
    """
    The sends of a watched signal of ours.

    Attributes:
        audience: its watchers.
        code: the parts of generated methods, if the watchers only observe calls.
        before: then, is called before each receiver, if it is not None.
        after: the same, after it.
    """

    def __init__(
        self,
        audience: Audience,
        *,
        send: Callable[[Sending, Any, str, Any, dict[str, Any]], Responses],
        asend: Callable[[Sending, Any, str, Any, dict[str, Any]], Any],
        codes: Mapping[tuple[bool, bool], Code],
    ) -> None:
        """
        Args:
            audience: the watchers of the signal.
            send: calls the receivers for a sync send: of a signal, by this method, for a sender,
                with an accepted payload.
            asend: the same for an async one.
            codes: the parts of generated methods, by whether observers are told before and after.
        """
        self.audience = audience
        self._send = send
        self._asend = asend
        self.code: Code | None = None
        self.before = self.after = None
        if (observers := audience.observers) is not None:
            self.before, self.after = before, after = observers.before, observers.after
            self.code = codes[before is not None, after is not None]

    def hears(self, signal: Any, sender: Any) -> bool:
        """
        Return whether a watcher wants to know of sends from *sender* without receivers.
        """
        return self.audience.hears(signal, sender)

    def send_dict(
        self, signal: Any, method: str, sender: object, payload: dict[str, Any]
    ) -> Responses:
        """
        Run a sync *method* with an accepted payload.
        """
        if (callbacks := self.audience.callbacks(signal)) is None:
            responses: Responses = signal._engine.send_dict(signal, method, sender, payload)
            return responses
        sending = Sending(callbacks, signal, method, sender, payload)
        with sending:
            responses = self._send(sending, signal, method, sender, payload)
        return sending.returned(responses)

    async def asend_dict(
        self, signal: Any, method: str, sender: object, payload: dict[str, Any]
    ) -> Responses:
        """
        Run an async *method* with an accepted payload.
        """
        if (callbacks := self.audience.callbacks(signal)) is None:
            responses: Responses = await signal._engine.asend_dict(signal, method, sender, payload)
            return responses
        sending = Sending(callbacks, signal, method, sender, payload)
        with sending:
            responses = await self._asend(sending, signal, method, sender, payload)
        return sending.returned(responses)


def _send(
    sending: Sending, signal: Any, method: str, sender: object, payload: dict[str, Any]
) -> Responses:
    sync, asynchronous = signal._connections.live(sender)
    asynchronous = sending.unmuted(asynchronous)
    if not asynchronous:
        return sending.call_each(sync)
    receivers = sending.all_stand_ins((sync, asynchronous))
    return with_receivers(send_to_async(signal, method, sender, receivers, payload))


async def _asend(
    sending: Sending, signal: Any, method: str, sender: object, payload: dict[str, Any]
) -> Responses:
    receivers = sending.all_stand_ins(signal._connections.live(sender))
    return with_receivers(await asend_to(signal, method, sender, receivers, payload))


_OBSERVED: Final = observed_codes(Signal._engine.code)


@final
class _CoreSignals:
    """
    The signals of the core.
    """

    # Also those on Django's dispatcher.
    constructor = (BaseSignal, "__new__")

    def is_one(self, value: object) -> bool:
        # The type is asked, because objects may raise when they are asked for their class.
        return issubclass(type(value), Signal)

    def named(self) -> Iterator[tuple[str, Any]]:
        for module, path, value in named_objects(Signal):
            name = value._declaration.name_of(value)
            yield name if has_name(name) else f"{module}.{path}", value

    def name_of(self, signal: Any) -> str:
        name: str = signal._declaration.name_of(signal)
        if has_name(name):
            return name
        return next((found for found, value in self.named() if value is signal), name)

    def receivers_of(self, signal: Any) -> Iterator[Any]:
        return (each.receiver for each in signal.connections)

    def set_audience(self, signal: Any, audience: Audience | None) -> None:
        path = audience and WatchedPath(audience, send=_send, asend=_asend, codes=_OBSERVED)
        take_path(signal, path)

    def audience_of(self, signal: Any) -> Audience | None:
        path: Any = signal._path
        return None if path is None else path.audience


CORE: Final = _CoreSignals()
