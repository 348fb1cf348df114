from typing import Any, TypeVar

from django.db.models import Model

from typed_signals.django import ModelSignal
from typed_signals.django.payloads import (
    M2MChanged,
    PostDelete,
    PostInit,
    PostSave,
    PreDelete,
    PreInit,
    PreSave,
)
from typed_signals.django.signals import (
    class_prepared as class_prepared,
)
from typed_signals.django.signals import (
    post_migrate as post_migrate,
)
from typed_signals.django.signals import (
    pre_migrate as pre_migrate,
)

_ModelT = TypeVar("_ModelT", bound=Model)

def pre_init(sender: type[_ModelT]) -> ModelSignal[type[_ModelT], PreInit]: ...
def post_init(sender: type[_ModelT]) -> ModelSignal[type[_ModelT], PostInit[_ModelT]]: ...
def pre_save(sender: type[_ModelT]) -> ModelSignal[type[_ModelT], PreSave[_ModelT]]: ...
def post_save(sender: type[_ModelT]) -> ModelSignal[type[_ModelT], PostSave[_ModelT]]: ...
def pre_delete(sender: type[_ModelT]) -> ModelSignal[type[_ModelT], PreDelete[_ModelT]]: ...
def post_delete(sender: type[_ModelT]) -> ModelSignal[type[_ModelT], PostDelete[_ModelT]]: ...

# The sender is the through model, which does not define the class of the instance.
def m2m_changed(sender: type[_ModelT]) -> ModelSignal[type[_ModelT], M2MChanged[Any]]: ...
