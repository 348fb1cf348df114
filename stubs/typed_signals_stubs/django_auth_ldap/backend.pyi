from typing import Any, TypedDict

from django.http import HttpRequest
from django_auth_ldap.backend import LDAPBackend, _LDAPUser

from typed_signals.django import Signal

# From the code of django-auth-ldap 4.3 to 5.4. The project chooses the class of users.
# The exception is an `LDAPError` of python-ldap, which has no types.

class UserPopulated(TypedDict):
    user: Any
    ldap_user: _LDAPUser

class ErrorCaught(TypedDict):
    context: str
    user: Any
    request: HttpRequest | None
    exception: Any

populate_user: Signal[type[LDAPBackend], UserPopulated]
ldap_error: Signal[type[LDAPBackend], ErrorCaught]
