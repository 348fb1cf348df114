"""
The settings of the project, with the wrong app.
"""

from __future__ import annotations

from project.settings import *  # noqa: F403
from project.settings import INSTALLED_APPS as RIGHT_APPS

INSTALLED_APPS = [*RIGHT_APPS, "wrong"]
