"""
The command line itself.
"""

from __future__ import annotations

import io
import re
import runpy
import subprocess
import sys
from argparse import ArgumentParser
from importlib import import_module
from importlib.metadata import version
from typing import Any

import pytest

from tests.markdown import ROOT
from typed_signals.cli import check, infer, main, schema
from typed_signals.cli import map as map_command
from typed_signals.cli.exits import CommandError


def test_help_and_version_need_no_extra(capsys: pytest.CaptureFixture[str]) -> None:
    for option, expected in (
        ("--help", "check the sends"),
        ("--version", version("typed-signals")),
    ):
        with pytest.raises(SystemExit) as ended:
            main.main([option])
        assert ended.value.code == 0
        assert expected in capsys.readouterr().out


@pytest.mark.parametrize(
    ("page", "command"),
    [("check", check), ("infer", infer), ("map", map_command), ("schema", schema)],
)
def test_the_page_of_a_command_names_its_options(page: str, command: Any) -> None:
    parser = ArgumentParser(add_help=False)
    command.add_arguments(parser)
    text = (ROOT / "docs" / "reference" / f"{page}.md").read_text("utf-8")
    named = {*re.findall(r"(?<![\w-])--?[a-z]+(?:-[a-z]+)*\b", text)}
    options = [{*action.option_strings} for action in parser._actions if action.option_strings]
    assert [names for names in options if not names & named] == []
    others = {"--from", "--spec", "--exit-code", "--parallel"}  # of uvx, pipx, git and Django
    assert {one for one in named if one.startswith("--")} - others <= set().union(*options)


def test_a_wrong_command_line_cannot_run(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main.main(["bake"])
    assert ended.value.code == 2
    assert "invalid choice: 'bake'" in capsys.readouterr().err


def test_without_the_extra_the_command_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main, "find_spec", lambda name: None if name != "mypy" else name)
    assert main.main(["check"]) == 2
    assert capsys.readouterr().err == (
        "typed-signals: check needs libcst, rich: install 'typed-signals[check]'\n"
    )


def test_the_module_is_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["typed-signals", "--version"])
    # Whatever the streams are.
    monkeypatch.setattr(sys, "stdout", printed := io.StringIO())
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("typed_signals", run_name="__main__")
    assert ended.value.code == 0
    assert printed.getvalue().startswith("typed-signals ")
    import_module("typed_signals.__main__")
    assert sys.modules.pop("typed_signals.__main__").main is main.main


@pytest.mark.parametrize(
    ("raised", "printed"),
    [
        (CommandError("no way"), "typed-signals: no way\n"),
        (KeyboardInterrupt(), "typed-signals: interrupted\n"),
    ],
)
def test_what_stops_a_command_is_one_line(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    raised: BaseException,
    printed: str,
) -> None:
    def stop(_: Any) -> int:
        raise raised

    monkeypatch.setattr(check, "run", stop)
    assert main.main(["check"]) == 2
    assert capsys.readouterr().err == printed


def test_a_closed_pipe_is_no_error_of_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = subprocess.Popen([sys.executable, "-c", ""], stdin=subprocess.PIPE)
    reading.wait()
    assert reading.stdin is not None
    stream = io.TextIOWrapper(reading.stdin, write_through=True)
    monkeypatch.setattr(sys, "stdout", stream)

    def show(_: Any) -> int:
        sys.stdout.write("no errors \udcff\n")
        return 0

    monkeypatch.setattr(check, "run", show)
    assert main.main(["check"]) == 2
    stream.close()  # into nothing
