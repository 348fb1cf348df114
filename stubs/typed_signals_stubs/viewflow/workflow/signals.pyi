from typing import Any, TypedDict

from viewflow.workflow.base import Flow

from typed_signals.django import Signal

# From the code of django-viewflow 2. The flow chooses the models of processes and tasks.

class FlowAction(TypedDict):
    process: Any
    task: Any

class TaskAction(TypedDict):
    process: Any
    task: Any

flow_started: Signal[type[Flow], FlowAction]
flow_finished: Signal[type[Flow], FlowAction]
task_started: Signal[type[Flow], TaskAction]
task_failed: Signal[type[Flow], TaskAction]
task_finished: Signal[type[Flow], TaskAction]
