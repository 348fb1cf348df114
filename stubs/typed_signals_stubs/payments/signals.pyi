from typing import Any, TypedDict

from payments.models import BasePayment

from typed_signals.django import Signal

# The project defines the class of payments, on top of `BasePayment`.
class StatusChanged(TypedDict):
    instance: Any

status_changed: Signal[type[BasePayment], StatusChanged]
