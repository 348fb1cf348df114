from typing import Any, TypedDict

from typed_signals.django import Signal

# From the code of django-organizations 2. The organization is the sender. The project chooses the
# classes of users and extends the others.

class UserAdded(TypedDict):
    user: Any

class UserRemoved(TypedDict):
    user: Any

class OwnerChanged(TypedDict):
    old: Any
    new: Any

user_added: Signal[Any, UserAdded]
user_removed: Signal[Any, UserRemoved]
owner_changed: Signal[Any, OwnerChanged]
