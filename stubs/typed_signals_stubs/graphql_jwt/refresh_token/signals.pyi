from typing import Any, TypedDict

from django.http import HttpRequest
from graphql_jwt.refresh_token.models import AbstractRefreshToken

from typed_signals.django import Signal

class TokenRevoked(TypedDict):
    request: HttpRequest
    refresh_token: AbstractRefreshToken

class TokenRotated(TypedDict):
    request: HttpRequest
    refresh_token: AbstractRefreshToken
    # A lazy string, or one.
    refresh_token_issued: Any

refresh_token_revoked: Signal[type[AbstractRefreshToken], TokenRevoked]

# The sender is the class of the mutation.
refresh_token_rotated: Signal[type[Any], TokenRotated]
