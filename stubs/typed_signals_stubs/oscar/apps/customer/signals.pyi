from typing import Any, TypedDict

from django.http import HttpRequest

from typed_signals.django import Signal

# From the code of django-oscar 3.2 to 4.2. The senders are views. The project chooses their
# classes, and the class of users.

class Registered(TypedDict):
    request: HttpRequest
    user: Any

class LoggedIn(TypedDict):
    request: HttpRequest
    user: Any
    old_session_key: str | None

user_registered: Signal[Any, Registered]
user_logged_in: Signal[Any, LoggedIn]
