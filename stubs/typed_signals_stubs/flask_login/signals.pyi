from typing import Any, TypedDict

from flask import Flask
from typed_signals_stubs.blinker import Signal

class Nothing(TypedDict): ...

# The project chooses the class of users.
class UserAction(TypedDict):
    user: Any

user_logged_in: Signal[Flask, UserAction]
user_logged_out: Signal[Flask, UserAction]
user_loaded_from_cookie: Signal[Flask, UserAction]
user_loaded_from_request: Signal[Flask, UserAction]
user_login_confirmed: Signal[Flask, Nothing]
user_unauthorized: Signal[Flask, Nothing]
user_needs_refresh: Signal[Flask, Nothing]
user_accessed: Signal[Flask, Nothing]
session_protected: Signal[Flask, Nothing]
