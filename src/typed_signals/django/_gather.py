"""
Await receivers as Django did before 6.1: as ``asyncio.gather`` does, each in a copy of the context.

The first failure is raised, and does not cancel the other receivers.
"""

from __future__ import annotations

import asyncio
import contextvars
from typing import TYPE_CHECKING, Any

from typed_signals._send.awaiting import coroutine_of, task_starter
from typed_signals._send.failures import note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typed_signals._send.loops import Receiver, Responses


async def gather(
    method: str, receivers: Sequence[Receiver], arguments: dict[str, Any]
) -> Responses:
    """
    Call and await async *receivers*.

    Args:
        method: the send method, which defines what happens if a receiver fails.
        receivers: the receivers.
        arguments: the keyword arguments of the calls.
    """
    start = task_starter()
    tasks = [
        start(coroutine_of(method, receiver, arguments), contextvars.copy_context())
        for receiver in receivers
    ]
    if not all(map(_has_succeeded, tasks)):
        try:
            # Most tasks end in their first step.
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            gathered = asyncio.gather(*tasks)
            if gathered.cancel():
                await gathered
            raise
    if not all(map(_has_succeeded, tasks)):
        try:
            await asyncio.gather(*tasks)
        except Exception as error:
            for receiver, task in zip(receivers, tasks, strict=True):
                if task.done() and not task.cancelled() and task.exception() is error:
                    note(error, arguments["signal"], receiver, method)
            raise
    return [(receiver, task.result()) for receiver, task in zip(receivers, tasks, strict=True)]


def _has_succeeded(task: asyncio.Task[Any]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None
