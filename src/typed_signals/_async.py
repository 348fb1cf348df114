"""
Awaiting receivers, and crossing between sync and async.

``asgiref`` is imported where the two meet, and only there.
"""

from __future__ import annotations

import asyncio
import contextvars
from functools import partial
from typing import TYPE_CHECKING, Any

from ._dispatch import call, call_robust, log_failure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ._dispatch import Receiver, Responses


def has_running_loop() -> bool:
    """
    Tell whether this thread is inside an event loop, where one cannot wait for async code.
    """
    return asyncio._get_running_loop() is not None


def wait_for_all(
    receivers: Sequence[Receiver], arguments: Mapping[str, Any], *, robust: str | None
) -> Responses:
    """
    Run async receivers to their end from sync code.

    Args:
        receivers: the async receivers.
        arguments: the keywords to call them with.
        robust: the method to name in the log, if an ``Exception`` is to stand in place of the
            response.
    """
    from asgiref.sync import async_to_sync

    return async_to_sync(await_all)(receivers, arguments, robust=robust)


async def call_in_thread(
    receivers: Sequence[Receiver], arguments: Mapping[str, Any], *, robust: str | None
) -> Responses:
    """
    Call sync receivers from async code, all in one hop to asgiref's thread for sync code.
    """
    from asgiref.sync import sync_to_async

    if robust is None:
        return await sync_to_async(call)(receivers, arguments)
    return await sync_to_async(call_robust)(receivers, arguments, robust)


async def await_all(
    receivers: Sequence[Receiver], arguments: Mapping[str, Any], *, robust: str | None
) -> Responses:
    """
    Await all receivers at once; they share one copy of the caller's context.

    What they change in the context is given back to the caller, also when one fails. A single
    failure is raised as itself, several as the group of ``asyncio.TaskGroup``.
    """
    responses: list[Any] = [None] * len(receivers)
    run = _await_one if robust is None else partial(_await_robust, method=robust)

    async def respond(index: int, receiver: Receiver) -> None:
        # The call stands inside the task: should it fail, no other coroutine is left unawaited.
        responses[index] = await run(receiver, arguments)

    context = contextvars.copy_context()
    failure: BaseException | None = None
    try:
        async with asyncio.TaskGroup() as tasks:
            for index, receiver in enumerate(receivers):
                tasks.create_task(respond(index, receiver), context=context)
    except BaseExceptionGroup as group:
        failure = group.exceptions[0] if len(group.exceptions) == 1 else group
    finally:
        _adopt(context)
    if failure is not None:
        raise failure
    return list(zip(receivers, responses, strict=True))


async def _await_one(receiver: Receiver, arguments: Mapping[str, Any]) -> Any:
    return await receiver(**arguments)


async def _await_robust(receiver: Receiver, arguments: Mapping[str, Any], method: str) -> Any:
    try:
        return await receiver(**arguments)
    except Exception as error:  # noqa: BLE001 - that is what robust means
        log_failure(receiver, error, method)
        return error


def _adopt(context: contextvars.Context) -> None:
    """
    Set in the current context what differs in *context*.
    """
    missing = object()
    for variable, value in context.items():
        if variable.get(missing) is not value:
            variable.set(value)
