"""
The lines that a project's configuration needs for declarations, beside those that it has.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from typed_signals.cli.infer.configuration_lines import configuration_lines

if TYPE_CHECKING:
    from pathlib import Path

TOML = """
[tool.mypy]
strict = true
plugins = ["mypy_django_plugin.main"]
mypy_path = "src:stubs"
"""
INI = """
[mypy]
plugins =
    mypy_django_plugin.main,
    typed_signals.mypy
mypy_path = src, stubs
[typed-signals]
declarations = their_signals
"""


def test_what_is_configured_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text(TOML, "utf-8")
    lines = configuration_lines(file, "typings", "our_signals")
    assert tomllib.loads("\n".join(lines))["tool"] == {
        "mypy": {
            "plugins": ["mypy_django_plugin.main", "typed_signals.mypy"],
            "mypy_path": "src:stubs:typings",
        },
        "typed-signals": {"declarations": ["our_signals"]},
    }
    file = tmp_path / "setup.cfg"
    file.write_text(INI, "utf-8")
    assert configuration_lines(file, "typings", "our_signals") == [
        "[mypy]",
        "mypy_path = src:stubs:typings",
        "[typed-signals]",
        "declarations = their_signals, our_signals",
    ]
    assert configuration_lines(file, "stubs", "their_signals") == []
