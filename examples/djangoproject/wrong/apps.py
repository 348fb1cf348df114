"""
The app, which connects its receivers when Django is ready.
"""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WrongConfig(AppConfig):
    name = "wrong"

    def ready(self) -> None:
        from . import receivers, signals  # noqa: F401 - these are checked, too

        post_migrate.connect(receivers.fill_the_fridge, sender=self)  # E: plan is not always sent
