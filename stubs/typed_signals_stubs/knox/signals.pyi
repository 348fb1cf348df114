from typing import TypedDict

from knox.auth import TokenAuthentication

from typed_signals.django import Signal

class TokenExpired(TypedDict):
    username: str
    # "auth_token" or "other_token".
    source: str

token_expired: Signal[type[TokenAuthentication], TokenExpired]
