from typing import Any, NotRequired, TypedDict

from django.db.models import Model

from typed_signals.django import Signal

# The project registers the models whose instances are sent.

class Accessed(TypedDict):
    instance: Any

class PreLog(TypedDict):
    instance: Any
    action: int

class PostLog(TypedDict):
    instance: Any
    instance_old: Any
    action: int
    error: BaseException | None
    pre_log_results: list[tuple[Any, Any]]
    changes: dict[str, Any] | None
    # The project may choose the class of log entries.
    log_entry: Any
    log_created: bool
    use_json_for_changes: NotRequired[bool]

accessed: Signal[type[Model], Accessed]
pre_log: Signal[type[Model], PreLog]
post_log: Signal[type[Model], PostLog]
