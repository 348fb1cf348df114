from typing import Any, TypedDict

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django_cas_ng.backends import CASBackend

from typed_signals.django import Signal

# From the code of django-cas-ng 4.3 to 5.1. The project chooses the class of users.

class Authenticated(TypedDict):
    user: Any
    created: bool
    username: str
    attributes: dict[str, Any] | None
    pgtiou: str | None
    ticket: str
    service: str
    request: HttpRequest

class LoggedOut(TypedDict):
    user: Any
    session: SessionBase
    ticket: str | None

cas_user_authenticated: Signal[CASBackend, Authenticated]
# The sender is "manual" or "slo".
cas_user_logout: Signal[str, LoggedOut]
