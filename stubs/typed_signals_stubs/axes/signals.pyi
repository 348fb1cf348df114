from typing import TypedDict

from django.http import HttpRequest

from typed_signals.django import Signal

# From the code of django-axes 6 to 8. The sender is always "axes".

class UserLockedOut(TypedDict):
    request: HttpRequest
    username: str | None
    ip_address: str | None

user_locked_out: Signal[str, UserLockedOut]
