from typing import Any, TypedDict

from cms.models import Page
from django.http import HttpRequest

from typed_signals.django import Signal

# From the code of django CMS 3.11 to 5.1.

class Nothing(TypedDict): ...

class TranslationAction(TypedDict):
    instance: Page
    language: str

# Only in 3.11.
post_publish: Signal[type[Page], TranslationAction]
post_unpublish: Signal[type[Page], TranslationAction]

urls_need_reloading: Signal[None, Nothing]

# The other keys depend on the operation.
@Signal.declare
def pre_obj_operation(
    sender: type[Any],
    /,
    *,
    operation: str,
    request: HttpRequest,
    token: str,
    obj: Any = ...,
    **more: Any,
) -> object: ...
@Signal.declare
def post_obj_operation(
    sender: type[Any],
    /,
    *,
    operation: str,
    request: HttpRequest,
    token: str,
    obj: Any,
    **more: Any,
) -> object: ...
@Signal.declare
def pre_placeholder_operation(
    sender: type[Any],
    /,
    *,
    operation: str,
    request: HttpRequest,
    language: str,
    token: str,
    origin: str,
    **more: Any,
) -> object: ...
@Signal.declare
def post_placeholder_operation(
    sender: type[Any],
    /,
    *,
    operation: str,
    request: HttpRequest,
    language: str,
    token: str,
    origin: str,
    **more: Any,
) -> object: ...
