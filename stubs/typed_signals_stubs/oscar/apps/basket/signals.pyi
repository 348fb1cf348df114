from typing import Any, TypedDict

from django.http import HttpRequest
from django.views.generic.base import View

from typed_signals.django import Signal

# From the code of django-oscar 3.2 to 4.2. The senders are views. The project chooses the models.

class ProductAdded(TypedDict):
    product: Any
    user: Any
    request: HttpRequest

class VoucherAction(TypedDict):
    basket: Any
    voucher: Any

basket_addition: Signal[View, ProductAdded]
voucher_addition: Signal[View, VoucherAction]
voucher_removal: Signal[View, VoucherAction]
