"""
The Django app: put ``"typed_signals.django"`` into ``INSTALLED_APPS``.
"""

from __future__ import annotations

from django.apps import AppConfig


class TypedSignalsConfig(AppConfig):
    """
    Registers the system checks; the command ``list_signals`` comes along.
    """

    name = "typed_signals.django"
    label = "typed_signals"
    verbose_name: str = "typed-signals"

    def ready(self) -> None:
        """
        Register the system checks.
        """
        from . import checks

        checks.register()
