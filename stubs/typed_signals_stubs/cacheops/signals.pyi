from collections.abc import Callable
from typing import Any, TypedDict

from django.db.models import Model

from typed_signals.django import Signal

# From the code of django-cacheops 7. Without a model, the sender is None.

class CacheRead(TypedDict):
    func: Callable[..., Any] | None
    hit: bool

class CacheInvalidated(TypedDict):
    obj_dict: dict[str, Any] | None

cache_read: Signal[type[Model] | None, CacheRead]
cache_invalidated: Signal[type[Model] | None, CacheInvalidated]
