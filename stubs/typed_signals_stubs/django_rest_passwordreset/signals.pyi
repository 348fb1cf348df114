from typing import Any, TypedDict

from django.views import View
from django_rest_passwordreset.models import ResetPasswordToken

from typed_signals.django import Signal

class TokenCreated(TypedDict):
    # The view.
    instance: View
    reset_password_token: ResetPasswordToken

# The project chooses the class of users.
class PasswordReset(TypedDict):
    user: Any
    reset_password_token: ResetPasswordToken

reset_password_token_created: Signal[type[View], TokenCreated]
pre_password_reset: Signal[type[View], PasswordReset]
post_password_reset: Signal[type[View], PasswordReset]
