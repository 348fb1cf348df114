from typing import Any, TypedDict

from django.http import HttpRequest

from typed_signals.django import Signal

# The project chooses the class of users.
class TokenIssued(TypedDict):
    request: HttpRequest
    user: Any

# The sender is the class of the mutation.
token_issued: Signal[type[Any], TokenIssued]
token_refreshed: Signal[type[Any], TokenIssued]
