"""
How blinker's signals are watched.

This is only imported if blinker is.
"""

from __future__ import annotations

from functools import update_wrapper
from inspect import iscoroutinefunction
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final, final

from blinker import Signal as BlinkerSignal
from blinker import base

from typed_signals._connect.references import referent
from typed_signals._send.stand_in import behind
from typed_signals._shared.messages import shown
from typed_signals._shared.named_objects import named_objects

from .class_swap import ClassSwap
from .sending import Present, Sending

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from typed_signals._send.loops import Responses

    from .audience import Audience
    from .class_swap import Beneath

_sent_by_blinker: Final = Present("typed_signals.sent_by_blinker")


class _BlinkerInner(BlinkerSignal):  # type: ignore[misc]  # known only where it is installed
    """
    Blinker's sends, with the receivers themselves in responses.
    """

    __slots__ = ()

    # Not with super(): another thread may stop watching while one of these starts.

    def send(self, *sender: Any, **named: Any) -> Responses:
        return _unwrapped(BlinkerSignal.send(self, *sender, **named))

    async def send_async(self, *sender: Any, **named: Any) -> Responses:
        return _unwrapped(await BlinkerSignal.send_async(self, *sender, **named))


def _unwrapped(responses: Iterable[tuple[Any, Any]]) -> Responses:
    return [(_unwrapped_one(receiver), response) for receiver, response in responses]


def _unwrapped_one(receiver: Any) -> Any:
    # Not for other objects, because a mock has any attribute.
    is_function = type(receiver) is FunctionType
    return vars(receiver).get(_OF, receiver) if is_function else behind(receiver)


# Blinker asks for functions, so an async stand-in is one, with the receiver in this attribute.
_OF: Final = "_typed_signals_receiver"


def _as_function(stand_in: Any) -> Any:
    async def call(*args: Any, **kwargs: Any) -> Any:
        return await stand_in(*args, **kwargs)

    receiver = behind(stand_in)
    if receiver is stand_in:
        return receiver
    update_wrapper(call, receiver)
    setattr(call, _OF, receiver)
    return call


def _methods_for_blinker(_public: type, beneath: Beneath) -> dict[str, Any]:
    def receivers_for(self: Any, sender: Any) -> Iterator[Any]:
        sending = _sent_by_blinker.of(self)
        if sending is None:
            yield from beneath("receivers_for")(self, sender)
            return
        for receiver in beneath("receivers_for")(self, sender):
            is_async = iscoroutinefunction(receiver)
            for stand_in in sending.stand_ins([receiver], are_async=is_async):
                yield _as_function(stand_in) if is_async else stand_in

    def has_receivers_for(self: Any, sender: Any) -> bool:
        audience = BLINKERS.audience_of(self)
        has_any: bool = beneath("has_receivers_for")(self, sender)
        return has_any or (audience is not None and audience.hears(self, sender))

    return {
        "has_receivers_for": has_receivers_for,
        "receivers_for": receivers_for,
        "send": _blinkers_send(beneath),
        "send_async": _blinkers_send_async(beneath),
    }


def _begin(signal: Any, method: str, sender: Any, named: dict[str, Any]) -> Sending | None:
    audience = BLINKERS.audience_of(signal)
    callbacks = None if audience is None else audience.callbacks(signal)
    if callbacks is None:
        return None
    wrappers = ("_async_wrapper", "_sync_wrapper")
    payload = {key: value for key, value in named.items() if key not in wrappers}
    return Sending(callbacks, signal, method, sender, payload)


def _blinkers_send(beneath: Beneath) -> Callable[..., Responses]:
    def send(self: Any, sender: Any = None, /, **named: Any) -> Responses:
        call = beneath("send")
        sending = _begin(self, "send", sender, named)
        if sending is None:
            with _sent_by_blinker.during(None):
                responses: Responses = call(self, sender, **named)
            return responses
        with sending, _sent_by_blinker.during(sending):
            responses = call(self, sender, **named)
        return sending.returned(_unwrapped(responses))

    return send


def _blinkers_send_async(beneath: Beneath) -> Callable[..., Any]:
    async def send_async(self: Any, sender: Any = None, /, **named: Any) -> Responses:
        call = beneath("send_async")
        sending = _begin(self, "send_async", sender, named)
        if sending is None:
            with _sent_by_blinker.during(None):
                responses: Responses = await call(self, sender, **named)
            return responses
        with sending, _sent_by_blinker.during(sending):
            responses = await call(self, sender, **named)
        return sending.returned(_unwrapped(responses))

    return send_async


@final
class _BlinkersSignals:
    """
    Blinker's signals.
    """

    constructor = (BlinkerSignal, "__init__")

    def is_one(self, value: object) -> bool:
        # The type is asked, because objects may raise when they are asked for their class.
        return issubclass(type(value), BlinkerSignal)

    def named(self) -> Iterator[tuple[str, Any]]:
        for module, path, value in named_objects(BlinkerSignal):
            yield f"{module}.{path}", value

    def name_of(self, signal: Any) -> str:
        blinkers = vars(signal).get("name")
        name = blinkers if isinstance(blinkers, str) else shown(signal)
        return next((found for found, value in self.named() if value is signal), name)

    def receivers_of(self, signal: Any) -> Iterator[Any]:
        return map(referent, list(signal.receivers.values()))

    def set_audience(self, signal: Any, audience: Audience | None) -> None:
        if hasattr(base, "hashable_identity"):  # before 1.8; sends return other responses there
            raise TypeError(f"{shown(signal)} cannot be watched: install blinker 1.8 or newer")
        _blinkers_swap.set_audience(signal, audience)

    def audience_of(self, signal: Any) -> Audience | None:
        return _blinkers_swap.audience_of(signal)


_blinkers_swap: Final = ClassSwap(BlinkerSignal, _BlinkerInner, _methods_for_blinker)
BLINKERS: Final = _BlinkersSignals()
