from typing import Any, NotRequired, TypedDict

from typed_signals.django import Signal

# From the code of django-dynamic-preferences 1.15 to 1.17. The sender is the class of a manager or
# a serializer. The project chooses the models of preferences.

class PreferenceUpdated(TypedDict):
    section: str | None
    name: str
    old_value: Any
    new_value: Any
    # Since 1.17.
    instance: NotRequired[Any]

preference_updated: Signal[type, PreferenceUpdated]
