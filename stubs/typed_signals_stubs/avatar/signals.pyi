from typing import Any, TypedDict

from avatar.models import Avatar

from typed_signals.django import Signal

# From the code of django-avatar 8 and 9. The project chooses the class of users.

class AvatarAction(TypedDict):
    user: Any
    avatar: Avatar

avatar_updated: Signal[type[Avatar], AvatarAction]
avatar_deleted: Signal[type[Avatar], AvatarAction]
