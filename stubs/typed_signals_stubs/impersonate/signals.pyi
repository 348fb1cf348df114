from typing import Any, TypedDict

from django.http import HttpRequest

from typed_signals.django import Signal

# The project chooses the class of users.
class Impersonation(TypedDict):
    impersonator: Any
    impersonating: Any
    request: HttpRequest

session_begin: Signal[None, Impersonation]
session_end: Signal[None, Impersonation]
