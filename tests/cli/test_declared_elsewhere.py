"""
Signals that a package of declarations in the project declares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typed_signals.cli.infer.edits import plan_declarations, plan_edits
from typed_signals.cli.infer.witnesses import infer
from typed_signals.cli.survey.written_types import short_text

from .commands import run_command, write_project
from .surveys import survey_folder

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

FILES = {
    "mypy.ini": "[mypy]\nplugins = typed_signals.mypy\n[typed-signals]\ndeclarations = ours\n",
    "ours/__init__.pyi": "",
    "ours/shop/__init__.pyi": "",
    "ours/shop/signals.pyi": """\
from typing import TypedDict
from typed_signals_stubs.blinker import Signal

class Baked(TypedDict):
    size: int

baked: Signal[object, Baked]
""",
    "shop/__init__.py": "",
    "shop/signals.py": "from blinker import Signal\n\nbaked, sold = Signal(), Signal()\n",
    "shop/sends.py": """\
from shop.signals import baked, sold

def send():
    baked.send(None, sise=1)
    sold.send(None, size=1)
""",
}


def test_the_declaration_is_known_to_all_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    survey = survey_folder(write_project(tmp_path, FILES), "shop")
    inference = infer(survey)
    (baked, sold) = inference.signals
    assert (baked.verdict, sold.verdict) == ("declared", "complete")
    assert [(key.name, short_text(key.type)) for key in baked.keys] == [("size", "int")]
    edits = plan_declarations(inference, tmp_path / "ours")
    assert (edits.declared, edits.left) == ((sold,), ())
    assert [left.signal for left in plan_edits(inference, survey).left] == [sold]
    monkeypatch.chdir(tmp_path)
    checked = run_command(capsys, "check", "--cache-dir", "cache", "shop")
    assert checked.notes[0] == "3 files: 2 signals (1 declared), 2 sends, 0 receivers"
    assert len(checked.errors) == 1
    # As mypy with the plugin, which stops.
    write_project(tmp_path, {"mypy.ini": "[typed-signals]\ndeclarations = gone\n"})
    (problem,) = survey_folder(tmp_path, "shop").problems
    assert "cannot read the package 'gone'" in problem


def test_our_declarations_of_a_package_do_not_count_in_its_own_code(tmp_path: Path) -> None:
    files = {
        "allauth/__init__.py": "",
        "allauth/account/__init__.py": "",
        "allauth/account/signals.py": """\
from django.dispatch import Signal

password_reset = Signal()

def send():
    password_reset.send(sender=None, request=None, user="me")
""",
    }
    survey = survey_folder(write_project(tmp_path, files), "allauth")
    inference = infer(survey)
    (reset,) = inference.signals
    assert (reset.verdict, [key.name for key in reset.keys]) == ("complete", ["request", "user"])
    (fact,) = survey.signals
    assert fact.payload is not None
    assert fact.is_declared_by_us
    edits = plan_edits(inference, survey)
    assert [signal.fullname for signal in edits.declared] == [reset.fullname]
    edits.write()
    (written,) = survey_folder(tmp_path, "allauth").signals
    assert written.payload is not None
    assert not written.is_declared_by_us
