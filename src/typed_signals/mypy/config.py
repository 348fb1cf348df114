"""
What the mypy configuration says to the plugin, in a section of its own::

    [typed-signals]
    declarations = shop_signals, more_signals

That is ``[tool.typed-signals]`` in ``pyproject.toml``, where it is a list of strings.
"""

from __future__ import annotations

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


def declaration_packages(options: Options) -> list[str]:
    """
    Return the packages of declarations that the configuration names.

    Raises:
        CompileError: the section cannot be read; mypy prints why, and ends.
    """
    file = cast("str", options.config_file)  # mypy loads plugins only where there is one
    try:
        text = Path(file).read_text("utf-8")
        if f"{_SECTION}]" not in text:  # as almost always: every run waits for this
            return []
        section = _read_toml(text) if file.endswith(".toml") else _read_ini(text)
    except (ValueError, ConfigParserError) as error:
        refuse_config(options, f"cannot be read: {' '.join(str(error).split())}")
    if not isinstance(section, dict):
        refuse_config(options, f"is {shown(section)}: write it once, with {_DECLARATIONS!r} in it")
    for option in section:
        if option != _DECLARATIONS:
            meant = suggest(option, [_DECLARATIONS])
            fix = f"did you mean {meant!r}?" if meant else f"the only one is {_DECLARATIONS!r}"
            refuse_config(options, f"there is no option {shown(option)}: {fix}")
    value = section.get(_DECLARATIONS, [])
    names = value.replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        refuse_config(options, f"{_DECLARATIONS} is {shown(value)}: list the names of packages")
    return names


def refuse_config(options: Options, problem: str) -> NoReturn:
    """
    Have mypy end with what is wrong in our section of the configuration.
    """
    raise CompileError([f"{options.config_file}: error: [{_SECTION}] {problem}"])


def _read_toml(text: str) -> Any:
    tools = tomllib.loads(text).get("tool", {})
    return tools.get(_SECTION, {}) if isinstance(tools, dict) else {}


def _read_ini(text: str) -> dict[str, Any]:
    parser = RawConfigParser()
    parser.read_string(text)
    return dict(parser[_SECTION]) if parser.has_section(_SECTION) else {}
