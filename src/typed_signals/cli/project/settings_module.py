"""
The module of the Django settings of a project.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_VARIABLE: Final = "DJANGO_SETTINGS_MODULE"
_IN_CODE: Final = re.compile(rf"{_VARIABLE}[\"']\s*[,\]]\s*=?\s*[\"']([\w.]+)[\"']")
# Of django-stubs, pytest-django and tox.
_IN_CONFIGURATION: Final = re.compile(
    rf"^\s*(?:django_settings_module|{_VARIABLE})\s*=\s*[\"']?([\w.]+)", re.MULTILINE
)
_CONFIGURATIONS: Final = ("mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg", "pytest.ini")


def settings_module(root: Path, bases: Iterable[Path]) -> str | None:
    """
    Return the settings that the environment, a configuration or a ``manage.py`` names.

    Args:
        root: the folder of the project.
        bases: the folders that its modules are imported from.
    """
    if named := os.environ.get(_VARIABLE):
        return named
    bases = [*bases]
    configurations = [root / name for name in _CONFIGURATIONS]
    for path in (*configurations, *(base / "manage.py" for base in bases)):
        if path.is_file():
            pattern = _IN_CODE if path.suffix == ".py" else _IN_CONFIGURATION
            for named in pattern.findall(path.read_text("utf-8", "replace")):
                if _exists(named, (root, *bases)):
                    return str(named)
    return None


def _exists(module: str, folders: Iterable[Path]) -> bool:
    parts = module.split(".")
    return any(
        folder.joinpath(*parts).with_suffix(".py").is_file() or folder.joinpath(*parts).is_dir()
        for folder in folders
    )
