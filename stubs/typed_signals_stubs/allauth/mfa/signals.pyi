from typing import Any, TypedDict

from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from typed_signals.django import Signal

# From the code of django-allauth 65. The project chooses the class of users.

class AuthenticatorAction(TypedDict):
    request: HttpRequest
    user: Any
    authenticator: Authenticator

class AuthenticatorUsed(TypedDict):
    request: HttpRequest
    user: Any
    authenticator: Authenticator
    reauthenticated: bool
    passwordless: bool

class AuthenticationFailed(TypedDict):
    request: HttpRequest
    user: Any
    authenticator: Authenticator
    reauthentication: bool

authenticator_added: Signal[type[Authenticator], AuthenticatorAction]
authenticator_removed: Signal[type[Authenticator], AuthenticatorAction]
authenticator_reset: Signal[type[Authenticator], AuthenticatorAction]
authenticator_used: Signal[type[Authenticator], AuthenticatorUsed]
authentication_failed: Signal[type[Authenticator], AuthenticationFailed]
