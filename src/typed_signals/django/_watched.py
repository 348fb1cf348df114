"""
How signals on Django's dispatcher are watched, Django's own and ours.

While a signal is watched, it has a subclass of its class. There, ``_live_receivers`` returns what
calls the receivers and tells watchers, and Django's sends call that: they await, log and use caches
as always, and so do tools that replace methods of Django's classes.
"""

from __future__ import annotations

from functools import partial
from time import perf_counter
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final, final

from django.dispatch import Signal as DjangoSignal

from typed_signals._base import BaseSignal
from typed_signals._connect.connection import is_deferring
from typed_signals._connect.identity import receiver_key
from typed_signals._connect.references import referent
from typed_signals._send.choice import take_path
from typed_signals._send.engine import PUBLIC, SENDS
from typed_signals._send.stand_in import behind, with_receivers
from typed_signals._shared.callables import MOST_LAYERS
from typed_signals._watch.class_swap import ClassSwap
from typed_signals._watch.generated import observed_codes
from typed_signals._watch.on_core import WatchedPath
from typed_signals._watch.sending import Present, Sending, call_and_tell
from typed_signals._watch.telling import note_observer, tell
from typed_signals._watch.watcher import Call

from ._django_engine import (
    DJANGO,
    LIVE_RECEIVERS,
    ORIGINAL,
    asend_to_found,
    find_route,
    receivers_to_call,
    send_to,
)
from ._find_signals import find_signals, signal_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from typed_signals._send.loops import Responses
    from typed_signals._watch.audience import Audience
    from typed_signals._watch.class_swap import Beneath

_sent: Final = Present("typed_signals.sent")


class _DjangoInner(DjangoSignal):
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


def _methods_for_django(public: Any, beneath: Beneath) -> dict[str, Any]:
    def live_receivers(self: Any, sender: Any) -> tuple[list[Any], list[Any]]:
        receivers: tuple[list[Any], list[Any]] = beneath("_live_receivers")(self, sender)
        if (sending := _sent.of(self)) is None:
            return receivers
        if public._live_receivers is not LIVE_RECEIVERS:
            sending.wrapped = _receivers_in_wrappers(self, receivers)
        return sending.all_stand_ins(receivers)

    def has_listeners(self: Any, sender: Any = None) -> bool:
        audience = DJANGOS.audience_of(self)
        with _sent.during(None):  # a receiver may ask
            has_any: bool = beneath("has_listeners")(self, sender)
        return has_any or (audience is not None and audience.hears(self, sender))

    def log_robust_failure(self: Any, receiver: Any, err: Exception) -> None:
        beneath("_log_robust_failure")(self, behind(receiver), err)

    methods: dict[str, Any] = {
        "_live_receivers": live_receivers,
        "_log_robust_failure": log_robust_failure,
        "has_listeners": has_listeners,
    }
    if not issubclass(public, BaseSignal):  # of which the payload has to be checked first
        for method in SENDS:
            methods[method] = (
                _djangos_asend(method, beneath)
                if method.startswith("a")
                else _djangos_send(method, public, beneath)
            )
    return methods


def _receivers_in_wrappers(signal: Any, found: Iterable[Iterable[Any]]) -> dict[int, Any]:
    """
    Return the connected receivers that a tool has wrapped, by the id of the wrapper.

    A decorator of the user is no such wrapper: what it returned is connected.
    """
    chains = [[each, *_chain_of_wrapped(each)] for receivers in found for each in receivers]
    if all(len(chain) == 1 for chain in chains):
        return {}
    connected = {receiver_key(receiver, None) for receiver in _connected_objects(signal)}
    wrapped: dict[int, Any] = {}
    for wrapper, *others in chains:
        if receiver_key(wrapper, None) not in connected:
            for receiver in others:
                if receiver_key(receiver, None) in connected:
                    wrapped[id(wrapper)] = receiver
                    break
    return wrapped


def _connected_objects(signal: Any) -> Iterator[Any]:
    return (referent(entry[1]) for entry in list(signal.receivers))


def _chain_of_wrapped(receiver: Any) -> Iterator[Any]:
    for _ in range(MOST_LAYERS):
        try:
            receiver = receiver.__wrapped__
        except Exception:  # noqa: BLE001 - there is none, or user code raises
            return
        yield receiver


def _djangos_send(method: str, public: Any, beneath: Beneath) -> Callable[..., Any]:
    original, is_robust = ORIGINAL[method], method == "send_robust"
    fail = partial(_fail_like_django, method)
    new = object.__new__

    def send(self: Any, sender: Any, **named: Any) -> Responses:
        try:
            audience: Audience | None = self._watching  # as audience_of(), in less time
        except AttributeError:  # another thread has just stopped watching
            audience = None
        if (
            audience is not None
            and (observers := audience.observers) is not None
            # In less time than with getattr().
            and (public.send_robust if is_robust else public.send) is original
            and public._live_receivers is LIVE_RECEIVERS
            and "_live_receivers" not in self.__dict__
        ):
            sync, asynchronous = LIVE_RECEIVERS(self, sender)
            if (
                len(sync) == 1
                and type(receiver := sync[0]) is FunctionType
                and not asynchronous
                and (after := observers.after) is not None
                and observers.before is None
            ):
                # What call_and_tell() does, in less time.
                start = perf_counter()
                try:
                    response = receiver(signal=self, sender=sender, **named)
                except BaseException as error:
                    seconds = perf_counter() - start
                    call = Call(self, sender, receiver, named)
                    call.seconds = seconds
                    response = fail(after, call, error)
                    if response is None:
                        del call  # the error refers to this frame
                        raise
                else:
                    seconds = perf_counter() - start
                    call = new(Call)
                    call.signal = self
                    call.sender = sender
                    call.receiver = receiver
                    call.payload = named
                    call.seconds = seconds
                    call.response = response
                    call.error = None
                    try:
                        after(call)
                    except Exception as error:  # noqa: BLE001 - an observer never breaks a send
                        note_observer(after, call, error)
                return [(receiver, response)]
            if not asynchronous:
                return call_and_tell(observers, sync, self, sender, named, fail=fail)
        beneath_send = beneath(method)
        return _send_in_django(beneath_send, self, sender, named, audience=audience, method=method)

    return send


def _send_in_django(
    original: Callable[..., Any],
    signal: Any,
    sender: Any,
    named: dict[str, Any],
    *,
    audience: Audience | None,
    method: str,
) -> Responses:
    callbacks = None if audience is None else audience.callbacks(signal)
    if callbacks is None:
        with _sent.during(None):
            responses: Responses = original(signal, sender, **named)
        return responses
    sending = Sending(callbacks, signal, method, sender, named)
    with sending, _sent.during(sending):
        responses = original(signal, sender, **named)
    return sending.returned(with_receivers(responses))


def _fail_like_django(
    method: str, observer: Callable[[Call], object] | None, call: Call, error: BaseException
) -> Any:
    """
    Tell *observer* of a *call* that raised *error*, and do what *method* of Django's signals does.

    Returns:
        The response of the receiver; None if *error* has to be raised.
    """
    call.error = error
    tell(observer, call)
    if method == "send" or not isinstance(error, Exception):
        return None
    call.signal._log_robust_failure(call.receiver, error)
    return error


def _djangos_asend(method: str, beneath: Beneath) -> Callable[..., Any]:
    async def asend(self: Any, sender: Any, **named: Any) -> Responses:
        audience = DJANGOS.audience_of(self)
        callbacks = None if audience is None else audience.callbacks(self)
        if callbacks is None:
            with _sent.during(None):
                responses: Responses = await beneath(method)(self, sender, **named)
            return responses
        sending = Sending(callbacks, self, method, sender, named)
        with sending, _sent.during(sending):
            responses = await beneath(method)(self, sender, **named)
        return sending.returned(with_receivers(responses))

    return asend


def _send_ours(
    sending: Sending, signal: Any, method: str, sender: object, payload: dict[str, Any]
) -> Responses:
    receivers = receivers_to_call(signal, method, sender)
    if receivers is None:
        with _sent.during(sending):
            responses: Responses = signal._engine.send_dict(signal, method, sender, payload)
        return with_receivers(responses)
    sync, asynchronous = receivers
    if not asynchronous:
        return sending.call_each(sync)
    receivers = sending.all_stand_ins(receivers)
    return with_receivers(send_to(signal, method, sender, receivers, payload))


async def _asend_ours(
    sending: Sending, signal: Any, method: str, sender: object, payload: dict[str, Any]
) -> Responses:
    receivers = receivers_to_call(signal, method, sender)
    if receivers is None:
        with _sent.during(sending):
            responses: Responses = await signal._engine.asend_dict(signal, method, sender, payload)
    else:
        receivers = sending.all_stand_ins(receivers)
        responses = await asend_to_found(signal, method, sender, receivers, payload)
    return with_receivers(responses)


_OBSERVED_ON_DJANGO: Final = observed_codes(
    DJANGO.code, partial(find_route, cls=f"_type(_self).{PUBLIC}")
)


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
        return signal_name(signal)

    def receivers_of(self, signal: Any) -> Iterator[Any]:
        for connected in _connected_objects(signal):
            yield connected.receiver if is_deferring(connected) else connected

    def set_audience(self, signal: Any, audience: Audience | None) -> None:
        is_ours = issubclass(type(signal), BaseSignal)
        if is_ours:
            codes = _OBSERVED_ON_DJANGO
            take_path(
                signal,
                audience and WatchedPath(audience, send=_send_ours, asend=_asend_ours, codes=codes),
            )
        try:
            _djangos_swap.set_audience(signal, audience)
        except Exception:
            if is_ours:
                take_path(signal, None)
            raise

    def audience_of(self, signal: Any) -> Audience | None:
        return _djangos_swap.audience_of(signal)


_djangos_swap: Final = ClassSwap(DjangoSignal, _DjangoInner, _methods_for_django)
DJANGOS: Final = _DjangosSignals()
