"""
``run``: what an engine calls where the receiver runs.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from typed_signals._send.failures import add_note
from typed_signals._shared.callables import is_async
from typed_signals._shared.messages import listed, suggest
from typed_signals.exceptions import DeliveryError, UnknownReceiverError

from ._check import DELIVERY
from ._codec import CannotTravel
from ._delivery import Delivery, from_text
from ._keys import keys_of
from ._registry import find, keys_of_signal
from ._senders import load_sender
from ._trace import continued

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._delivery import Content
    from ._registry import Registered


def run(text: str, attempt: int = 1) -> Any:
    """
    Call the receiver of a delivery. The task of an engine does this, in the worker.

    Args:
        text: what the engine got to enqueue.
        attempt: how many times this delivery has been started, with this one.

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
    receiver, registered = _receiver_of(content)
    delivery = Delivery(
        content.signal,
        content.receiver,
        id=content.id,
        sent_at=content.sent_at,
        attempt=attempt,
    )
    arguments = _arguments_of(content, registered)
    if registered.names_delivery:
        arguments[DELIVERY] = delivery
    with continued(content.trace):
        return _call(receiver, arguments, delivery)


def _receiver_of(content: Content) -> tuple[Any, Registered]:
    registered = find(content.signal, content.receiver)
    receiver = None if registered is None else registered.receiver
    if registered is None or receiver is None:
        known = keys_of_signal(content.signal)
        meant = suggest(content.receiver, known)
        if meant:
            fix = f"was it renamed? {meant!r} is known; with a dispatch_uid, the name may change"
        elif known:
            fix = f"known are {listed(known)}"
        else:
            fix = "import the modules with the receivers in the worker"
        raise UnknownReceiverError(
            f"{content.signal} has no receiver {content.receiver!r} in the background in this "
            f"process, so the delivery {content.id} cannot run: {fix}"
        )
    return receiver, registered


def _arguments_of(content: Content, registered: Registered) -> dict[str, Any]:
    """
    Return the arguments for the receiver.

    The sender may be of another release: keys that are not declared any more are dropped, and new
    optional ones are missing.

    Raises:
        DeliveryError: a required key is missing, or a value does not have the declared type.
    """
    signal = registered.signal
    keys = keys_of(signal)
    arguments: dict[str, Any] = {"signal": signal}
    if content.sender is not msgspec.UNSET:
        arguments["sender"] = _loaded(content, "sender", partial(load_sender, keys), content.sender)
    for key, encoded in content.payload.items():
        if (codec := keys.codecs.get(key)) is not None:
            arguments[key] = _loaded(content, key, codec.load, encoded)
    missing = keys.required.difference(arguments, content.left_out)
    if missing:
        names = listed(key for key in keys.payload.required if key in missing)
        raise DeliveryError(
            f"{_described(content)} has no {names}, which {keys.payload.name} requires: it was "
            "sent by a release that did not; make a new key optional until those deliveries are "
            "gone"
        )
    return arguments


def _loaded(content: Content, key: str, load: Callable[[Any], Any], encoded: Any) -> Any:
    try:
        return load(encoded)
    except CannotTravel as error:
        raise DeliveryError(
            f"{_described(content)} has a value for {key!r} that does not fit the declaration: "
            f"{error}"
        ) from error


def _described(content: Content) -> str:
    return f"the delivery {content.id} of {content.signal} to {content.receiver}"


def _call(receiver: Any, arguments: dict[str, Any], delivery: Delivery) -> Any:
    call, is_awaited = receiver, is_async(receiver)
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
    from asgiref.sync import async_to_sync  # slow to import

    async def awaited() -> Any:
        return await call(**arguments)

    return async_to_sync(awaited)()
