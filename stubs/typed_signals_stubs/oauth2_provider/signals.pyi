from typing import Any, TypedDict

from django.http import HttpRequest
from django.views import View

from typed_signals.django import Signal

# The project chooses the class of access tokens.
class AppAuthorized(TypedDict):
    request: HttpRequest
    token: Any

# The sender is a view, often of the class `TokenView`.
app_authorized: Signal[View, AppAuthorized]
