"""
The Django app: add ``"typed_signals.django"`` to ``INSTALLED_APPS``.
"""

from __future__ import annotations

from django.apps import AppConfig


class TypedSignalsConfig(AppConfig):
    """
    Registers the system checks, and provides the command ``list_signals``.
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
