"""
What Django finds if ``INSTALLED_APPS`` has this package instead of ``"typed_signals.django"``.

Otherwise, the system checks and the commands would be missing without a message.
"""

from __future__ import annotations

from typing import NoReturn, final

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


@final
class NotAnApp(AppConfig):
    """
    Refuses to be an app.

    Raises:
        ImproperlyConfigured: always.
    """

    name = "typed_signals"

    def __init__(self, _app_name: str, _app_module: object) -> NoReturn:
        raise ImproperlyConfigured(
            "'typed_signals' is not a Django app: write 'typed_signals.django' in INSTALLED_APPS"
        )
