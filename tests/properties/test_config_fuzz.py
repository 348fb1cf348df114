"""
Any section of the plugin in the mypy configuration is accepted, or refused with one line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hypothesis import example, given
from hypothesis import strategies as st

from tests.hostile import LONG, LONGEST_MESSAGE
from tests.plugin.checking import refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Parts of values, and their containers.
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


def test_configuration_is_accepted_or_refused_with_one_line(
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
            section = "tool.typed-signals" if name == "pyproject.toml" else "typed-signals"
            assert line.startswith(f"{tmp_path / name}: error: [{section}] ")
            assert len(line.splitlines()) == 1
            assert len(line) < LONGEST_MESSAGE

    check()
    assert outcomes == {True, False}
