"""
The settings of the project, with all mistakes of the wrong app.

Django does not start with them, but the plugin of django-stubs starts Django in mypy: refused calls
do nothing there, and mypy reports them.
"""

from __future__ import annotations

from project.settings import *  # noqa: F403
from project.settings import INSTALLED_APPS as RIGHT_APPS

INSTALLED_APPS = [*RIGHT_APPS, "wrong.apps.RefusedConfig"]
