"""
The Django app: add ``"typed_signals.django"`` to ``INSTALLED_APPS``.
"""

from __future__ import annotations

from django.apps import AppConfig


class TypedSignalsConfig(AppConfig):
    """
    Registers the system checks, logs slow receivers if the setting says so, and provides
    the command ``list_signals``.
    """

    name = "typed_signals.django"
    label = "typed_signals"
    verbose_name: str = "typed-signals"

    def ready(self) -> None:
        """
        Register the system checks, and begin to log slow receivers.
        """
        from . import checks
        from ._setting import slow_seconds

        checks.register()
        if (seconds := slow_seconds()) is not None:
            from ._slow_receivers import log_slow_receivers  # most projects do not use it

            log_slow_receivers(seconds)
