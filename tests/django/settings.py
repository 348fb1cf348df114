"""
The settings of the project that the tests run in.
"""

from __future__ import annotations

from typing import Any

from django import VERSION

SECRET_KEY = "for tests only"  # noqa: S105
USE_TZ = True
ROOT_URLCONF = "tests.django.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = {
    alias: {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    for alias in ("default", "other")
}

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.flatpages",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.redirects",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.sites",
    "django.contrib.staticfiles",
    "django.contrib.syndication",
    "auditlog",
    "debug_toolbar",
    "django_tasks_db",
    "reversion",
    "typed_signals.django",
    "tests.django.keys",
    "tests.django.shop",
]

# Tables are created faster without them.
MIGRATION_MODULES = {"auditlog": None, "django_tasks_database": None, "reversion": None}

_TASKS = "django.tasks" if VERSION >= (6, 0) else "django_tasks"
TASKS: dict[str, Any] = {
    "default": {"BACKEND": f"{_TASKS}.backends.immediate.ImmediateBackend"},
    "dummy": {"BACKEND": f"{_TASKS}.backends.dummy.DummyBackend", "QUEUES": ["slow", "mail"]},
    "stored": {"BACKEND": "django_tasks_db.DatabaseBackend"},
}

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
STATIC_URL = "static/"

DEBUG_TOOLBAR_PANELS = ["debug_toolbar.panels.signals.SignalsPanel"]
