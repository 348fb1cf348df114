from typing import Any, TypedDict

from django.http import HttpRequest, HttpResponse

from typed_signals.django import Signal

# From the code of django-oscar 3.2 to 4.2. The sender is a view. The project chooses its class,
# and the models.

class ProductViewed(TypedDict):
    product: Any
    user: Any
    request: HttpRequest
    response: HttpResponse

product_viewed: Signal[Any, ProductViewed]
