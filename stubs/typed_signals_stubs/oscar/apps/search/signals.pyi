from typing import Any, TypedDict

from django.contrib.sessions.backends.base import SessionBase

from typed_signals.django import Signal

# From the code of django-oscar 3.2 to 4.2. The sender is a view. The project chooses its class.

class Searched(TypedDict):
    session: SessionBase
    user: Any
    query: str

user_search: Signal[Any, Searched]
