"""
Receivers and sends of Celery's signals, with the types of celery-types.
"""

from types import TracebackType
from typing import Any

from celery import Celery, Task, shared_task, signals
from celery.signals import (
    after_task_publish,
    before_task_publish,
    celeryd_init,
    setup_logging,
    task_failure,
    task_postrun,
    task_prerun,
    task_success,
    worker_process_init,
)
from celery.signals import task_revoked as revoked
from celery.utils.dispatch import Signal

from typed_signals import receiver

app = Celery("kitchen")


@shared_task
def bake(size: int) -> int:
    return size


# --- right ---


@task_failure.connect
def as_in_the_docs(
    sender=None, task_id=None, exception=None, args=None, kwargs=None, einfo=None, **more
): ...


@task_failure.connect
def positional(task_id=None, exception=None, traceback=None, *args, **kwargs):
    print(kwargs["args"], kwargs["kwargs"])


@task_prerun.connect(sender=bake)
@task_postrun.connect(sender=bake, weak=True, dispatch_uid="timed")
def timed(task_id: str, task: Task, signal: Signal, **kwargs: object) -> None: ...


@before_task_publish.connect
@after_task_publish.connect(sender="kitchen.bake")
def published(sender: str, headers: dict[str, Any], body: Any, **kwargs: Any) -> None: ...


@setup_logging.connect
@worker_process_init.connect
def anything(*args, **kwargs): ...


@receiver([task_prerun, task_postrun], sender=bake)
def under_our_decorator(sender, task_id, **kwargs): ...


@celeryd_init.connect(sender="worker@kitchen")
def configured(sender: str, conf=None, **kwargs): ...


@task_success.connect(retry=True)
def finished(result, runtime=0.0, **kwargs): ...


@app.on_after_configure.connect
def scheduled(sender: Celery, **kwargs: object) -> None: ...


@Celery.on_after_fork.connect
@app.on_after_finalize.connect(weak=False)
def finalized(sender, **kwargs): ...


task_prerun.connect(timed, sender=bake, weak=False, dispatch_uid="again")
task_prerun.connect(lambda **kwargs: None, weak=False)
task_success.send(sender=bake, result=3)
task_success.send_robust(bake, result=3, runtime=0.1)


# --- wrong ---


@task_failure.connect
# E: task_failure cannot connect of_another_signal: 'task' is never sent (TaskFailure does not declare it): remove the parameter or give it a default  [signal-parameter]
def of_another_signal(task_id, exception, task, **kwargs): ...


@signals.task_retry.connect(weak=False)
# E: signals.task_retry cannot connect not_if_cancelled: 'reason' is not always sent (it is optional in TaskRetry): give the parameter a default  [signal-parameter]
def not_if_cancelled(reason, **kwargs): ...


@task_success.connect
# E: task_success cannot connect without_kwargs: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
def without_kwargs(sender, result): ...


# E: task_prerun is never sent by "str": use a sender of type "Task[Any, Any]", or leave the sender out  [signal-sender]
@task_prerun.connect(sender="kitchen.bake")
def by_name(**kwargs): ...


# E: before_task_publish is never sent by "Task[[int], int]": use a sender of type "str", or leave the sender out  [signal-sender]
@before_task_publish.connect(sender=bake)
def by_task(**kwargs): ...


@task_prerun.connect
# E: task_prerun cannot connect never_awaited: it is async, but Celery does not await it: use 'def'  [signal-response]
async def never_awaited(task_id, **kwargs): ...


@task_failure.connect
# E: task_failure cannot connect only_in_the_child: 'traceback' has type "TracebackType | str | None" in TaskFailure, but the parameter is annotated "TracebackType": annotate it as "TracebackType | str | None"  [signal-type]
def only_in_the_child(traceback: TracebackType, **kwargs: object) -> None: ...


@task_success.connect
# E: task_success cannot connect number: 'signal' has type "Signal[Task[Any, Any], TaskSuccess]", but the parameter is annotated "int": annotate it as "Signal[Task[Any, Any], TaskSuccess]"  [signal-type]
def number(signal: int, **kwargs: object) -> None: ...


@task_prerun.connect
def misspelt(**kwargs):
    # E: 'task_ids' is never in kwargs, because task_prerun does not declare it: did you mean 'task_id'?  [signal-read]
    kwargs["task_ids"]


@app.on_after_configure.connect
# E: app.on_after_configure cannot connect of_the_app: 'beat' is never sent (AfterConfigure does not declare it): remove the parameter or give it a default  [signal-parameter]
def of_the_app(source, beat, **kwargs): ...


@receiver([task_failure])
# E: task_failure cannot connect misnamed: 'error' is never sent (TaskFailure does not declare it): remove the parameter or give it a default  [signal-parameter]
def misnamed(sender, error, **kwargs): ...


def stopped(signum: int, **kwargs: object) -> None: ...


# E: revoked cannot connect stopped: 'signum' has type "int | str | None" in TaskRevoked, but the parameter is annotated "int": annotate it as "int | str | None"  [signal-type]
revoked.connect(stopped)
# E: task_prerun keeps only a weak reference to this lambda, and nothing else refers to it, so it is garbage-collected before a send can call it: connect a module-level function, or pass weak=False  [signal-weak]
task_prerun.connect(lambda **kwargs: None)
# E: task_prerun.send(): unexpected 'extra'; TaskPrerun declares 'args', 'kwargs', 'task', 'task_id'  [signal-send]
task_prerun.send(sender=bake, task_id="3", task=bake, args=(), kwargs={}, extra=1)
# E: task_success.send(): missing 'result'; TaskSuccess declares 'result' and optionally 'runtime'  [signal-send]
task_success.send(bake)
