"""
The app connects its receivers, in the worker, too.
"""

from __future__ import annotations

from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "tests.background.engines.djangoproject.shop"

    def ready(self) -> None:
        from . import receivers  # noqa: F401 - this connects them
