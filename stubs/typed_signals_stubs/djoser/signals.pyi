from typing import Any, TypedDict

from rest_framework.request import Request

from typed_signals.django import Signal

# From the code of djoser 2.2 and 2.3. The project chooses the classes of users and views.

class UserAction(TypedDict):
    user: Any
    request: Request

user_registered: Signal[type[Any], UserAction]
user_activated: Signal[type[Any], UserAction]
user_updated: Signal[type[Any], UserAction]
