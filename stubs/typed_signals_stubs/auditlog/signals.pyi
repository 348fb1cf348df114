from typing import Any, Generic, NotRequired, TypedDict, TypeVar

from django.db.models import Model

from typed_signals.django import Signal

_ModelT = TypeVar("_ModelT", bound=Model)

class Accessed(TypedDict, Generic[_ModelT]):
    instance: _ModelT

class PreLog(TypedDict, Generic[_ModelT]):
    instance: _ModelT
    action: int

class PostLog(TypedDict, Generic[_ModelT]):
    instance: _ModelT
    instance_old: _ModelT | None
    action: int
    error: BaseException | None
    pre_log_results: list[tuple[Any, Any]]
    changes: dict[str, Any] | None
    # The project may choose the class of log entries.
    log_entry: Any
    log_created: bool
    use_json_for_changes: NotRequired[bool]

def accessed(sender: type[_ModelT]) -> Signal[type[_ModelT], Accessed[_ModelT]]: ...
def pre_log(sender: type[_ModelT]) -> Signal[type[_ModelT], PreLog[_ModelT]]: ...
def post_log(sender: type[_ModelT]) -> Signal[type[_ModelT], PostLog[_ModelT]]: ...
