from typing import TypedDict

from background_task.models import CompletedTask, Task
from background_task.tasks import DBTaskRunner

from typed_signals.django import Signal

# From the code of django-background-tasks 1.2.

class Nothing(TypedDict): ...

class TaskAction(TypedDict):
    task: Task

class TaskCompleted(TypedDict):
    task_id: int
    completed_task: CompletedTask

task_created: Signal[type[DBTaskRunner], TaskAction]
# The sender is the class of the exception.
task_error: Signal[type[Exception], TaskAction]
task_rescheduled: Signal[type[Task], TaskAction]
task_failed: Signal[type[Task], TaskCompleted]
task_successful: Signal[type[Task], TaskCompleted]
task_started: Signal[type[Task], Nothing]
task_finished: Signal[type[Task], Nothing]
