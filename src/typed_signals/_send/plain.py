"""
The plain sends: with any keys, in a dictionary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from typed_signals._shared.callables import receiver_name
from typed_signals._shared.raising import refuse
from typed_signals.exceptions import RunningLoopError

from .engine import SENDS
from .loops import call
from .stand_in import behind

if TYPE_CHECKING:
    from collections.abc import Callable

    from typed_signals._connect.table import Connections

    from .engine import Dispatching
    from .loops import Receiver, Responses

    class _Core(Dispatching):
        _connections: Connections


def send_dict(signal: _Core, method: str, sender: object, payload: dict[str, Any]) -> Responses:
    """
    Run a sync *method* of the core with an accepted payload.
    """
    sync, asynchronous = signal._connections.live(sender)
    if asynchronous:
        return send_to_async(signal, method, sender, (sync, asynchronous), payload)
    return call(method, sync, {"signal": signal, "sender": sender, **payload})


def send_to_async(
    signal: Dispatching,
    method: str,
    sender: object,
    receivers: tuple[list[Receiver], list[Receiver]],
    payload: dict[str, Any],
) -> Responses:
    """
    Run a sync *method* with async receivers.

    Args:
        signal: the signal.
        method: the send.
        sender: who sends.
        receivers: the sync and the async ones.
        payload: the accepted payload.
    """
    from .awaiting import has_running_loop, wait_for_all

    sync, asynchronous = receivers
    if has_running_loop():
        names = ", ".join(receiver_name(behind(receiver)) for receiver in asynchronous)
        name = signal._declaration.name_of(signal)
        short = "signal" if name.startswith("<") else name.rpartition(".")[2]
        problem = (
            f"{name}.{method}() cannot wait for its async receivers ({names}) inside a running "
            f"event loop: write await {short}.a{method}(...) in async code"
        )
        refuse(RunningLoopError(problem))
        return []
    arguments = {"signal": signal, "sender": sender, **payload}
    return call(method, sync, arguments) + wait_for_all(method, asynchronous, arguments)


async def asend_dict(
    signal: _Core, method: str, sender: object, payload: dict[str, Any]
) -> Responses:
    """
    Run an async *method* of the core with an accepted payload.
    """
    sync, asynchronous = signal._connections.live(sender)
    return await asend_to(signal, method, sender, (sync, asynchronous), payload)


async def asend_to(
    signal: Dispatching,
    method: str,
    sender: object,
    receivers: tuple[list[Receiver], list[Receiver]],
    payload: dict[str, Any],
) -> Responses:
    """
    Run an async *method*.

    Args:
        signal: the signal.
        method: the send.
        sender: who sends.
        receivers: the sync and the async ones.
        payload: the accepted payload.
    """
    sync, asynchronous = receivers
    if not sync and not asynchronous:
        return []
    from .awaiting import await_all, await_one, call_in_thread

    arguments = {"signal": signal, "sender": sender, **payload}
    if len(asynchronous) == 1 and not sync:
        (receiver,) = asynchronous
        return [(receiver, await await_one(method, receiver, arguments))]
    responses = await call_in_thread(method, sync, arguments) if sync else []
    if asynchronous:
        responses += await await_all(method, asynchronous, arguments)
    return responses


def run_dict(
    signal: Dispatching, method: str, sender: object, payload: dict[str, Any]
) -> Responses:
    """
    Run a sync *method* of any signal with an accepted payload.
    """
    path = signal._path
    return (signal._engine if path is None else path).send_dict(signal, method, sender, payload)


def _plain(method: str) -> Callable[..., Any]:
    def send(self: Dispatching, /, sender: object, *args: object, **payload: object) -> Responses:
        named = self._declaration.accepted(self, method, args, payload)
        return [] if named is None else run_dict(self, method, sender, named)

    async def asend(
        self: Dispatching, /, sender: object, *args: object, **payload: object
    ) -> Responses:
        named = self._declaration.accepted(self, method, args, payload)
        if named is None:
            return []
        path = self._path
        run = self._engine if path is None else path
        return await run.asend_dict(self, method, sender, named)

    return asend if method.startswith("a") else send


# The sends, as functions of the signal and the arguments.
PLAIN: Final = {method: _plain(method) for method in SENDS}
