"""
The app, which connects its receivers when Django is ready.

There are two configurations, because Django does not start with receivers that
``connect`` refuses.
"""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WrongConfig(AppConfig):
    name = "wrong"
    default = True

    def ready(self) -> None:
        from . import receivers, signals  # noqa: F401 - these are checked, too

        post_migrate.connect(receivers.fill_the_fridge)  # E: plan is not always sent


class RefusedConfig(WrongConfig):
    default = False

    def ready(self) -> None:
        super().ready()

        from . import refused  # noqa: F401 - this is where Django stops, and mypy does not
