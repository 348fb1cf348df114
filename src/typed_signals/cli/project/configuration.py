"""
The project's own configuration of mypy.
"""

from __future__ import annotations

import re
import tomllib
from configparser import Error, RawConfigParser
from typing import TYPE_CHECKING, Final

from .interpreter import is_repository

if TYPE_CHECKING:
    from pathlib import Path

_SECTIONS: Final = {
    "mypy.ini": re.compile(""),
    ".mypy.ini": re.compile(""),
    "pyproject.toml": re.compile(r"^\[+tool\.(mypy|typed-signals)\b", re.MULTILINE),
    "setup.cfg": re.compile(r"^\[(mypy\]|mypy-|typed-signals\])", re.MULTILINE),
}


def read_configuration(root: Path) -> tuple[Path | None, str]:
    """
    Return the file that mypy would read in *root*, or the one that configures the plugin.

    If this file cannot be read, return why.
    """
    for folder in (root, *root.parents):
        for name, section in _SECTIONS.items():
            path = folder / name
            if path.is_file():
                text = path.read_text("utf-8", "replace")
                if section.search(text):
                    problem = _problem_of(path, text)
                    return (None, problem) if problem else (path, "")
        if is_repository(folder):
            break
    return None, ""


def _problem_of(path: Path, text: str) -> str:
    try:
        if path.suffix == ".toml":
            tomllib.loads(text)
        else:
            RawConfigParser().read_string(text)
    except (tomllib.TOMLDecodeError, Error) as error:
        return f"{path} is not used, because it is invalid: {' '.join(str(error).split())}"
    return ""
