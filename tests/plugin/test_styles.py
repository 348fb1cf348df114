"""
What the plugin finds, by style of connecting: in the programs of :mod:`.styles`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from tests.mypy_runs import run_configured

from .styles import TABLE, read_styles, table

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.any_python

STYLES = read_styles()
_ERROR = re.compile(r"(?:.*/)?(wrong|right)_(\d+)\.py:\d+: error: (.*)")
# The codes of the plugin, and those of mypy for sends.
_OURS = re.compile(r"\[(signal-[a-z]+|call-arg)\]$")


def check(folder: Path, configuration: str) -> dict[str, dict[str, list[str]]]:
    """
    Return mypy's errors in the wrong and in the right programs, by name of the style.
    """
    for number, style in enumerate(STYLES):
        (folder / f"wrong_{number}.py").write_text(style.wrong, "utf-8")
        (folder / f"right_{number}.py").write_text(style.right, "utf-8")
    config = folder / "mypy.ini"
    config.write_text(
        f"[mypy]\nplugins = typed_signals.mypy\ncheck_untyped_defs = true\n{configuration}", "utf-8"
    )
    output, problems = run_configured(config, *map(str, sorted(folder.glob("*.py"))))
    assert not problems
    found: dict[str, dict[str, list[str]]] = {
        "wrong": defaultdict(list),
        "right": defaultdict(list),
    }
    for line in output.splitlines():
        if match := _ERROR.match(line):
            kind, place, text = match.groups()
            found[kind][STYLES[int(place)].name].append(text)
        else:
            assert ": note: " in line
    return found


def test_mistake_is_found_in_each_style_or_the_page_says_why_not(tmp_path: Path) -> None:
    found = check(tmp_path, "")
    assert found["right"] == {}
    errors = found["wrong"]
    reported = {name for name in errors if any(_OURS.search(text) for text in errors[name])}
    assert reported == {style.name for style in STYLES if not style.missed}


def test_without_djangos_types_nothing_is_reported_by_mistake(tmp_path: Path) -> None:
    unread = "[mypy-django.*]\nfollow_imports = skip\nfollow_imports_for_stubs = true\n"
    assert check(tmp_path, unread)["right"] == {}


def test_most_styles_are_found() -> None:
    assert len({style.name for style in STYLES}) == len(STYLES) >= 99
    found = [style for style in STYLES if not style.missed]
    assert len(found) / len(STYLES) >= 85 / 99


def test_documentation_has_the_table() -> None:
    assert TABLE.read_text("utf-8") == table(), "run: python -m tests.plugin.styles"
