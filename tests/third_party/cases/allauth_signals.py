"""
Receivers of django-allauth's signals, which come without types.
"""

import allauth.account.signals
import allauth.socialaccount.signals as social
from allauth.account import signals
from allauth.account.signals import email_changed, user_logged_in, user_logged_out, user_signed_up
from allauth.mfa.signals import authenticator_added
from allauth.usersessions.signals import session_client_changed
from django.contrib.auth.models import User
from django.dispatch import Signal, receiver
from django.http import HttpRequest

# --- right ---


@receiver(user_signed_up)
def signed_up(
    request: HttpRequest, user: User, sociallogin: object = None, **kwargs: object
) -> None: ...


@receiver(user_signed_up)
@receiver(user_logged_in)
def what_callers_add(user, **kwargs):
    print(kwargs["sociallogin"])


@receiver(user_logged_in)
def logged_in(
    sender: type[User], request: HttpRequest, signal: Signal, **kwargs: object
) -> None: ...


@receiver([social.pre_social_login, social.social_account_added])
def social_login(request, sociallogin, **kwargs): ...


@receiver(session_client_changed)
def client_changed(from_session, to_session, **kwargs): ...


# --- wrong ---


@receiver(user_signed_up)
# E: user_signed_up cannot connect without_kwargs: Signal receivers must accept keyword arguments (**kwargs). Add **kwargs  [signal-kwargs]
def without_kwargs(request, user): ...


@receiver(email_changed)
# E: email_changed cannot connect changed: 'email_address' is never sent (EmailChanged does not declare it): remove the parameter or give it a default  [signal-parameter]
def changed(request, user, email_address, **kwargs): ...


@receiver(signals.email_changed)
# E: signals.email_changed cannot connect from_module: 'email' is never sent (EmailChanged does not declare it): remove the parameter or give it a default, or rename it to 'sender' if that is what it takes  [signal-parameter]
def from_module(email, **kwargs): ...


@receiver(allauth.account.signals.email_changed)
# E: allauth.account.signals.email_changed cannot connect from_package: 'email' is never sent (EmailChanged does not declare it): remove the parameter or give it a default, or rename it to 'sender' if that is what it takes  [signal-parameter]
def from_package(email, **kwargs): ...


@receiver([user_logged_out, social.pre_social_login])
# E: user_logged_out cannot connect of_both: 'sociallogin' is never sent (UserLoggedOut does not declare it): remove the parameter or give it a default  [signal-parameter]
def of_both(request, sociallogin, **kwargs): ...


@receiver(authenticator_added)
# E: authenticator_added cannot connect added: 'request' has type "HttpRequest" in AuthenticatorAction, but the parameter is annotated "str": annotate it as "HttpRequest"  [signal-type]
def added(request: str, **kwargs: object) -> None:
    print(kwargs["authenticator"])
