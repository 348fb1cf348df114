from typing import Any, Generic, NotRequired, TypedDict, TypeVar

from django.db.models import Model

from typed_signals.django import ModelSignal

_ModelT = TypeVar("_ModelT", bound=Model)

class SoftDeleted(TypedDict, Generic[_ModelT]):
    instance: _ModelT
    using: NotRequired[str | None]

class HardDeleted(TypedDict, Generic[_ModelT]):
    instance: _ModelT

class Restored(TypedDict, Generic[_ModelT]):
    instance: _ModelT
    transaction_id: NotRequired[Any]

def post_soft_delete(sender: type[_ModelT]) -> ModelSignal[type[_ModelT], SoftDeleted[_ModelT]]: ...
def post_hard_delete(sender: type[_ModelT]) -> ModelSignal[type[_ModelT], HardDeleted[_ModelT]]: ...
def post_restore(sender: type[_ModelT]) -> ModelSignal[type[_ModelT], Restored[_ModelT]]: ...
