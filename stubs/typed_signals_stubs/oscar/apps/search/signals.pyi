from typing import Any, TypedDict

from django.contrib.sessions.backends.base import SessionBase
from django.views.generic.base import View

from typed_signals.django import Signal

# From the code of django-oscar 3.2 to 4.2. The sender is a view.

class Searched(TypedDict):
    session: SessionBase
    user: Any
    query: str

user_search: Signal[View, Searched]
