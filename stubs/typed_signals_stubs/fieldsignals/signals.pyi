from typing import Any, Generic, TypedDict, TypeVar

from django.db.models import Model

from typed_signals.django import Signal

# From the code of django-fieldsignals 0.7 and 0.8. For each receiver, `connect` adds the key
# `changed_fields`: the old and the new values by the names of the fields.

_ModelT = TypeVar("_ModelT", bound=Model)

class BeforeSave(TypedDict, Generic[_ModelT]):
    instance: _ModelT
    changed_fields: dict[str, tuple[Any, Any]]

class AfterSave(BeforeSave[_ModelT]):
    created: bool
    using: str

def pre_save_changed(sender: type[_ModelT]) -> Signal[type[_ModelT], BeforeSave[_ModelT]]: ...
def post_save_changed(sender: type[_ModelT]) -> Signal[type[_ModelT], AfterSave[_ModelT]]: ...
