"""
``run``: what an engine calls where the receiver runs.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

import msgspec

from typed_signals._send.failures import add_note
from typed_signals._shared.callables import returns_coroutine
from typed_signals._shared.messages import DELIVERY_NAME, listed, shortened, shown
from typed_signals.exceptions import DeliveryError, UnknownReceiverError

from ._codec import CannotTravel
from ._delivery import Delivery, from_text
from ._keys import keys_of
from ._registry import find, keys_of_receivers
from ._trace import continued

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._delivery import Content
    from ._keys import Keys
    from ._registry import Registered


def run(text: str, attempt: int = 1) -> Any:
    """
    Call the receiver of a delivery. The task of an engine does this, in the worker.

    Args:
        text: what the engine got to enqueue.
        attempt: 1, or more if the receiver may have been called for this delivery before.

    Returns:
        The response of the receiver.

    Raises:
        UnknownReceiverError: this process has not connected the receiver.
        UnknownNameError: the delivery names a class that this process has not imported.
        DeliveryError: *text* is not the text of a delivery, or of one that the declaration of the
            signal does not allow any more. No receiver was called.
        Exception: what the receiver raised.
    """
    content = from_text(text)
    signal, receiver, registered = _found(content)
    delivery = Delivery(
        content.signal,
        content.receiver,
        id=content.id,
        sent_at=content.sent_at,
        attempt=attempt,
    )
    keys = keys_of(signal)
    arguments = {"signal": signal, **_arguments_of(content, registered, keys)}
    if keys.is_passed_delivery(registered.named):
        arguments[DELIVERY_NAME] = delivery
    with continued(content.trace):
        return _call(receiver, arguments, delivery)


def _found(content: Content) -> tuple[Any, Any, Registered]:
    """
    Return the signal and the receiver of a delivery, and what is registered of them.
    """
    if (registered := find(content.signal, content.receiver)) is not None:
        signal, receiver = registered.signal, registered.receiver
        if signal is not None and receiver is not None:
            return signal, receiver, registered
    fix = "import the modules with the receivers in the worker"
    if known := keys_of_receivers(content.signal):
        uid = shown(content.receiver)
        fix = f"known are {listed(known)}; if it was renamed, pass dispatch_uid={uid} for it"
    raise UnknownReceiverError(
        f"{_described(content)} cannot run, because this process has not connected such a "
        f"receiver in the background: {fix}"
    )


def _arguments_of(content: Content, registered: Registered, keys: Keys) -> dict[str, Any]:
    """
    Return the arguments for the receiver.

    The sender may be of another release: keys that are not declared any more are dropped, and new
    optional ones are missing.

    Raises:
        DeliveryError: a required key is missing, or a value does not have the declared type.
    """
    arguments: dict[str, Any] = {}
    if content.sender is not msgspec.UNSET:
        arguments["sender"] = _loaded(content, "sender", keys.load_sender, content.sender)
    for key, encoded in content.payload.items():
        if (codec := keys.codecs.get(key)) is not None:
            arguments[key] = _loaded(content, key, codec.load, encoded)
    left_out = {*content.left_out, "sender"}.difference(registered.named)
    missing = {*keys.required, "sender"}.difference(arguments, left_out)
    if missing:
        raise DeliveryError(
            f"{_described(content)} has no {listed(sorted(missing))}, which this release requires: "
            "it was sent by another one; make a new key optional until such deliveries are gone"
        )
    return arguments


def _loaded(content: Content, key: str, load: Callable[[Any], Any], encoded: Any) -> Any:
    try:
        return load(encoded)
    except CannotTravel as error:
        raise DeliveryError(
            f"{_described(content)} has a value for {key!r} that does not fit the declaration: "
            f"{error.about(key)}"
        ) from error.__cause__


def _described(content: Content) -> str:
    id_, signal, receiver = map(_on_one_line, (content.id, content.signal, content.receiver))
    return f"the delivery {id_} of {signal} to {receiver}"


def _on_one_line(name: str) -> str:
    """
    Return *name* for messages: those who can enqueue must not be able to forge lines of a log.
    """
    return shortened(name if name.isprintable() else repr(name))


def _call(receiver: Any, arguments: dict[str, Any], delivery: Delivery) -> Any:
    call, is_awaited = receiver, returns_coroutine(receiver)
    # Otherwise, nothing has been watched.
    if "typed_signals._watch" in sys.modules:
        from typed_signals._watch.deferred import observed

        call = observed(receiver, arguments, delivery=delivery, is_async=is_awaited)
    try:
        return _await(call, arguments) if is_awaited else call(**arguments)
    except Exception as error:
        times = "" if delivery.attempt == 1 else f", attempt {delivery.attempt}"
        add_note(
            error,
            receiver,
            lambda: f"{delivery.signal} in the background (delivery {delivery.id}{times})",
        )
        raise


def _await(call: Any, arguments: dict[str, Any]) -> Any:
    from typed_signals._send.awaiting import has_running_loop, wait_for  # slow to import

    async def awaited() -> Any:
        return await call(**arguments)

    if not has_running_loop():
        return wait_for(awaited)
    # In place, in a sync send of async code: this thread cannot run another loop.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(copy_context().run, wait_for, awaited).result()
