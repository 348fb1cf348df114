"""
What ``typed-signals infer`` prints when it writes.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from textwrap import dedent

import pytest

from typed_signals.cli.exits import CommandError
from typed_signals.cli.infer import add_arguments
from typed_signals.cli.infer.result import Inference, InferredKey, InferredSignal
from typed_signals.cli.infer.writing import with_recordings, write, writes
from typed_signals.cli.survey.model import Place, Survey
from typed_signals.cli.survey.written_types import NamedType, UnknownType

SOURCE = "from django.dispatch import Signal\n\npaid = Signal()\nopened = Signal()\n"


def options(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(words)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "signals.py").write_text(SOURCE, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def inference(project: Path) -> Inference:
    engine = "django.dispatch.dispatcher.Signal"
    size = InferredKey("size", NamedType("builtins", "int"))
    paid = InferredSignal(
        "signals.paid", Place("signals.py", 3), "django", engine, "complete", (size,)
    )
    opened = InferredSignal("signals.opened", Place("signals.py", 4), "django", engine, "open")
    return Inference(str(project), (paid, opened))


def test_changes_are_shown_or_made(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    survey = Survey(str(project))
    shown = options("--diff")
    assert writes(shown)
    assert write(shown, inference(project), survey) == 0
    out, err = capsys.readouterr()
    assert "+paid = TypedSignal[object, Paid]()\n" in out
    assert err == (
        "signals.py:4: signals.opened is not declared: a send passes keys that are not known\n"
    )
    assert write(options("--diff", "--output", "paid.diff"), inference(project), survey) == 0
    assert Path("paid.diff").read_text("utf-8") == out
    assert capsys.readouterr().out == ""
    assert (project / "signals.py").read_text("utf-8") == SOURCE
    assert write(options("--write"), inference(project), survey) == 0
    assert capsys.readouterr().out == "signals.py: changed\n1 signal is declared, 1 left\n"
    assert "TypedSignal[object, Paid]()" in (project / "signals.py").read_text("utf-8")


def test_declarations_come_with_their_configuration(
    project: Path, capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    survey = Survey(str(project))
    assert not writes(options())
    declare = options("--declarations", "typings/ours")
    assert write(declare, inference(project), survey) == 0
    assert "mypy_path = typings\n    [typed-signals]\n    declarations = ours\n" in (
        capsys.readouterr().out
    )
    assert write(declare, inference(project), survey) == 0
    assert capsys.readouterr().out == "0 signals are declared, 1 left\n"
    (project / "pyproject.toml").write_text("[tool.mypy]\nstrict = true\n", "utf-8")
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "ours"
    write(options("--declarations", str(elsewhere)), inference(project), survey)
    printed = capsys.readouterr().out
    assert f"{elsewhere.as_posix()}/signals.pyi: written" in printed
    assert 'these lines in pyproject.toml:\n    [tool.mypy]\n    plugins = ["typed' in printed
    assert '[tool.typed-signals]\n    declarations = ["ours"]\n' in printed
    # Nothing is missing.
    lines = dedent(printed.partition("pyproject.toml:\n")[2])
    (project / "pyproject.toml").write_text(lines, "utf-8")
    (elsewhere / "signals.pyi").unlink()
    write(options("--declarations", str(elsewhere)), inference(project), survey)
    assert capsys.readouterr().out.endswith("1 signal is declared, 1 left\n")


def test_what_cannot_be_done_is_an_error(project: Path) -> None:
    with pytest.raises(CommandError, match="choose one of them"):
        writes(options("--write", "--declarations", "ours"))
    with pytest.raises(CommandError, match="--format and --output are for the report"):
        writes(options("--diff", "--output", "report"))
    (project / "file").touch()
    with pytest.raises(CommandError, match=r"Not a directory"):
        write(options("--declarations", "file/ours"), inference(project), Survey(str(project)))


def test_recordings_join(project: Path) -> None:
    unknown = InferredKey("size", UnknownType())
    (signal, _) = inference(project).signals
    given = Inference(
        str(project), (InferredSignal(**{**vars(signal), "keys": (unknown,), "sender": None}),)
    )
    assert with_recordings(options(), given) is given
    (project / "sent.jsonl").write_text(
        f'{{"typed_signals_record": 1, "root": "{project.as_posix()}"}}\n'
        '{"signal": "signals.paid", "place": ["pay.py", 3], "method": "send", '
        '"sender": {"module": "builtins", "name": "None"}, "keys": ["size"]}\n'
        '{"signal": "signals.paid", "place": ["pay.py", 3], "key": "size", '
        '"type": {"module": "builtins", "name": "int"}}\n',
        "utf-8",
    )
    (found,) = with_recordings(options("--record", "sent.jsonl"), given).signals
    assert found.keys[0].type == NamedType("builtins", "int")
