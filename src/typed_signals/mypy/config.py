"""
The section of the mypy configuration for the plugin::

    [typed-signals]
    declarations = shop_signals, more_signals

In ``pyproject.toml``, this is ``[tool.typed-signals]``, with a list of strings.
"""

from __future__ import annotations

import re
import tomllib
from configparser import Error as ConfigParserError
from configparser import RawConfigParser
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, cast

from mypy.errors import CompileError

from typed_signals._shared.messages import shown, suggest

if TYPE_CHECKING:
    from mypy.options import Options

_SECTION: Final = "typed-signals"
_DECLARATIONS: Final = "declarations"
_READ_BEFORE_PYPROJECT: Final = ("mypy.ini", ".mypy.ini")
_SIMILAR_SECTIONS: Final = re.compile(
    r"^[ \t]*\[((?:tool\.)?typed[-_. ]?signals?)\]", re.IGNORECASE | re.MULTILINE
)


def declaration_packages(options: Options) -> list[str]:
    """
    Return the packages of declarations that the configuration names.

    Raises:
        CompileError: the section is invalid; mypy prints the message and stops.
    """
    file = cast("str", options.config_file)  # mypy only loads plugins if there is one
    try:
        text = Path(file).read_text("utf-8")
        _refuse_similar_section(options, text)
        if f"{_SECTION}]" not in text:  # the usual case, and fast, because this is in every run
            _refuse_section_elsewhere(options)
            return []
        section = _read_toml(text) if file.endswith(".toml") else _read_ini(text)
    except (ValueError, ConfigParserError) as error:
        refuse_config(options, f"cannot be read: {' '.join(str(error).split())}")
    if not isinstance(section, dict):
        refuse_config(options, f"must be one section with {_DECLARATIONS!r}, not {shown(section)}")
    for option in section:
        if option != _DECLARATIONS:
            meant = suggest(option, [_DECLARATIONS])
            fix = f"did you mean {meant!r}?" if meant else f"the only option is {_DECLARATIONS!r}"
            refuse_config(options, f"has no option {shown(option)}: {fix}")
    value = section.get(_DECLARATIONS, [])
    names = value.replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        refuse_config(
            options, f"{_DECLARATIONS} must be a list of package names, not {shown(value)}"
        )
    return names


def _refuse_similar_section(options: Options, text: str) -> None:
    """
    Stop mypy if there is a section that is certainly meant to be ours, but has another name.
    """
    prefix = "tool." if str(options.config_file).endswith(".toml") else ""
    for written in _SIMILAR_SECTIONS.findall(text):
        if written != f"{prefix}{_SECTION}":
            refuse_config(options, f"is the name of the section, not [{written}]: rename it")


def _refuse_section_elsewhere(options: Options) -> None:
    """
    Stop mypy if our section is in a file that mypy does not read, because it found another one.
    """
    file = Path(str(options.config_file))
    other = file.with_name("pyproject.toml")
    if file.name not in _READ_BEFORE_PYPROJECT or not other.is_file():
        return
    if f"[tool.{_SECTION}]" in other.read_text("utf-8"):
        refuse_config(options, f"is in pyproject.toml, which mypy does not read: move it to {file}")


def refuse_config(options: Options, problem: str) -> NoReturn:
    """
    Stop mypy with a message about our section of the configuration.
    """
    raise CompileError([config_error(options, problem)])


def config_error(options: Options, problem: str) -> str:
    """
    Return a message about our section of the configuration.
    """
    file = str(options.config_file)
    section = f"tool.{_SECTION}" if file.endswith(".toml") else _SECTION
    return f"{file}: error: [{section}] {problem}"


def _read_toml(text: str) -> Any:
    tools = tomllib.loads(text).get("tool", {})
    return tools.get(_SECTION, {}) if isinstance(tools, dict) else {}


def _read_ini(text: str) -> dict[str, Any]:
    parser = RawConfigParser()
    parser.read_string(text)
    return dict(parser[_SECTION]) if parser.has_section(_SECTION) else {}
