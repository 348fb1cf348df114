from collections.abc import Callable
from typing import Any, TypedDict

from typed_signals.django import Signal

# From the code of django-crum 0.7. The senders are its functions `get_current_user` and
# `set_current_user`. The project chooses the class of users.

class Nothing(TypedDict): ...

class UserSet(TypedDict):
    user: Any

current_user_getter: Signal[Callable[..., Any], Nothing]
current_user_setter: Signal[Callable[..., Any], UserSet]
