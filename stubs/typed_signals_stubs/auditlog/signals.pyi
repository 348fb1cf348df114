from typing import Any, NotRequired, TypedDict

from django.db.models import Model

from typed_signals.django import Signal

# The project registers the models whose instances are sent. The action is an int of
# `LogEntry.Action`, which is documented as its type. The error is documented as an `Exception`, but
# it may be any `BaseException`.

class Accessed(TypedDict):
    instance: Any

class PreLog(TypedDict):
    instance: Any
    action: Any

class PostLog(TypedDict):
    instance: Any
    instance_old: Any
    action: Any
    error: Any
    pre_log_results: list[tuple[Any, Any]]
    changes: dict[str, Any] | None
    # The project may choose the class of log entries.
    log_entry: Any
    log_created: bool
    use_json_for_changes: NotRequired[bool]

accessed: Signal[type[Model], Accessed]
pre_log: Signal[type[Model], PreLog]
post_log: Signal[type[Model], PostLog]
