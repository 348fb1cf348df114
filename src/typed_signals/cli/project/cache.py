"""
Where the command stores what it uses again, outside of the project.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from typed_signals.cli.exits import CommandError

if TYPE_CHECKING:
    from .find import Project


def cache_folder(project: Project, command: str) -> Path:
    """
    Return a folder for *project* and *command*, which exists.

    Raises:
        CommandError: it cannot be made.
    """
    digest = hashlib.sha256(str(project.root).encode("utf-8", "surrogateescape")).hexdigest()
    folder = _caches() / "typed-signals" / f"{project.root.name}-{digest[:12]}" / command
    return made(folder, "set XDG_CACHE_HOME to another folder")


def made(folder: Path, fix: str) -> Path:
    """
    Return *folder*, which exists.

    Args:
        folder: where to store what is used again.
        fix: what to do if this is not possible.

    Raises:
        CommandError: it is not possible.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"the cache cannot be stored: {error}; {fix}") from error
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
