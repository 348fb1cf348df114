from collections.abc import Mapping
from typing import Any, TypedDict

from typed_signals.django import Signal

# From the code of django-esi 8 to 10. The senders are the classes of its operations.

class RequestStatistics(TypedDict):
    operation: str
    status_code: int
    headers: Mapping[str, Any]
    latency: float
    bucket: str

esi_request_statistics: Signal[type, RequestStatistics]
