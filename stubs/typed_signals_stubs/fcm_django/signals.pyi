from typing import Any, TypedDict

from typed_signals.django import Signal

# From the code of fcm-django 3.1 and 3.2. The project chooses the class of devices.

class DeviceDeactivated(TypedDict):
    registration_ids: list[str]
    device_ids: list[Any]
    user_ids: list[Any]
    reason: str
    source: str
    metadata: dict[str, Any]

device_deactivated: Signal[type[Any], DeviceDeactivated]
