from typing import Any, TypedDict

from django.http import HttpRequest, HttpResponse

from typed_signals.django import Signal

# From the code of django-oscar 3.2 to 4.2. The sender is a view. The project chooses its class,
# and the models.

class ReviewAdded(TypedDict):
    review: Any
    user: Any
    request: HttpRequest
    response: HttpResponse

review_added: Signal[Any, ReviewAdded]
