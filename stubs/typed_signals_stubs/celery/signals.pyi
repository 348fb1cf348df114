from collections.abc import Callable
from logging import Logger
from types import TracebackType
from typing import Any, NotRequired, TypedDict

from billiard.einfo import ExceptionInfo
from celery.app.base import Celery
from celery.app.task import Context, Task
from celery.app.utils import Settings
from celery.apps.worker import Worker
from celery.beat import Service
from celery.concurrency.asynpool import AsynPool
from celery.concurrency.eventlet import TaskPool
from celery.exceptions import Retry
from celery.worker.consumer.consumer import Consumer
from celery.worker.heartbeat import Heart
from celery.worker.request import Request
from celery.worker.worker import WorkController
from kombu.entity import Queue
from kombu.message import Message
from typed_signals_stubs.celery import Signal

# From the code of Celery 5.3 to 5.7. The arguments of a task are a list in a worker, and a tuple
# if the task is called. The body of a message depends on the protocol, and the caller may pass the
# exchange as an object.

class Nothing(TypedDict): ...

class BeforeTaskPublish(TypedDict):
    body: Any
    exchange: Any
    routing_key: Any
    declare: list[Queue] | None
    headers: dict[str, Any]
    properties: dict[str, Any]
    retry_policy: dict[str, Any] | None

class AfterTaskPublish(TypedDict):
    body: Any
    headers: dict[str, Any]
    exchange: Any
    routing_key: Any

class TaskSent(TypedDict):
    task_id: str
    task: str
    args: Any
    kwargs: dict[str, Any]
    eta: Any
    taskset: str | None

class TaskReceived(TypedDict):
    request: Request

class TaskPrerun(TypedDict):
    task_id: str
    task: Task
    args: Any
    kwargs: dict[str, Any]

class TaskPostrun(TypedDict):
    task_id: str
    task: Task
    args: Any
    kwargs: dict[str, Any]
    retval: Any
    state: str | None

class TaskSuccess(TypedDict):
    result: Any
    runtime: NotRequired[float]  # from 5.7

class TaskRetry(TypedDict):
    request: Context
    reason: NotRequired[Retry]  # not if the worker cancels the task
    einfo: ExceptionInfo | None

class TaskFailure(TypedDict):
    task_id: str
    exception: Exception
    args: Any
    kwargs: dict[str, Any]
    traceback: TracebackType | str | None  # the text, if the worker's main process sends it
    einfo: ExceptionInfo

class TaskInternalError(TypedDict):
    task_id: str
    args: Any
    kwargs: dict[str, Any]
    request: Any
    exception: Exception
    traceback: TracebackType | None
    einfo: ExceptionInfo

class TaskRevoked(TypedDict):
    request: Context
    terminated: bool
    signum: int | str | None
    expired: Any  # true, or false or None

class TaskRejected(TypedDict):
    message: Message
    exc: Exception | None

class TaskUnknown(TypedDict):
    message: Message
    exc: Exception
    name: str
    id: str

class WorkerSetup(TypedDict):
    instance: Worker
    conf: Settings

class WorkerInit(TypedDict):
    instance: Worker
    conf: Settings
    options: dict[str, Any]

class WorkerProcessShutdown(TypedDict):
    pid: int
    exitcode: int | None

class WorkerShuttingDown(TypedDict):
    sig: str
    how: str
    exitcode: int

class SetupLogging(TypedDict):
    loglevel: int
    logfile: Any
    format: str
    colorize: bool

class AfterSetupLogger(TypedDict):
    logger: Logger
    loglevel: int
    logfile: Any
    format: str
    colorize: bool

class PoolApply(TypedDict):
    target: Callable[..., Any]
    args: Any
    kwargs: Any

class PreloadOptions(TypedDict):
    app: Celery
    options: dict[str, Any]

# The sender is the name of the task.
before_task_publish: Signal[str, BeforeTaskPublish]
after_task_publish: Signal[str, AfterTaskPublish]
task_sent: Signal[str, TaskSent]

# The sender is the task itself, or the consumer that got the message.
task_received: Signal[Consumer, TaskReceived]
task_prerun: Signal[Task, TaskPrerun]
task_postrun: Signal[Task, TaskPostrun]
task_success: Signal[Task, TaskSuccess]
task_retry: Signal[Task, TaskRetry]
task_failure: Signal[Task, TaskFailure]
task_internal_error: Signal[Task, TaskInternalError]
task_revoked: Signal[Task, TaskRevoked]
task_rejected: Signal[Consumer, TaskRejected]
task_unknown: Signal[Consumer, TaskUnknown]

# The sender is the host name of the worker.
celeryd_init: Signal[str, WorkerInit]
celeryd_after_setup: Signal[str, WorkerSetup]
worker_shutting_down: Signal[str, WorkerShuttingDown]
# Before 5.7, it is None for these two.
worker_process_init: Signal[str | None, Nothing]
worker_process_shutdown: Signal[str | None, WorkerProcessShutdown]

import_modules: Signal[Celery, Nothing]
worker_init: Signal[WorkController, Nothing]
worker_before_create_process: Signal[AsynPool, Nothing]
worker_ready: Signal[Consumer, Nothing]
worker_shutdown: Signal[WorkController, Nothing]
heartbeat_sent: Signal[Heart, Nothing]

setup_logging: Signal[None, SetupLogging]
after_setup_logger: Signal[None, AfterSetupLogger]
after_setup_task_logger: Signal[None, AfterSetupLogger]

beat_init: Signal[Service, Nothing]
beat_embedded_init: Signal[Service, Nothing]

eventlet_pool_started: Signal[TaskPool, Nothing]
eventlet_pool_preshutdown: Signal[TaskPool, Nothing]
eventlet_pool_postshutdown: Signal[TaskPool, Nothing]
eventlet_pool_apply: Signal[TaskPool, PoolApply]

user_preload_options: Signal[Callable[..., Any], PreloadOptions]
