"""
The lines of a project's configuration with which mypy reads a package of declarations.
"""

from __future__ import annotations

import json
import re
import tomllib
from configparser import RawConfigParser
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SEPARATORS: Final = re.compile(r"[,\n]")
_PATH_SEPARATORS: Final = re.compile(r"[,:\n]")
_PATH: Final = "mypy_path"


def configuration_lines(file: Path | None, folder: str, package: str) -> list[str]:
    """
    Return the lines that *file* needs, with the values that it has already; none if it has all.

    Args:
        file: the configuration of the project; None if there is none.
        folder: the folder of the package, as it is written.
        package: the name of the package.
    """
    is_toml = file is not None and file.suffix == ".toml"
    sections = {} if file is None else _sections_in(file)
    needed = {
        "mypy": {"plugins": "typed_signals.mypy", _PATH: folder},
        "typed-signals": {"declarations": package},
    }
    lines: list[str] = []
    for section, options in needed.items():
        changed: list[str] = []
        for name, value in options.items():
            values = [*_values(name, sections.get(section, {}).get(name, ""))]
            if value not in values:
                values.append(value)
                changed.append(f"{name} = {_written(name, values, is_toml=is_toml)}")
        if changed:
            lines += [f"[tool.{section}]" if is_toml else f"[{section}]", *changed]
    return lines


def _sections_in(file: Path) -> dict[str, Any]:
    text = file.read_text("utf-8", "replace")
    if file.suffix == ".toml":
        found: dict[str, Any] = tomllib.loads(text).get("tool", {})
        return found
    parser = RawConfigParser()
    parser.read_string(text)
    return {name: dict(parser[name]) for name in parser.sections()}


def _values(name: str, value: str | list[str]) -> Iterator[str]:
    if isinstance(value, list):
        yield from value
        return
    separators = _PATH_SEPARATORS if name == _PATH else _SEPARATORS
    yield from filter(None, map(str.strip, separators.split(value)))


def _written(name: str, values: list[str], *, is_toml: bool) -> str:
    if name == _PATH:
        path = ":".join(values)
        return json.dumps(path) if is_toml else path
    return json.dumps(values) if is_toml else ", ".join(values)
