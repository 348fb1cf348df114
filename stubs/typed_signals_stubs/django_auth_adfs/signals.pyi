from typing import Any, TypedDict

from django_auth_adfs.backend import AdfsBaseBackend

from typed_signals.django import Signal

# From the code of django-auth-adfs 1.12 to 1.16. The project chooses the class of users.

class Authenticated(TypedDict):
    user: Any
    claims: dict[str, Any]
    # Without an authorization code, it is None.
    adfs_response: dict[str, Any] | None

post_authenticate: Signal[AdfsBaseBackend, Authenticated]
