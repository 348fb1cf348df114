from collections.abc import Callable
from typing import Any, TypedDict

from typed_signals.django import Signal

class TaskPublish(TypedDict):
    context: dict[str, Any]
    task_routing_key: str | None
    task_properties: dict[str, Any] | None

# The configuration of structlog chooses the class of loggers.
class TaskStarted(TypedDict):
    task: Any
    logger: Any

class TaskSucceeded(TypedDict):
    logger: Any
    result: Any

# The sender is the receiver of Celery's signal.
bind_extra_task_metadata: Signal[Callable[..., Any], TaskStarted]
modify_context_before_task_publish: Signal[Callable[..., Any], TaskPublish]
pre_task_succeeded: Signal[Callable[..., Any], TaskSucceeded]
