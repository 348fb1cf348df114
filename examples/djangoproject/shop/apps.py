"""
The app, which connects its receivers when Django is ready.
"""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ShopConfig(AppConfig):
    name = "shop"

    def ready(self) -> None:
        from . import receivers

        post_migrate.connect(receivers.fill_the_fridge, sender=self)
