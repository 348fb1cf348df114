from typing import Any, TypedDict

from account.forms import SignupForm
from account.middleware import ExpiredPasswordMiddleware
from account.models import EmailAddress, EmailConfirmation, SignupCode, SignupCodeResult
from account.views import LoginView, PasswordMixin

from typed_signals.django import Signal

# The project chooses the classes of users and forms.

class UserFormSaved(TypedDict):
    user: Any
    form: Any

# What the user entered.
class SignUpAttempt(TypedDict):
    username: str | None
    email: str | None
    result: bool

class LoginAttempt(TypedDict):
    username: str | None
    result: bool

class SignupCodeSent(TypedDict):
    signup_code: SignupCode

class SignupCodeUsed(TypedDict):
    signup_code_result: SignupCodeResult

class EmailConfirmed(TypedDict):
    email_address: EmailAddress

class ConfirmationSent(TypedDict):
    confirmation: EmailConfirmation

class PasswordAction(TypedDict):
    user: Any

user_signed_up: Signal[type[SignupForm], UserFormSaved]
user_sign_up_attempt: Signal[type[SignupForm], SignUpAttempt]
user_logged_in: Signal[type[LoginView], UserFormSaved]
user_login_attempt: Signal[type[LoginView], LoginAttempt]
signup_code_sent: Signal[type[SignupCode], SignupCodeSent]
signup_code_used: Signal[type[SignupCodeResult], SignupCodeUsed]
email_confirmed: Signal[type[EmailConfirmation], EmailConfirmed]
email_confirmation_sent: Signal[type[EmailConfirmation], ConfirmationSent]

# The sender is a view.
password_changed: Signal[PasswordMixin, PasswordAction]
password_expired: Signal[ExpiredPasswordMiddleware, PasswordAction]
