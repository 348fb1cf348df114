from typing import Any, TypedDict

from django.http import HttpRequest

from typed_signals.django import Signal

# The project chooses the class of users.
class Hijacked(TypedDict):
    request: HttpRequest
    hijacker: Any
    hijacked: Any

hijack_started: Signal[None, Hijacked]
hijack_ended: Signal[None, Hijacked]
