"""
Whatever stands in the plugin's section of the mypy configuration, it is taken or refused in a line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mypy import api
from mypy.errors import CompileError
from mypy.options import Options

from tests.hostile import LONG, LONGEST_MESSAGE
from typed_signals.mypy._config import declaration_packages
from typed_signals.mypy._foreign import ForeignSignals

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# What values are made of, and what they are put into.
PIECES: Final = (
    *("os", "abc", "typing", "typed_signals", "typed_signals_stubs", "no_such", "\ud7ff", "\0"),
    *(".", "..", "/", "\\", ",", " ", "\n", "\n  ", "\t", "'", '"', "[", "]", "{", "}", "=", ":"),
    *("#", ";", "%", "%(x)s", "*", "1", "true", "1979-05-27", "declarations", "[typed-signals]"),
    *("[tool.typed-signals]", '"no_such"', '["no_such"]', "[1]", "\r", "\x85", "\ufeff"),
)
FORMS: Final = (
    ("mypy.ini", "[mypy]\n[typed-signals]\ndeclarations = {}\n"),
    ("mypy.ini", "[typed-signals]\n{}\n"),
    ("mypy.ini", "{}\n[typed-signals]\n"),
    ("setup.cfg", "[typed-signals]\ndeclarations:{}\n[mypy]\n"),
    ("pyproject.toml", "[tool.typed-signals]\ndeclarations = {}\n"),
    ("pyproject.toml", "[tool.typed-signals]\ndeclarations = ['{}']\n"),
    ("pyproject.toml", "[tool.typed-signals]\n{}\n"),
    ("pyproject.toml", "tool = {} # typed-signals]\n"),
)

values = st.one_of(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), st.text(max_size=20))


def refusal(folder: Path, name: str, content: bytes) -> str | None:
    """
    Return the line with which the plugin refuses a configuration, None if it takes it.
    """
    path = folder / name
    path.write_bytes(content)
    options = Options()
    options.config_file = str(path)
    try:
        found = ForeignSignals(options, declaration_packages(options)).modules
    except CompileError as error:
        [line] = error.messages
        return line
    assert "flask.signals" in found  # ours
    return None


def test_a_configuration_is_taken_or_refused_in_a_line(
    tmp_path: Path, step: Callable[[], None]
) -> None:
    outcomes = set()

    @given(st.sampled_from(FORMS), values)
    @example(FORMS[0], "typed_signals_stubs")
    @example(FORMS[0], "abc")
    @example(FORMS[0], LONG)
    @example(FORMS[4], "")
    @example(FORMS[5], LONG)
    def check(form: tuple[str, str], value: str) -> None:
        step()
        name, text = form
        line = refusal(tmp_path, name, text.replace("{}", value).encode("utf-8", "replace"))
        outcomes.add(line is None)
        if line is not None:
            assert line.startswith(f"{tmp_path / name}: error: [typed-signals] ")
            assert len(line.splitlines()) == 1
            assert len(line) < LONGEST_MESSAGE

    check()
    assert outcomes == {True, False}


@pytest.mark.parametrize(
    "content", [b"\xff\xfe[typed-signals]", b"[typed-signals]\ndeclarations=\xff"]
)
@pytest.mark.parametrize("name", ["mypy.ini", "pyproject.toml"])
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, name: str) -> None:
    line = refusal(tmp_path, name, content)
    assert line is not None
    assert "error: [typed-signals] cannot be read: 'utf-8' codec can't decode byte" in line


@pytest.mark.parametrize(
    ("name", "section", "problem"),
    [
        (
            "mypy.ini",
            "declarations = abc",
            "'abc' is a module: declare in a package, a folder with",
        ),
        ("mypy.ini", f"declarations = {LONG}", "the package 'xxx"),
        (
            "mypy.ini",
            "declarations = ../no_such",
            "the package '../no_such' cannot be read, as mypy",
        ),
        ("pyproject.toml", "declarations = [['a']]", "declarations is [['a']]: list the names of"),
        ("pyproject.toml", "[[tool.typed-signals]]", "is [{}, {}]: write it once, with"),
    ],
)
def test_mypy_ends_with_the_line(tmp_path: Path, name: str, section: str, problem: str) -> None:
    config = tmp_path / name
    head = {
        "mypy.ini": "[mypy]\nplugins = typed_signals.mypy\n[typed-signals]\n",
        "pyproject.toml": "[tool.mypy]\nplugins = ['typed_signals.mypy']\n[tool.typed-signals]\n",
    }[name]
    if section.startswith("[["):
        head = head.replace("[tool.typed-signals]", section)
    config.write_text(f"{head}{section}\n")
    options = ["--config-file", str(config), "--cache-dir", str(tmp_path), "--show-traceback"]
    output, problems, status = api.run([*options, "--no-error-summary", "-c", "1"])
    assert status == 2
    [line] = (output + problems).splitlines()
    assert line.startswith(f"{config}: error: [typed-signals] {problem}")
