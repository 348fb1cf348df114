from typing import TypedDict

from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from typed_signals.django import Signal

# From the code of django-allauth 65.

class SessionClientChanged(TypedDict):
    request: HttpRequest
    from_session: UserSession
    to_session: UserSession

session_client_changed: Signal[type[UserSession], SessionClientChanged]
