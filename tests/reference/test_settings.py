"""
The page about settings has every setting, and the page about the command line every command.
"""

from __future__ import annotations

import inspect
import re
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest

import _typed_signals_pytest
import typed_signals
from tests.markdown import ROOT, read_blocks
from typed_signals import record, sphinx
from typed_signals.cli import exits, main
from typed_signals.cli.project import options as mypy_options
from typed_signals.mypy import config
from typed_signals.record.__main__ import main as record_main

REFERENCE = ROOT / "docs/reference"
SETTINGS = (REFERENCE / "settings.md").read_text("utf-8")
COMMAND_LINE = (REFERENCE / "command-line.md").read_text("utf-8")
SOURCE = Path(typed_signals.__file__).parent

# One process of ours sets them for another one, or restores what mypy sets.
INTERNAL = {"TYPED_SIGNALS_CHECK_PATH", "MYPY_CONFIG_FILE_DIR"}


def in_first_column(section: str, page: str = SETTINGS) -> set[str]:
    """
    Return what is code in the first column of the tables of a section.
    """
    text = re.split(rf"(?m)^#+ {re.escape(section)}\n", page)[1]
    rows = re.findall(r"(?m)^\| ([^|]*`[^|]*) \|", re.split(r"(?m)^##+ ", text)[0])
    return {code for row in rows for code in re.findall(r"`([^`]+)`", row)}


def test_arguments_of_configure() -> None:
    arguments = inspect.signature(typed_signals.configure)
    assert in_first_column("configure") == {*arguments.parameters}
    defaults = ", ".join(
        f"{name}={each.default!r}".replace("'", '"') for name, each in arguments.parameters.items()
    )
    assert f"`typed_signals.configure(*, {defaults})`" in SETTINGS


def test_keys_of_djangos_setting() -> None:
    text = (SOURCE / "django/_setting.py").read_text("utf-8")
    keys = re.findall(r'^    "([A-Z_]+)": \(|^[A-Z]+: Final = "([A-Z_]+)"$', text, re.MULTILINE)
    expected = {"".join(each) for each in keys} - {"TYPED_SIGNALS"}
    assert expected >= {"BAD_RECEIVER", "BACKGROUND"}
    djangos = {"SILENCED_SYSTEM_CHECKS", "TASKS", "LOGGING"}
    assert in_first_column("Django") == expected | djangos


def test_options_in_the_configuration_of_mypy(tmp_path: Path) -> None:
    codes = {*mypy_options._CODES}
    assert in_first_column("mypy") == {
        *("plugins", "check_untyped_defs", config._DECLARATIONS, f"[{config._SECTION}]"),
        *codes,
    }
    [ini] = [
        block.text for block in read_blocks("docs/reference/settings.md") if block.language == "ini"
    ]
    (tmp_path / "mypy.ini").write_text(ini, "utf-8")
    read = mypy_options._options_in(tmp_path / "mypy.ini")
    assert read.plugins == ["typed_signals.mypy"]
    assert read.check_untyped_defs
    assert config.declaration_packages(_with_file(tmp_path / "mypy.ini")) == ["our_signals"]
    named = re.search(r"such as `(\w+)`, `(\w+)` and `(\w+)`", SETTINGS)
    assert named is not None
    assert {*named.groups()} <= {*mypy_options._FOR_ALL}


def _with_file(path: Path) -> Any:
    options: Any = SimpleNamespace(config_file=str(path))
    return options


def test_environment_variables() -> None:
    texts = [file.read_text("utf-8") for file in SOURCE.rglob("*.py")]
    read = {
        name
        for text in texts
        if "os.environ" in text
        for name in re.findall(r'"([A-Z]{3,}(?:_[A-Z]+)*)"', text)
    }
    assert read > INTERNAL
    named = {one.partition("=")[0] for one in in_first_column("Environment variables")}
    assert named == read - INTERNAL


class _Options:
    """
    Like pytest's parser, it takes options and keeps their names.
    """

    def __init__(self) -> None:
        self.names: list[str] = []

    def getgroup(self, _name: str) -> _Options:
        return self

    def addoption(self, name: str, **_keywords: Any) -> None:
        self.names.append(name)


def test_fixtures_and_options_of_pytest() -> None:
    options: Any = _Options()
    record.pytest_addoption(options)
    fixtures = [
        name
        for name, value in vars(_typed_signals_pytest).items()
        if type(value).__name__ == "FixtureFunctionDefinition"
    ]
    assert fixtures == ["signal_spy"]
    named = {one.partition(" FILE")[0] for one in in_first_column("pytest")}
    assert named == {*fixtures, *options.names, f"-p {record.__name__}"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    [plugin] = project["entry-points"]["pytest11"]
    assert f"`-p no:{plugin}`" in SETTINGS
    assert not hasattr(_typed_signals_pytest, "pytest_addoption")


def test_settings_of_the_sphinx_extension() -> None:
    app = MagicMock()
    sphinx.setup(app)
    [stated] = app.add_config_value.call_args_list
    assert in_first_column("Sphinx") == {stated.args[0]}


def test_commands() -> None:
    assert in_first_column("typed-signals", COMMAND_LINE) >= {*main._COMMANDS}
    assert all((REFERENCE / f"{command}.md").is_file() for command in main._COMMANDS)
    commands = (SOURCE / "django/management/commands").glob("[!_]*.py")
    djangos = {"check", "--tag typed_signals"}
    assert in_first_column("manage.py", COMMAND_LINE) | djangos == {
        *(file.stem for file in commands),
        *djangos,
    }


def test_arguments_of_all_commands() -> None:
    from argparse import ArgumentParser
    from importlib import import_module

    common: set[str] | None = None
    for name in main._COMMANDS:
        parser = ArgumentParser()
        import_module(f"typed_signals.cli.{name}").add_arguments(parser)
        options = {each.option_strings[-1] for each in parser._actions if each.option_strings}
        common = options if common is None else common & options
    named = {one.split()[0] for one in in_first_column("typed-signals", COMMAND_LINE)}
    assert {one for one in named if one.startswith("-")} == common


def test_exit_codes() -> None:
    codes = [value for value in vars(exits).values() if isinstance(value, int)]
    assert list(map(int, re.findall(r"(?m)^\| (\d) \|", COMMAND_LINE))) == codes


def test_arguments_of_the_recorder(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        record_main(["--help"])
    options = set(re.findall(r"(?m)^  (?:-h, )?(--?\w+)", capsys.readouterr().out)) - {"--help"}
    section = in_first_column("python -m typed_signals.record", COMMAND_LINE)
    assert {one.split()[0] for one in section} == options
