"""
Receivers that run later than the send, on commit or in the background: watchers are told when they
run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .kinds import signal_kind
from .sending import Observed, Sending

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def observed(
    receiver: Callable[..., Any],
    arguments: Mapping[str, Any],
    *,
    delivery: object = None,
    is_async: bool = False,
) -> Callable[..., Any]:
    """
    Return what to call in place of *receiver* with *arguments*.

    Whether it is muted was decided by the send.

    Args:
        receiver: the receiver.
        arguments: those of the send; in the background, what has travelled of them.
        delivery: the delivery, in the background. It may be one of the arguments.
        is_async: whether what *receiver* returns is awaited.
    """
    signal = arguments["signal"]
    audience = signal_kind(signal).audience_of(signal)
    callbacks = None if audience is None else audience.callbacks(signal)
    if callbacks is None:
        return receiver
    payload = {
        key: value
        for key, value in arguments.items()
        if key not in ("signal", "sender") and (delivery is None or value is not delivery)
    }
    sender = arguments.get("sender")
    sending = Sending(callbacks, signal, "send", sender, payload, is_told=True, delivery=delivery)
    return Observed(receiver, sending, is_async=is_async) if sending.observes else receiver
