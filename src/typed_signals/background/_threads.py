"""
``Threads``: runs receivers in threads of the same process.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import Context, ContextVar
from typing import TYPE_CHECKING, Any, Final, final
from weakref import WeakSet

from typed_signals._shared.logs import log
from typed_signals._shared.messages import shown

from ._run import run

if TYPE_CHECKING:
    from ._delivery import Delivery


@final
class Threads:
    """
    An engine that runs receivers in a few threads of the same process.

    It needs no server, and keeps deliveries in memory: those that wait or run are lost if the
    process is killed. When the interpreter exits, it waits until all of them have run. A forked
    process does not run what its parent has enqueued.

    What a receiver raises is logged by the logger ``typed_signals``, and not tried again. The
    result of a delivery is a ``concurrent.futures.Future`` with the response.

    Each receiver runs in an empty context (``contextvars``), and after it, the thread closes its
    connections to Django's databases.
    """

    name = "threads"
    in_process = True
    can_await = True

    def __init__(self, max_workers: int = 4, max_queued: int = 1000) -> None:
        """
        Args:
            max_workers: the number of threads.
            max_queued: the number of deliveries that may wait for a thread. Further sends wait for
                room, except in receivers that these threads run: these never wait.

        Raises:
            TypeError: one of them is not an int.
            ValueError: one of them is not positive.
        """
        for name, number in (("max_workers", max_workers), ("max_queued", max_queued)):
            if type(number) is not int:
                raise TypeError(f"{name} must be an int, not {shown(number)}")
            if number < 1:
                raise ValueError(f"{name} must be positive, not {number}")
        self._max_workers = max_workers
        self._most_pending = max_workers + max_queued
        self._start()
        _all.add(self)

    def _start(self) -> None:
        """
        Begin without deliveries, also in a forked process, where the threads do not exist.
        """
        self._pool = ThreadPoolExecutor(self._max_workers, "typed-signals")
        self._pending: set[Future[Any]] = set()
        # Guards what is pending. Re-entrant, because a finalizer may send.
        self._changed = threading.Condition()
        if (celery := sys.modules.get("celery.signals")) is not None:
            # Its processes end without an exit of the interpreter.
            celery.worker_process_shutdown.connect(_drain_all, weak=False)

    def __repr__(self) -> str:
        return f"<Threads max_workers={self._max_workers} pending={len(self._pending)}>"

    def enqueue(self, delivery: Delivery, text: str) -> Future[Any]:
        """
        Let a thread run *text*, as soon as one is free.
        """
        with self._changed:
            if _runs_here.get() is None:
                self._changed.wait_for(lambda: len(self._pending) < self._most_pending)
            if not _is_exiting:
                future = self._pool.submit(Context().run, _run_in_thread, self, delivery, text)
                self._pending.add(future)
                future.add_done_callback(self._forget)
                return future
        # Without the lock: the receiver may wait for a thread that sends.
        return _completed(self, delivery, text)

    def _forget(self, future: Future[Any]) -> None:
        with self._changed:
            self._pending.discard(future)
            self._changed.notify_all()

    def drain(self, timeout: float | None = None) -> bool:
        """
        Wait until everything that was enqueued has run, also what receivers enqueue meanwhile.

        Args:
            timeout: how many seconds to wait at most; None for no limit.

        Returns:
            Whether everything has run.

        Raises:
            RuntimeError: a receiver that runs here calls it without a limit, and so would wait for
                itself.
        """
        if timeout is None and _runs_here.get() is self:
            raise RuntimeError(
                "drain() waits for all receivers, so one of them would wait for itself: call it "
                "elsewhere, or pass a timeout"
            )
        with self._changed:
            return self._changed.wait_for(lambda: not self._pending, timeout)


# The engine of the receiver that runs here. It must not wait for room: all threads could wait for
# each other.
_runs_here: Final[ContextVar[Threads | None]] = ContextVar("typed_signals_runs_here", default=None)


def _run_logged(threads: Threads, delivery: Delivery, text: str) -> Any:
    _runs_here.set(threads)
    try:
        return run(text)
    except BaseException as error:
        message = "Error calling %s in the background of %s, delivery %s (%s)"
        named = (delivery.receiver, delivery.signal, delivery.id, error)
        log("error", message, *named, error=error, delivery=delivery)
        raise


def _run_in_thread(threads: Threads, delivery: Delivery, text: str) -> Any:
    try:
        return _run_logged(threads, delivery, text)
    finally:
        _close_connections()


def _close_connections() -> None:
    """
    Close the connections of this thread to Django's databases.
    """
    conf, db = (sys.modules.get(name) for name in ("django.conf", "django.db"))
    if conf is not None and db is not None and conf.settings.configured:
        db.connections.close_all()


def _completed(threads: Threads, delivery: Delivery, text: str) -> Future[Any]:
    """
    Return the result of a delivery that runs at once, because no thread can be started any more.
    """
    future: Future[Any] = Future()
    try:
        future.set_result(Context().run(_run_logged, threads, delivery, text))
    except BaseException as error:  # noqa: BLE001 - as in a thread
        future.set_exception(error)
    return future


_all: Final[WeakSet[Threads]] = WeakSet()
_is_exiting = False


def _drain_all(**_kwargs: object) -> None:
    global _is_exiting  # noqa: PLW0603 - of the process
    _is_exiting = True
    for threads in list(_all):
        threads.drain()


def _start_all() -> None:
    for threads in list(_all):
        threads._start()


# Before the executors of others are shut down, which receivers may use: that of this module was
# imported, and so registered, before.
getattr(threading, "_register_atexit", atexit.register)(_drain_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_all)
