"""
The settings of a project whose receivers run in the worker of django-tasks-db.
"""

from __future__ import annotations

import json
import os
from typing import Any

SECRET_KEY = "for tests only"  # noqa: S105
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES: dict[str, Any] = {"default": json.loads(os.environ["SHOP_DATABASE"])}

INSTALLED_APPS = [
    "django_tasks_db",
    "typed_signals.django",
    "tests.background.engines.djangoproject.shop",
]

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "mail"]}}
TYPED_SIGNALS = {"BACKGROUND": "typed_signals.background.DjangoTasks"}
