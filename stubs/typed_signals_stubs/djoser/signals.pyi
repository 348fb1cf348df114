from typing import Any, TypedDict

from rest_framework.request import Request
from rest_framework.views import APIView

from typed_signals.django import Signal

# From the code of djoser 2.2 and 2.3. The project chooses the class of users.

class UserAction(TypedDict):
    user: Any
    request: Request

user_registered: Signal[type[APIView], UserAction]
user_activated: Signal[type[APIView], UserAction]
user_updated: Signal[type[APIView], UserAction]
