"""
The settings of the project, with all mistakes of the wrong app.

Django does not start with them. The plugin of django-stubs does, as it starts Django inside mypy:
what is refused there is left to mypy.
"""

from __future__ import annotations

from project.settings import *  # noqa: F403
from project.settings import INSTALLED_APPS as RIGHT_APPS

INSTALLED_APPS = [*RIGHT_APPS, "wrong.apps.RefusedConfig"]
