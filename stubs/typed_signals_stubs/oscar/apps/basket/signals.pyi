from typing import Any, TypedDict

from django.http import HttpRequest

from typed_signals.django import Signal

# From the code of django-oscar 3.2 to 4.2. The senders are views. The project chooses their
# classes, and the models.

class ProductAdded(TypedDict):
    product: Any
    user: Any
    request: HttpRequest

class VoucherAction(TypedDict):
    basket: Any
    voucher: Any

basket_addition: Signal[Any, ProductAdded]
voucher_addition: Signal[Any, VoucherAction]
voucher_removal: Signal[Any, VoucherAction]
