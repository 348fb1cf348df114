from typing import Generic, TypedDict, TypeVar

from django.db.models import Model

from typed_signals.django import ModelSignal

# From the code of django-clone 5.3 to 5.5.

_ModelT = TypeVar("_ModelT", bound=Model)

class Cloned(TypedDict, Generic[_ModelT]):
    instance: _ModelT

def pre_clone_save(sender: type[_ModelT]) -> ModelSignal[type[_ModelT], Cloned[_ModelT]]: ...
def post_clone_save(sender: type[_ModelT]) -> ModelSignal[type[_ModelT], Cloned[_ModelT]]: ...
