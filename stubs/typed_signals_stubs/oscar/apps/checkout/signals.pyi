from typing import Any, NotRequired, TypedDict

from django.http import HttpRequest, HttpResponse

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

start_checkout: Signal[Any, CheckoutStarted]
pre_payment: Signal[Any, Payment]
post_payment: Signal[Any, Payment]
post_checkout: Signal[Any, CheckedOut]
