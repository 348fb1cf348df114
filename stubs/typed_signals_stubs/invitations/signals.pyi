from typing import Any, TypedDict

from django.http import HttpRequest

from typed_signals.django import Signal

# From the code of django-invitations 2. The project chooses the classes of invitations and users,
# and perhaps the view.

class InviteSent(TypedDict):
    instance: Any
    invite_url_sent: str
    inviter: Any

class InviteAccepted(TypedDict):
    email: str
    request: HttpRequest
    invitation: Any

invite_url_sent: Signal[type[Any], InviteSent]
invite_accepted: Signal[type[Any], InviteAccepted]
