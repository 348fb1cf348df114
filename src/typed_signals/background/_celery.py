"""
``CeleryTasks``: Celery runs receivers in the background.
"""

from __future__ import annotations

import os
from functools import cached_property, partial
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, final
from weakref import WeakSet

try:
    from celery import Celery
    from celery.signals import import_modules
    from kombu import pools
except ImportError as error:
    raise ImportError("Celery is not installed: install typed-signals[celery]") from error

from typed_signals._shared.messages import shown
from typed_signals.exceptions import DeliveryError, UnknownNameError, UnknownReceiverError

from ._delivery import Options, options_problem
from ._run import run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from celery.app.task import Context, Task
    from celery.result import AsyncResult

    from ._delivery import Delivery

TASK_NAME: Final = "typed_signals.run_receiver"

# Celery's options of the task, unless others are passed.
_DEFAULTS: Final[dict[str, Any]] = {
    # At least once: a worker only removes a delivery from its queue after it has run the receiver.
    "acks_late": True,
    "reject_on_worker_lost": True,
    # Since Celery 5.7. Before, a delivery that kills its process each time is started for ever.
    "retry_on_worker_lost": True,
    # A backend of results would get one for each send, which nobody fetches.
    "ignore_result": True,
    # A delivery that is broken stays so.
    "dont_autoretry_for": (DeliveryError,),
}


@final
class CeleryTasks:
    """
    An engine that runs receivers in the workers of a Celery application.

    ::

        app = Celery("shop", broker="amqp://")
        background = Background(CeleryTasks(app, queue="mail", include=["shop.receivers"]))

    The application has one task for all receivers. Its options are those of any task of Celery;
    these are set if they are not passed: ``acks_late``, ``reject_on_worker_lost``,
    ``retry_on_worker_lost`` (Celery 5.7), ``ignore_result``, and
    ``dont_autoretry_for=(DeliveryError,)``.

    If a worker does not know the receiver, Celery retries the delivery: the worker may run an older
    release than the sender.
    """

    name = "celery"
    in_process = False
    can_await = False

    def __init__(
        self,
        app: Celery,
        *,
        queue: str | None = None,
        priority: int | None = None,
        include: Sequence[str] = (),
        task_name: str = TASK_NAME,
        **task_options: Any,
    ) -> None:
        """
        Args:
            app: the Celery application.
            queue: the queue for receivers that do not state one; None for what the application
                does by default.
            priority: likewise, the priority, in the numbers of the broker.
            include: the modules with the receivers, which each worker imports. With Django, the
                apps already do this.
            task_name: the name of the task; the same in senders and workers.
            task_options: those of ``app.task``: ``autoretry_for``, ``max_retries``, ``time_limit``
                and others.

        Raises:
            TypeError: an argument has the wrong type; or the application has this task with other
                options, which need another *task_name*.
        """
        if not isinstance(app, Celery):
            raise TypeError(f"CeleryTasks() takes a Celery application, not {shown(app)}")
        if problem := options_problem(queue, priority):
            raise TypeError(problem)
        if isinstance(include, str):
            raise TypeError(
                f"include must be a list of the names of modules, not {shown(include)}: pass "
                f"[{shown(include)}]"
            )
        # It may be `celery.current_app`.
        self._app = getattr(app, "_get_current_object", lambda: app)()
        self._options = Options(queue, priority)
        self._declared_task = _task_of(self._app, task_name, {**_DEFAULTS, **task_options})
        if include:
            import_modules.connect(partial(_include, tuple(include)), sender=self._app, weak=False)

    @cached_property
    def task(self) -> Task[[str], None]:
        """
        The task. It is made at its first use, when the application is configured.

        Raises:
            TypeError: the application has another task with this name.
        """
        task = self._declared_task
        function = getattr(task.__wrapped__, "__func__", None)
        if function is not run_receiver:
            raise TypeError(
                f"the Celery application has another task {task.name!r}: pass another task_name to "
                "CeleryTasks"
            )
        return task  # type: ignore[no-any-return]

    def enqueue(self, delivery: Delivery, text: str) -> AsyncResult[None]:
        """
        Send the task for *text* to the broker, and return Celery's result.

        It is logged, and listed by Flower, with the name of the receiver.
        """
        options = delivery.options.or_else(self._options)
        chosen: dict[str, Any] = {"task_id": delivery.id, "shadow": delivery.receiver}
        # None would replace what the application does by default.
        if options.queue is not None:
            chosen["queue"] = options.queue
        if options.priority is not None:
            chosen["priority"] = options.priority
        return self.task.apply_async((text,), **chosen)

    def problems(self, options: Options | None = None) -> Iterator[tuple[str, str]]:
        """
        Yield what the configuration of the application lacks for deliveries to run at least once,
        and how to change this.

        Args:
            options: those of a receiver.
        """
        task = self.task
        if not (task.acks_late and task.reject_on_worker_lost):
            yield LOST_WITH_WORKER
        driver = self._app.connection_for_write().get_transport_cls().driver_type
        if driver == "memory":
            yield IN_MEMORY
        elif driver == "redis":
            yield from _problems_on_redis(self._app.conf, task)
        elif driver == "amqp":
            stated = (options or Options()).or_else(self._options)
            yield from _problems_on_rabbitmq(self._app, task, stated.queue)


def run_receiver(task: Task[[str], None], text: str) -> None:
    """
    Run the receiver of a delivery of typed-signals.
    """
    try:
        run(text, _attempt_of(task.request))
    except (UnknownReceiverError, UnknownNameError) as error:
        raise task.retry(exc=error) from None


def _attempt_of(request: Context) -> int:
    """
    Return 1 if the receiver is started for the first time; more if it may have been started before.

    Celery counts its retries. A broker only says that it has delivered a message before.
    """
    redelivered = (request.delivery_info or {}).get("redelivered", False)
    return (request.retries or 0) + 1 + bool(redelivered)


_apps: Final[WeakSet[Celery]] = WeakSet()
_lock = Lock()


def _task_of(app: Celery, name: str, options: dict[str, Any]) -> Any:
    """
    Return the task of *app* with this *name*, which is declared if there is none.
    """
    with _lock:
        _apps.add(app)
        tasks = vars(app).setdefault("_typed_signals_tasks", {})
        if name not in tasks:
            declare: Any = app.task(bind=True, name=name, shared=False, **options)
            tasks[name] = options, declare(run_receiver)
        known, task = tasks[name]
    if known != options:
        raise TypeError(
            f"the Celery application has the task {name!r} with other options: pass another "
            "task_name to CeleryTasks"
        )
    return task


def _include(modules: tuple[str, ...], sender: Celery, **_: Any) -> None:
    """
    Import *modules* in a worker.
    """
    for module in modules:
        sender.loader.import_task_module(module)


# Each is what is wrong, and how to fix it.
LOST_WITH_WORKER: Final = (
    (
        "Celery removes a delivery from its queue before the receiver has run, so it is lost when "
        "the worker is killed"
    ),
    "set acks_late and reject_on_worker_lost of the task to True",
)
IN_MEMORY: Final = "the broker of Celery is in the memory of one process", "set broker_url"
NO_TIMEOUT: Final = (
    (
        "the broker_transport_options of Celery do not state a visibility_timeout, so a delivery "
        "whose worker is killed starts again after an hour, and a receiver that takes longer "
        "starts twice"
    ),
    "state a number of seconds that no receiver takes",
)
NOT_CONFIRMED: Final = (
    (
        "Celery does not wait until RabbitMQ has stored a delivery, so one can be lost without an "
        "error when RabbitMQ stops"
    ),
    'set broker_transport_options = {"confirm_publish": True}',
)
NOT_PERSISTENT: Final = (
    "RabbitMQ only keeps deliveries in its memory, and loses them when it stops",
    'set task_default_delivery_mode = "persistent"',
)


def _problems_on_redis(conf: Any, task: Any) -> Iterator[tuple[str, str]]:
    stated = conf.broker_transport_options.get("visibility_timeout")
    if stated is None:
        yield NO_TIMEOUT
        return
    limits = {
        "time_limit": task.time_limit or conf.task_time_limit,
        "default_retry_delay": task.default_retry_delay,
    }
    for name, seconds in limits.items():
        if seconds and seconds >= stated:
            what = (
                f"the visibility_timeout of Celery is {stated} seconds, and the {name} {seconds}: "
                "a delivery that takes so long starts twice"
            )
            yield what, f"state a visibility_timeout of more than {seconds} seconds"


def _problems_on_rabbitmq(
    app: Celery, task: Any, queue_name: str | None
) -> Iterator[tuple[str, str]]:
    conf = app.conf
    if not conf.broker_transport_options.get("confirm_publish"):
        yield NOT_CONFIRMED
    name = queue_name or getattr(task, "queue", None) or conf.task_default_queue
    queue = app.amqp.queues.get(name)
    mode = conf.task_default_delivery_mode
    if queue is not None:
        mode = queue.exchange.delivery_mode or mode
        if not queue.durable or queue.auto_delete or queue.exclusive:
            what = f"the queue {queue.name!r} is deleted when RabbitMQ or the worker stops"
            yield what, "declare it as durable, and neither as exclusive nor with auto_delete"
    if getattr(task, "delivery_mode", mode) in {1, "transient"}:
        yield NOT_PERSISTENT


def _forget_connections() -> None:
    """
    Close the connections of the parent in a process that it has forked.

    Celery does this itself in the processes of a worker, but not in those that a server such as
    Gunicorn forks after its application has sent.
    """
    pools.reset()
    for app in list(_apps):
        app._after_fork()  # type: ignore[attr-defined]  # is not public


getattr(os, "register_at_fork", dict)(after_in_child=_forget_connections)
