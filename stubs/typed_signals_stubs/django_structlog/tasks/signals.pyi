from collections.abc import Callable
from typing import Any, TypedDict

from typed_signals.django import Signal

class TaskPublish(TypedDict):
    context: dict[str, Any]

# The task result is of `django.tasks`, which older versions of Django do not have.
# The configuration of structlog chooses the class of loggers.
class TaskAction(TypedDict):
    task_result: Any
    logger: Any

# The sender is the receiver of the signal of `django.tasks`.
bind_extra_task_metadata: Signal[Callable[..., Any], TaskAction]
modify_context_before_task_publish: Signal[Callable[..., Any], TaskPublish]
pre_task_succeeded: Signal[Callable[..., Any], TaskAction]
