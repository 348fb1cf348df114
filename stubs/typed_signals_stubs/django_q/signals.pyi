from typing import Any, TypedDict

from typed_signals.django import Signal

class WorkerSpawned(TypedDict):
    proc_name: str

# What the worker gets: its id, name, function, arguments and options.
class TaskAction(TypedDict):
    task: dict[str, Any]

# Before the task is executed, the function may be its path.
class TaskExecution(TypedDict):
    func: Any
    task: dict[str, Any]

# The sender is "django_q".
post_spawn: Signal[str, WorkerSpawned]
pre_enqueue: Signal[str, TaskAction]
pre_execute: Signal[str, TaskExecution]
post_execute: Signal[str, TaskAction]
post_execute_in_worker: Signal[str, TaskExecution]
