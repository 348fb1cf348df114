from typing import Any, TypedDict

from allauth.account.models import EmailAddress
from django.http import HttpRequest, HttpResponse
from typed_signals_stubs.django.contrib.auth.signals import user_logged_out as user_logged_out

from typed_signals.django import Signal

# From the code of django-allauth 65. The project chooses the class of users.

class UserAction(TypedDict):
    request: HttpRequest
    user: Any

class EmailConfirmed(TypedDict):
    request: HttpRequest
    email_address: EmailAddress

class EmailConfirmationSent(TypedDict):
    request: HttpRequest
    confirmation: Any
    signup: bool

class EmailChanged(TypedDict):
    request: HttpRequest
    user: Any
    from_email_address: EmailAddress | None
    to_email_address: EmailAddress

class EmailAction(TypedDict):
    request: HttpRequest
    user: Any
    email_address: EmailAddress

class CodeRejected(TypedDict):
    request: HttpRequest
    user: Any
    last_attempt: bool

# These three have additional keys of their callers, like `sociallogin` of social accounts.
@Signal.declare
def user_logged_in(
    sender: type[Any],
    /,
    *,
    request: HttpRequest,
    response: HttpResponse | None,
    user: Any,
    **more: Any,
) -> object: ...
@Signal.declare
def user_signed_up(
    sender: type[Any], /, *, request: HttpRequest, user: Any, **more: Any
) -> object: ...
@Signal.declare
def authentication_step_completed(
    sender: type[Any], /, *, request: HttpRequest, user: Any, method: str, **more: Any
) -> object: ...

password_set: Signal[type[Any], UserAction]
password_changed: Signal[type[Any], UserAction]
password_reset: Signal[type[Any], UserAction]
email_confirmed: Signal[type[EmailAddress], EmailConfirmed]
email_confirmation_sent: Signal[type[Any], EmailConfirmationSent]
email_changed: Signal[type[EmailAddress], EmailChanged]
email_added: Signal[type[EmailAddress], EmailAction]
email_removed: Signal[type[EmailAddress], EmailAction]
login_code_rejected: Signal[type[Any], CodeRejected]
password_reset_code_rejected: Signal[type[Any], CodeRejected]
email_verification_code_rejected: Signal[type[Any], CodeRejected]
