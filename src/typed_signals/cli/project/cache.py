"""
Where the command stores what it uses again, outside of the project.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .find import Project


def cache_folder(project: Project, command: str) -> Path:
    """
    Return a folder for *project* and *command*, which exists.
    """
    digest = hashlib.sha256(str(project.root).encode("utf-8", "surrogateescape")).hexdigest()
    folder = _caches() / "typed-signals" / f"{project.root.name}-{digest[:12]}" / command
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _caches() -> Path:
    """
    Return the user's folder for caches.
    """
    if named := os.environ.get("XDG_CACHE_HOME"):
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path.home() / ".cache"
