from typing import Any, NotRequired, TypedDict

from django.http import HttpRequest, HttpResponse
from django.views.generic.base import View

from typed_signals.django import Signal

# From the code of django-oscar 3.2 to 4.2. The senders are views. The project chooses their
# classes, and the models.

class CheckoutStarted(TypedDict):
    request: HttpRequest
    # Only sent for guests and new users.
    email: NotRequired[str]

class Payment(TypedDict):
    view: Any

class CheckedOut(TypedDict):
    order: Any
    user: Any
    request: HttpRequest
    response: HttpResponse

start_checkout: Signal[View, CheckoutStarted]
pre_payment: Signal[View, Payment]
post_payment: Signal[View, Payment]
post_checkout: Signal[View, CheckedOut]
