from typing import Any, TypedDict

from django_tasks import TaskResult
from django_tasks.backends.base import BaseTaskBackend

from typed_signals.django import Signal

class TaskResultChanged(TypedDict):
    task_result: TaskResult[Any]

task_enqueued: Signal[type[BaseTaskBackend], TaskResultChanged]
task_finished: Signal[type[BaseTaskBackend], TaskResultChanged]
task_started: Signal[type[BaseTaskBackend], TaskResultChanged]
