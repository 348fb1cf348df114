from typing import Any, TypedDict

from flask import Flask
from flask_security.tokens import RefreshTokenErrors
from typed_signals_stubs.blinker import Signal

# The project chooses the class of users.

class Nothing(TypedDict): ...

class UserAction(TypedDict):
    user: Any

class UserAuthenticated(TypedDict):
    user: Any
    authn_via: list[str] | None

class UserNotAuthenticated(TypedDict):
    user: Any
    auth_type: str
    tfa: bool

class UserRegistered(TypedDict):
    user: Any
    confirm_token: str | None
    confirmation_token: str | None
    form_data: dict[str, Any]

# Without a user of that email, the user is None.
class UserNotRegistered(TypedDict):
    user: Any
    existing_email: bool
    existing_username: bool
    form_data: dict[str, Any]

class ConfirmInstructionsSent(TypedDict):
    user: Any
    token: str
    confirmation_token: str

class LoginInstructionsSent(TypedDict):
    user: Any
    login_token: str

class ResetInstructionsSent(TypedDict):
    user: Any
    token: str
    reset_token: str

class RefreshTrackerCreated(TypedDict):
    user: Any
    refresh_tracker: Any

class RefreshTrackerRevoked(TypedDict):
    user: Any
    refresh_tracker: Any
    refresh_errors: RefreshTokenErrors | None

class TwoFactorAction(TypedDict):
    user: Any
    method: str

class TwoFactorTokenSent(TypedDict):
    user: Any
    method: str
    token: str | None
    login_token: str | None
    phone_number: str | None

class UnifiedSigninTokenSent(TypedDict):
    user: Any
    method: str
    token: str | None
    login_token: str | None
    phone_number: str | None
    send_magic_link: bool

class UnifiedSigninChanged(TypedDict):
    user: Any
    methods: list[str]
    delete: bool

class WebAuthnKeyAction(TypedDict):
    user: Any
    name: str

class ChangeEmailInstructionsSent(TypedDict):
    user: Any
    new_email: str
    token: str

class EmailChanged(TypedDict):
    user: Any
    old_email: str

class UsernameChanged(TypedDict):
    user: Any
    old_username: str | None

user_authenticated: Signal[Flask, UserAuthenticated]
user_unauthenticated: Signal[Flask, Nothing]
user_failed_authn: Signal[Flask, UserNotAuthenticated]
user_registered: Signal[Flask, UserRegistered]
user_not_registered: Signal[Flask, UserNotRegistered]
user_confirmed: Signal[Flask, UserAction]
confirm_instructions_sent: Signal[Flask, ConfirmInstructionsSent]
login_instructions_sent: Signal[Flask, LoginInstructionsSent]
password_reset: Signal[Flask, UserAction]
password_changed: Signal[Flask, UserAction]
refresh_tracker_created: Signal[Flask, RefreshTrackerCreated]
refresh_tracker_revoked: Signal[Flask, RefreshTrackerRevoked]
reset_password_instructions_sent: Signal[Flask, ResetInstructionsSent]
tf_code_confirmed: Signal[Flask, TwoFactorAction]
tf_profile_changed: Signal[Flask, TwoFactorAction]
tf_security_token_sent: Signal[Flask, TwoFactorTokenSent]
tf_disabled: Signal[Flask, UserAction]
us_security_token_sent: Signal[Flask, UnifiedSigninTokenSent]
us_profile_changed: Signal[Flask, UnifiedSigninChanged]
wan_registered: Signal[Flask, WebAuthnKeyAction]
wan_deleted: Signal[Flask, WebAuthnKeyAction]
change_email_instructions_sent: Signal[Flask, ChangeEmailInstructionsSent]
change_email_confirmed: Signal[Flask, EmailChanged]
username_recovery_email_sent: Signal[Flask, UserAction]
username_changed: Signal[Flask, UsernameChanged]
