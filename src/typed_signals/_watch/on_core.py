"""
How the signals of the core are watched: their sends take another path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, final

from typed_signals._base import BaseSignal
from typed_signals._send.choice import take_path
from typed_signals._send.engine import SENDS
from typed_signals._send.loops import call
from typed_signals._send.plain import asend_to, send_to_async
from typed_signals._send.stand_in import with_receivers
from typed_signals._shared.named_objects import named_objects
from typed_signals._signal import Signal

from .sending import Sending

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typed_signals._send.loops import Responses

    from .audience import Audience


@final
class WatchedPath:
    """
    The sends of a watched signal of ours.

    Attributes:
        audience: its watchers.
    """

    def __init__(
        self,
        audience: Audience,
        send: Callable[[Sending, Any, str, Any, dict[str, Any]], Responses],
        asend: Callable[[Sending, Any, str, Any, dict[str, Any]], Any],
    ) -> None:
        """
        Args:
            audience: the watchers of the signal.
            send: calls the receivers for a sync send: of a signal, by this method, for a sender,
                with an accepted payload.
            asend: the same for an async one.
        """
        self.audience = audience
        self._sends = {
            method: _async_send(audience, method, asend)
            if method.startswith("a")
            else _sync_send(audience, method, send)
            for method in SENDS
        }

    def __call__(self, method: str) -> Callable[..., Any]:
        return self._sends[method]

    def hears(self, signal: Any, sender: Any) -> bool:
        """
        Return whether a watcher wants to know of sends from *sender* without receivers.
        """
        return self.audience.hears(signal, sender)


def _sync_send(audience: Audience, method: str, call_receivers: Any) -> Callable[..., Any]:
    def send(self: Any, /, sender: object, *args: object, **payload: object) -> Responses:
        named: Any = self._declaration.accepted(self, method, args, payload)
        if named is None:
            return []
        if (callbacks := audience.callbacks(self)) is None:
            responses: Responses = self._engine.send_dict(self, method, sender, named)
            return responses
        sending = Sending(callbacks, self, method, sender, named)
        with sending:
            responses = call_receivers(sending, self, method, sender, named)
        return sending.returned(responses)

    return send


def _async_send(audience: Audience, method: str, call_receivers: Any) -> Callable[..., Any]:
    async def asend(self: Any, /, sender: object, *args: object, **payload: object) -> Responses:
        named: Any = self._declaration.accepted(self, method, args, payload)
        if named is None:
            return []
        if (callbacks := audience.callbacks(self)) is None:
            responses: Responses = await self._engine.asend_dict(self, method, sender, named)
            return responses
        sending = Sending(callbacks, self, method, sender, named)
        with sending:
            responses = await call_receivers(sending, self, method, sender, named)
        return sending.returned(responses)

    return asend


def _send(
    sending: Sending, signal: Any, method: str, sender: object, payload: dict[str, Any]
) -> Responses:
    sync, asynchronous = signal._connections.live(sender)
    asynchronous = sending.stand_ins(asynchronous, are_async=True)
    if asynchronous:
        sync = sending.stand_ins(sync, are_async=False)
        return with_receivers(send_to_async(signal, method, sender, (sync, asynchronous), payload))
    sync = sending.unmuted(sync)
    if sending.observes:
        return sending.call_each(sync)
    return call(method, sync, {"signal": signal, "sender": sender, **payload})


async def _asend(
    sending: Sending, signal: Any, method: str, sender: object, payload: dict[str, Any]
) -> Responses:
    sync, asynchronous = signal._connections.live(sender)
    receivers = (
        sending.stand_ins(sync, are_async=False),
        sending.stand_ins(asynchronous, are_async=True),
    )
    return with_receivers(await asend_to(signal, method, sender, receivers, payload))


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
        for module, path, value in named_objects():
            if self.is_one(value):
                name = self.name_of(value)
                yield f"{module}.{path}" if name.startswith("<") else name, value

    def name_of(self, signal: Any) -> str:
        name: str = signal._declaration.name_of(signal)
        return name

    def set_audience(self, signal: Any, audience: Audience | None) -> None:
        take_path(signal, None if audience is None else WatchedPath(audience, _send, _asend))

    def audience_of(self, signal: Any) -> Audience | None:
        path: Any = signal._path
        return None if path is None else path.audience


CORE: Final = _CoreSignals()
