from typing import Any, TypedDict

from constance import LazyConfig

from typed_signals.django import Signal

# The project chooses the types of the values.
class ConfigUpdated(TypedDict):
    key: str
    old_value: Any
    new_value: Any

# The sender is `constance.config`.
config_updated: Signal[LazyConfig, ConfigUpdated]
