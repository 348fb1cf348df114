from typing import TypedDict

from django.http import HttpRequest

from typed_signals.django import Signal

# From the code of django-cors-headers 4.

class RequestCheck(TypedDict):
    request: HttpRequest

check_request_enabled: Signal[None, RequestCheck]
