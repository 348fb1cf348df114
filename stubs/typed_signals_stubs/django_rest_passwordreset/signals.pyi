from typing import Any, TypedDict

from django_rest_passwordreset.models import ResetPasswordToken
from django_rest_passwordreset.views import ResetPasswordConfirm, ResetPasswordRequestToken

from typed_signals.django import Signal

class TokenCreated(TypedDict):
    # The view.
    instance: ResetPasswordRequestToken
    reset_password_token: ResetPasswordToken

# The project chooses the class of users.
class PasswordReset(TypedDict):
    user: Any
    reset_password_token: ResetPasswordToken

reset_password_token_created: Signal[type[ResetPasswordRequestToken], TokenCreated]
pre_password_reset: Signal[type[ResetPasswordConfirm], PasswordReset]
post_password_reset: Signal[type[ResetPasswordConfirm], PasswordReset]
