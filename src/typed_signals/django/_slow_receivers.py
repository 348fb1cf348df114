"""
Log the receivers that are slow, as the setting ``SLOW_RECEIVER_SECONDS`` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typed_signals._observe import observe
from typed_signals._shared.logs import log

if TYPE_CHECKING:
    from typed_signals._observe import Observation
    from typed_signals._watch.watcher import Call


def log_slow_receivers(seconds: float) -> Observation:
    """
    Log a warning for each call of a receiver of any signal that takes at least as many *seconds*.
    """

    def tell(call: Call) -> None:
        if call.seconds < seconds:
            return
        log(
            "warning",
            "%s took %.3f s, called by %s%s",
            call.receiver_name,
            call.seconds,
            call.signal_name,
            "" if call.delivery is None else " in the background",
            signal=call.signal,
            sender=call.sender,
            receiver=call.receiver,
            seconds=call.seconds,
        )

    return observe("*", after=tell)
