from typing import Any, Generic, TypedDict, TypeVar

from django.db.models import Model
from django.db.models.fields.files import FieldFile

from typed_signals.django import Signal

# From the code of django-cleanup 8 and 9.

_ModelT = TypeVar("_ModelT", bound=Model)

class FileCleanup(TypedDict, Generic[_ModelT]):
    deleted: bool
    updated: bool
    model_name: str
    field_name: str
    file_name: str
    default_file_name: Any
    file: FieldFile
    instance: _ModelT

class FileCleanedUp(FileCleanup[_ModelT]):
    error: Exception | None
    success: bool

def cleanup_pre_delete(sender: type[_ModelT]) -> Signal[type[_ModelT], FileCleanup[_ModelT]]: ...
def cleanup_post_delete(
    sender: type[_ModelT],
) -> Signal[type[_ModelT], FileCleanedUp[_ModelT]]: ...
