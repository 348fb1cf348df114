from typing import Any, TypedDict

from django.http import HttpRequest
from django_registration.views import ActivationView, RegistrationView

from typed_signals.django import Signal

# The project chooses the class of users.
class UserAction(TypedDict):
    user: Any
    request: HttpRequest

user_registered: Signal[type[RegistrationView], UserAction]
user_activated: Signal[type[ActivationView], UserAction]
