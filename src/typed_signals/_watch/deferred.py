"""
Receivers that run later than the send, such as those on commit: watchers are told when they run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .kinds import signal_kind
from .sending import Observed, Sending

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def observed(receiver: Callable[..., Any], arguments: Mapping[str, Any]) -> Callable[..., Any]:
    """
    Return what to call in place of *receiver* with the *arguments* of a send.

    Whether it is muted was decided by the send.
    """
    signal = arguments["signal"]
    audience = signal_kind(signal).audience_of(signal)
    callbacks = None if audience is None else audience.callbacks(signal)
    if callbacks is None:
        return receiver
    payload = {key: value for key, value in arguments.items() if key not in ("signal", "sender")}
    sending = Sending(callbacks, signal, "send", arguments["sender"], payload, is_told=True)
    return Observed(receiver, sending, is_async=False) if sending.observes else receiver
