"""
Awaiting receivers, and crossing between sync and async.

``asgiref`` is imported where the two meet, and only there.
"""

from __future__ import annotations

import asyncio
import contextvars
import sys
from typing import TYPE_CHECKING, Any

from ._dispatch import call, failed

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping, Sequence

    from ._dispatch import Receiver, Responses


def has_running_loop() -> bool:
    """
    Tell whether this thread is inside an event loop, where one cannot wait for async code.
    """
    return asyncio._get_running_loop() is not None


def wait_for_all(
    method: str, receivers: Sequence[Receiver], arguments: Mapping[str, Any]
) -> Responses:
    """
    Run async receivers to their end from sync code.

    Args:
        method: the send whose rules to follow where one fails.
        receivers: the async receivers.
        arguments: the keywords to call them with.
    """
    from asgiref.sync import async_to_sync

    return async_to_sync(await_all)(method, receivers, arguments)


async def call_in_thread(
    method: str, receivers: Sequence[Receiver], arguments: Mapping[str, Any]
) -> Responses:
    """
    Call sync receivers from async code, all in one hop to asgiref's thread for sync code.
    """
    from asgiref.sync import sync_to_async

    return await sync_to_async(call)(method, receivers, arguments)


async def await_one(method: str, receiver: Receiver, arguments: Mapping[str, Any]) -> Any:
    """
    Await the only receiver, which takes no task of its own.
    """
    try:
        return await receiver(**arguments)
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        return None
    except Exception as error:
        if method.endswith("robust"):
            return failed(receiver, error, method)
        raise


async def await_all(
    method: str, receivers: Sequence[Receiver], arguments: Mapping[str, Any]
) -> Responses:
    """
    Await all receivers at once; what they change in the context is given back to the caller.

    A single failure is raised as itself, several as a ``BaseExceptionGroup``. As in an
    ``asyncio.TaskGroup``, the first failure cancels what still runs, and so does a cancellation of
    the caller; a receiver that is cancelled by itself responds with None.
    """
    if len(receivers) == 1:
        (receiver,) = receivers
        return [(receiver, await await_one(method, receiver, arguments))]
    is_robust = method.endswith("robust")
    tasks: list[asyncio.Task[Any]] = []

    async def respond(receiver: Receiver) -> Any:
        # The call stands in here too: should it fail, no other coroutine is left unawaited.
        try:
            return await receiver(**arguments)
        except (asyncio.CancelledError, GeneratorExit):
            raise
        except BaseException as error:
            if is_robust and isinstance(error, Exception):
                return failed(receiver, error, method)
            # Not at once: each receiver gets to its first await.
            asyncio.get_running_loop().call_soon(_cancel, tasks)
            raise

    # All run in one copy of the context, since tasks cannot run in the caller's own.
    context = contextvars.copy_context()
    try:
        tasks.extend(_start(respond(receiver), context) for receiver in receivers)
        responses = await _results(tasks)
    finally:
        _adopt(context)
        _cancel(tasks)  # those that still run, if starting one raised KeyboardInterrupt
        tasks.clear()  # they refer to this frame, so it would refer to itself
    return list(zip(receivers, responses, strict=True))


def _start(coroutine: Coroutine[Any, Any, Any], context: contextvars.Context) -> asyncio.Task[Any]:
    """
    Return a task that, where possible, has run up to its first wait for something.
    """
    loop = asyncio.get_running_loop()
    if sys.version_info >= (3, 12) and loop.get_task_factory() is None:
        return asyncio.Task(coroutine, loop=loop, context=context, eager_start=True)
    return loop.create_task(coroutine, context=context)


async def _results(tasks: Sequence[asyncio.Task[Any]]) -> list[Any]:
    """
    Wait for the end of all *tasks* and return their results, or raise why there are none.
    """
    cancelled: asyncio.CancelledError | None = None
    for task in tasks:
        while not task.done():
            try:
                await asyncio.wait((task,))
            except asyncio.CancelledError as error:
                cancelled = error
                _cancel(tasks)
    outcomes = [None if task.cancelled() else task.exception() for task in tasks]
    errors = [outcome for outcome in outcomes if outcome is not None]
    failure: BaseException | None = None
    if errors:
        failure = errors[0] if len(errors) == 1 else BaseExceptionGroup("receivers failed", errors)
    try:
        if cancelled is not None:
            raise cancelled from failure
        if failure is not None:
            raise failure
    finally:
        del cancelled, failure, errors, outcomes  # which refer to this frame by their tracebacks
    return [None if task.cancelled() else task.result() for task in tasks]


def _cancel(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()


def _adopt(context: contextvars.Context) -> None:
    """
    Set in the current context what differs in *context*.
    """
    missing = object()
    for variable, value in context.items():
        if variable.get(missing) is not value:
            variable.set(value)
