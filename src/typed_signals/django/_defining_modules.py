"""
Which of Django's modules defines each of its signals.
"""

from __future__ import annotations

from typing import Final

_NAMES: Final = {
    "django.db.models.signals": (
        "class_prepared",
        "pre_init",
        "post_init",
        "pre_save",
        "post_save",
        "pre_delete",
        "post_delete",
        "m2m_changed",
        "pre_migrate",
        "post_migrate",
    ),
    "django.core.signals": (
        "request_started",
        "request_finished",
        "got_request_exception",
        "setting_changed",
    ),
    "django.test.signals": ("template_rendered",),
    "django.db.backends.signals": ("connection_created",),
    "django.contrib.auth.signals": ("user_logged_in", "user_logged_out", "user_login_failed"),
    "django.tasks.signals": ("task_enqueued", "task_started", "task_finished"),
    "django.utils.autoreload": ("autoreload_started", "file_changed"),
}

DEFINING_MODULE: Final = {name: module for module, names in _NAMES.items() for name in names}
