"""
Await receivers, and call between sync and async code.

``asgiref`` is only imported for calls between the two.
"""

from __future__ import annotations

import asyncio
import contextvars
import sys
import threading
from collections.abc import Coroutine
from types import CoroutineType
from typing import TYPE_CHECKING, Any, Never

from .failures import failed, note
from .loops import call as call_sync

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from .loops import Receiver, Responses


def has_running_loop() -> bool:
    """
    Return whether this thread runs an event loop, so that sync code cannot wait for async code.
    """
    return asyncio._get_running_loop() is not None


def wait_for_all(
    method: str, receivers: Sequence[Receiver], arguments: Mapping[str, Any]
) -> Responses:
    """
    Run async receivers from sync code, and wait for them.

    Args:
        method: the send method, which defines what happens if a receiver fails.
        receivers: the async receivers.
        arguments: the keyword arguments of the call.
    """
    responses: Responses = wait_for(await_all, method, receivers, arguments)
    return responses


def wait_for(function: Callable[..., Coroutine[Any, Any, Any]], *args: Any, **named: Any) -> Any:
    """
    Call an async *function* from sync code, and return its result.
    """
    if _is_shutting_down():
        context = contextvars.copy_context()
        try:
            with asyncio.Runner() as runner:
                return runner.run(function(*args, **named), context=context)
        finally:
            _adopt(context)
    from asgiref.sync import async_to_sync

    return async_to_sync(function)(*args, **named)


async def call_in_thread(
    method: str, receivers: Sequence[Receiver], arguments: Mapping[str, Any]
) -> Responses:
    """
    Call sync receivers from async code, all in one call in asgiref's thread for sync code.
    """
    if _is_shutting_down():
        return call_sync(method, receivers, arguments)
    from asgiref.sync import sync_to_async

    return await sync_to_async(_call_in_future)(method, receivers, arguments)


def _call_in_future(
    method: str, receivers: Sequence[Receiver], arguments: Mapping[str, Any]
) -> Responses:
    """
    Call sync receivers in a future, which stores what they raise.
    """
    try:
        return call_sync(method, receivers, arguments)
    except StopIteration as error:
        # Before Python 3.13, awaiting a future that raises it never ends.
        failure = RuntimeError("a receiver raised StopIteration")
        for text in getattr(error, "__notes__", ()):
            failure.add_note(text)
        raise failure from error


def _is_shutting_down() -> bool:
    """
    Return whether the interpreter no longer waits for threads, as in ``atexit`` functions, or does
    so now. Then asgiref cannot start threads, in the second case only on Python 3.12.
    """
    is_waiting: bool = getattr(threading, "_SHUTTING_DOWN", False)
    return is_waiting or not threading.main_thread().is_alive()


async def await_one(method: str, receiver: Receiver, arguments: Mapping[str, Any]) -> Any:
    """
    Await the only receiver, without a new task.
    """
    try:
        return await receiver(**arguments)
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        return None
    except Exception as error:
        signal, sender = arguments["signal"], arguments["sender"]
        if method.endswith("robust"):
            return failed(signal, sender, receiver, error, method)
        note(error, signal, receiver, method)
        raise


async def await_all(
    method: str, receivers: Sequence[Receiver], arguments: Mapping[str, Any]
) -> Responses:
    """
    Await all receivers concurrently; their changes of the context apply to the caller.

    A single failure is raised unchanged, several as a ``BaseExceptionGroup``. As in an
    ``asyncio.TaskGroup``, the first failure cancels the other receivers, and so does a cancellation
    of the caller. The response of a receiver that cancels itself is None.
    """
    if len(receivers) == 1:
        (receiver,) = receivers
        return [(receiver, await await_one(method, receiver, arguments))]
    start = task_starter()
    # All run in one copy of the context, because tasks cannot run in the caller's context.
    context = contextvars.copy_context()
    tasks: list[asyncio.Task[Any]] = []
    try:
        tasks.extend(
            start(coroutine_of(method, receiver, arguments), context) for receiver in receivers
        )
        cancelled = await _wait_for(tasks)
        responses, failures = _results(method, receivers, arguments, tasks)
        failure = _as_one(failures)
        try:
            if cancelled is not None:
                raise cancelled from failure
            if failure is not None:
                raise failure
        finally:
            del cancelled, failure, failures  # their tracebacks refer to this frame
    finally:
        _adopt(context)
        _cancel(tasks)  # the running ones, if starting another raised KeyboardInterrupt
        tasks.clear()
    return list(zip(receivers, responses, strict=True))


def coroutine_of(
    method: str, receiver: Receiver, arguments: Mapping[str, Any]
) -> Coroutine[Any, Any, Any]:
    """
    Return the coroutine of *receiver*; one that fails if the call fails.

    So no coroutine of another receiver is left unawaited.
    """
    if method.endswith("robust"):
        return _call_robust(receiver, arguments, method)
    try:
        awaitable = receiver(**arguments)
    except Exception as error:  # noqa: BLE001 - raised when the coroutine is awaited
        return _fail(error)
    is_coroutine = type(awaitable) is CoroutineType or issubclass(type(awaitable), Coroutine)
    return awaitable if is_coroutine else _await(awaitable)


async def _call_robust(receiver: Receiver, arguments: Mapping[str, Any], method: str) -> Any:
    try:
        return await receiver(**arguments)
    except Exception as error:  # noqa: BLE001 - that is what robust means
        return failed(arguments["signal"], arguments["sender"], receiver, error, method)


async def _fail(error: Exception) -> Never:
    raise error


async def _await(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


def task_starter() -> Callable[[Coroutine[Any, Any, Any], contextvars.Context], asyncio.Task[Any]]:
    """
    Return a function that creates a task and, if possible, runs it to its first wait.
    """
    loop = asyncio.get_running_loop()
    if sys.version_info >= (3, 12) and loop.get_task_factory() is None:
        return lambda coroutine, context: asyncio.Task(
            coroutine, loop=loop, context=context, eager_start=True
        )
    return lambda coroutine, context: loop.create_task(coroutine, context=context)


async def _wait_for(tasks: Sequence[asyncio.Task[Any]]) -> asyncio.CancelledError | None:
    """
    Wait for all *tasks*; if one fails, or this task is cancelled, cancel the others.

    Returns:
        The cancellation of this task, if it was cancelled.
    """
    cancelled: asyncio.CancelledError | None = None
    has_yielded = is_cancelling = False
    while pending := [task for task in tasks if not task.done()]:
        if not is_cancelling and (cancelled is not None or any(map(_has_failed, tasks))):
            _cancel(pending)
            is_cancelling = True
        try:
            if has_yielded:
                await asyncio.wait(pending, return_when=asyncio.FIRST_EXCEPTION)
            else:
                # Most tasks end in their first step and need no setup.
                await asyncio.sleep(0)
        except asyncio.CancelledError as error:
            cancelled = error
        has_yielded = True
    return cancelled


def _results(
    method: str,
    receivers: Sequence[Receiver],
    arguments: Mapping[str, Any],
    tasks: Sequence[asyncio.Task[Any]],
) -> tuple[list[Any], list[BaseException]]:
    """
    Return the results and failures of finished *tasks*; the result of a cancelled one is None.
    """
    results: list[Any] = []
    failures: list[BaseException] = []
    for receiver, task in zip(receivers, tasks, strict=True):
        # Not with result(), which adds this frame to the traceback of the exception.
        try:
            failure = task.exception()
        except asyncio.CancelledError:
            results.append(None)
            continue
        if failure is None:
            results.append(task.result())
        else:
            note(failure, arguments["signal"], receiver, method)
            failures.append(failure)
    return results, failures


def _has_failed(task: asyncio.Task[Any]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is not None


def _as_one(failures: list[BaseException]) -> BaseException | None:
    if len(failures) > 1:
        return BaseExceptionGroup("several receivers failed", failures)
    return failures[0] if failures else None


def _cancel(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()


def _adopt(context: contextvars.Context) -> None:
    """
    Copy the changes in *context* to the current context.
    """
    missing = object()
    for variable, value in context.items():
        if variable.get(missing) is not value:
            variable.set(value)
