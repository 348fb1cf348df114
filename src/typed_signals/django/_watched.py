"""
How signals on Django's dispatcher are watched, Django's own and ours.

While a signal is watched, it has a subclass of its class. There, ``_live_receivers`` returns what
calls the receivers and tells watchers, and Django's sends call that: they await, log and use caches
as always, and so do tools that replace methods of Django's classes. Between the class of the signal
and Django's ``Signal`` comes :class:`_Naming`, so that methods of other classes between them see
the receivers themselves in responses.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final, final
from weakref import WeakValueDictionary

from django.dispatch import Signal as DjangoSignal

from typed_signals._base import BaseSignal
from typed_signals._send.choice import take_path
from typed_signals._send.engine import SENDS
from typed_signals._send.stand_in import behind, with_receivers
from typed_signals._watch.on_core import WatchedPath
from typed_signals._watch.sending import Present, Sending

from ._find_signals import find_signals, signal_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from typed_signals._send.loops import Responses
    from typed_signals._watch.audience import Audience

# The attributes of a signal while it is watched.
_AUDIENCE: Final = "_watching"
_FOUND_NAME: Final = "_watched_name"

# The send that is looking for receivers, or calls them.
_sending: Final[ContextVar[Sending | None]] = ContextVar("typed_signals.sending", default=None)


class _Naming(DjangoSignal):
    """
    Django's sends, with the receivers themselves in responses.
    """

    __slots__ = ()

    # Not with super(): another thread may stop watching while one of these starts.

    def send(self, sender: Any, **named: Any) -> Responses:
        return with_receivers(DjangoSignal.send(self, sender, **named))

    def send_robust(self, sender: Any, **named: Any) -> Responses:
        return with_receivers(DjangoSignal.send_robust(self, sender, **named))

    async def asend(self, sender: Any, **named: Any) -> Responses:
        return with_receivers(await DjangoSignal.asend(self, sender, **named))

    async def asend_robust(self, sender: Any, **named: Any) -> Responses:
        return with_receivers(await DjangoSignal.asend_robust(self, sender, **named))


_watched_classes: Final[WeakValueDictionary[type, Any]] = WeakValueDictionary()


def _watched_class(public: type) -> Any:
    """
    Return the class of watched signals that are a *public* otherwise.
    """
    watched = _watched_classes.get(public)
    if watched is None:
        watched = _watched_classes[public] = _make_watched_class(public)
    return watched


def _make_watched_class(public: Any) -> Any:
    def beneath(name: str) -> Any:
        # A tool may replace it in the meantime.
        return getattr(super(watched, watched), name)

    def live_receivers(self: Any, sender: Any) -> tuple[list[Any], list[Any]]:
        sync, asynchronous = beneath("_live_receivers")(self, sender)
        sending = _sending.get()
        if sending is None or sending.signal is not self:
            return sync, asynchronous
        return (
            sending.stand_ins(sync, are_async=False),
            sending.stand_ins(asynchronous, are_async=True),
        )

    def has_listeners(self: Any, sender: Any = None) -> bool:
        audience = DJANGOS.audience_of(self)
        has_any: bool = beneath("has_listeners")(self, sender)
        return has_any or (audience is not None and audience.hears(self, sender))

    def log_robust_failure(self: Any, receiver: Any, err: Exception) -> None:
        beneath("_log_robust_failure")(self, behind(receiver), err)

    body = {
        "__doc__": public.__doc__,
        "__module__": public.__module__,
        "__qualname__": public.__qualname__,
        "__slots__": (),
        "_live_receivers": live_receivers,
        "_log_robust_failure": log_robust_failure,
        "has_listeners": has_listeners,
    }
    if not issubclass(public, BaseSignal):  # of which the payload has to be checked first
        for method in SENDS:
            make = _djangos_asend if method.startswith("a") else _djangos_send
            body[method] = make(method, beneath)
    own = () if public is DjangoSignal else (public,)
    watched: Any = type(public)(public.__name__, (*own, _Naming), body)
    return watched


def _djangos_send(method: str, beneath: Callable[[str], Any]) -> Callable[..., Any]:
    def send(self: Any, sender: Any, **named: Any) -> Responses:
        call = beneath(method)
        audience = DJANGOS.audience_of(self)
        callbacks = None if audience is None else audience.callbacks(self)
        if callbacks is None:
            responses: Responses = call(self, sender, **named)
            return responses
        sending = Sending(callbacks, self, method, sender, named)
        with sending, Present(_sending, sending):
            responses = call(self, sender, **named)
        return sending.returned(with_receivers(responses))

    return send


def _djangos_asend(method: str, beneath: Callable[[str], Any]) -> Callable[..., Any]:
    async def asend(self: Any, sender: Any, **named: Any) -> Responses:
        call = beneath(method)
        audience = DJANGOS.audience_of(self)
        callbacks = None if audience is None else audience.callbacks(self)
        if callbacks is None:
            responses: Responses = await call(self, sender, **named)
            return responses
        sending = Sending(callbacks, self, method, sender, named)
        with sending, Present(_sending, sending):
            responses = await call(self, sender, **named)
        return sending.returned(with_receivers(responses))

    return asend


def _send_ours(
    sending: Sending, signal: Any, method: str, sender: object, payload: dict[str, Any]
) -> Responses:
    with Present(_sending, sending):
        responses: Responses = signal._engine.send_dict(signal, method, sender, payload)
    return with_receivers(responses)


async def _asend_ours(
    sending: Sending, signal: Any, method: str, sender: object, payload: dict[str, Any]
) -> Responses:
    with Present(_sending, sending):
        responses: Responses = await signal._engine.asend_dict(signal, method, sender, payload)
    return with_receivers(responses)


@final
class _DjangosSignals:
    """
    The signals on Django's dispatcher.
    """

    constructor = (DjangoSignal, "__init__")

    def is_one(self, value: object) -> bool:
        # The type is asked, because objects may raise when they are asked for their class.
        return issubclass(type(value), DjangoSignal)

    def named(self) -> Iterator[tuple[str, Any]]:
        return ((name, signal) for name, signal in find_signals() if self.is_one(signal))

    def name_of(self, signal: Any) -> str:
        name: str = vars(signal).get(_FOUND_NAME) or signal_name(signal)
        if _AUDIENCE in vars(signal) and not name.startswith("<"):
            vars(signal)[_FOUND_NAME] = name  # finding it takes long
        return name

    def set_audience(self, signal: Any, audience: Audience | None) -> None:
        is_ours = issubclass(type(signal), BaseSignal)
        if is_ours:
            path = None if audience is None else WatchedPath(audience, _send_ours, _asend_ours)
            take_path(signal, path)
        cls = type(signal)
        is_watched = issubclass(cls, _Naming)
        if audience is None:
            vars(signal).pop(_AUDIENCE, None)
            vars(signal).pop(_FOUND_NAME, None)
            if is_watched:
                *own, _ = cls.__bases__
                signal.__class__ = own[0] if own else DjangoSignal
        else:
            vars(signal)[_AUDIENCE] = audience
            if not is_watched:
                signal.__class__ = _watched_class(cls)

    def audience_of(self, signal: Any) -> Audience | None:
        audience: Audience | None = vars(signal).get(_AUDIENCE)
        return audience


DJANGOS: Final = _DjangosSignals()
