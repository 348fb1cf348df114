from typing import Any, TypedDict

from typed_signals_stubs.blinker import Signal

class Nothing(TypedDict): ...

class LoginRedirect(TypedDict):
    redirect_uri: str
    next: str

class Authorized(TypedDict):
    token: dict[str, Any]
    return_to: str

class LoggedOut(TypedDict):
    reason: str | None
    return_to: str

# The sender is the OAuth client of authlib, which has no types.
before_login_redirect: Signal[Any, LoginRedirect]
before_authorize: Signal[Any, Nothing]
after_authorize: Signal[Any, Authorized]
before_logout: Signal[Any, Nothing]
after_logout: Signal[Any, LoggedOut]
