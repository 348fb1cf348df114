from typing import Any, TypedDict

from django.http import HttpRequest
from django_otp.models import Device

from typed_signals.django import Signal

# The project chooses the class of users.
class UserVerified(TypedDict):
    request: HttpRequest
    user: Any
    device: Device

# The sender is the name of the module with the view.
user_verified: Signal[str, UserVerified]
