from typing import Generic, TypedDict, TypeVar

from django.db.models import Model

from typed_signals.django import ModelSignal

_ModelT = TypeVar("_ModelT", bound=Model)

class SoftDelete(TypedDict, Generic[_ModelT]):
    instance: _ModelT
    using: str | None

def pre_softdelete(sender: type[_ModelT]) -> ModelSignal[type[_ModelT], SoftDelete[_ModelT]]: ...
def post_softdelete(sender: type[_ModelT]) -> ModelSignal[type[_ModelT], SoftDelete[_ModelT]]: ...
def post_undelete(sender: type[_ModelT]) -> ModelSignal[type[_ModelT], SoftDelete[_ModelT]]: ...
