from typing import TypedDict

from post_office.models import Email

from typed_signals.django import Signal

class EmailsQueued(TypedDict):
    emails: list[Email]

email_queued: Signal[type[Email], EmailsQueued]
