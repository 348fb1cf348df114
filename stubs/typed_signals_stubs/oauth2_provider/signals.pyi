from typing import Any, TypedDict

from django.http import HttpRequest
from oauth2_provider.views import TokenView

from typed_signals.django import Signal

# The project chooses the class of access tokens.
class AppAuthorized(TypedDict):
    request: HttpRequest
    token: Any

# The sender is the view.
app_authorized: Signal[TokenView, AppAuthorized]
