"""
The module of the Django settings of a project.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_VARIABLE: Final = "DJANGO_SETTINGS_MODULE"
# Of django-stubs, whose plugin prefers it to the variable.
_IN_MYPYS: Final = re.compile(r"^\s*django_settings_module\s*=\s*[\"']?([\w.]+)", re.MULTILINE)
_IN_CODE: Final = re.compile(rf"{_VARIABLE}[\"']\s*[,\]]\s*=?\s*[\"']([\w.]+)[\"']")
# Of pytest-django and tox.
_IN_CONFIGURATION: Final = re.compile(rf"^\s*{_VARIABLE}\s*=\s*[\"']?([\w.]+)", re.MULTILINE)
_CONFIGURATIONS: Final = ("mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg", "pytest.ini")


def settings_module(root: Path, bases: Iterable[Path]) -> str | None:
    """
    Return the settings that a configuration, the environment or a ``manage.py`` names.

    Args:
        root: the folder of the project.
        bases: the folders that its modules are imported from.
    """
    bases = [*bases]
    configurations = [root / name for name in _CONFIGURATIONS]
    programs = [base / "manage.py" for base in bases]
    first = _named_in(configurations, _IN_MYPYS)
    others = [*_named_in(configurations, _IN_CONFIGURATION), *_named_in(programs, _IN_CODE)]
    folders = (root, *bases)
    return (
        next((named for named in first if _exists(named, folders)), None)
        or os.environ.get(_VARIABLE)
        or next((named for named in others if _exists(named, folders)), None)
    )


def _named_in(paths: Iterable[Path], pattern: re.Pattern[str]) -> Iterator[str]:
    for path in paths:
        if path.is_file():
            yield from pattern.findall(path.read_text("utf-8", "replace"))


def _exists(module: str, folders: Iterable[Path]) -> bool:
    parts = module.split(".")
    return any(
        folder.joinpath(*parts).with_suffix(".py").is_file() or folder.joinpath(*parts).is_dir()
        for folder in folders
    )
