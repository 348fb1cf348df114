"""
The comparison of inferred keys with recorded ones in public projects.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from typed_signals.cli.infer.result import InferredKey, InferredSignal
from typed_signals.cli.survey.model import Place
from typed_signals.cli.survey.written_types import NamedType

sys.path.insert(0, str(Path(__file__).parent.parent))

from primer import inferring, sources
from primer.inferring import (
    Figures,
    Reader,
    compare,
    documented,
    figures_text,
    main,
    read_figures,
    recorded_signals,
)
from primer.projects import Checkout, Project, read_checkouts, read_projects
from primer.sources import Cache, SourceError

# Other tests set mypy's search path.
del sys.path[0]

if TYPE_CHECKING:
    from collections.abc import Sequence

INT = NamedType("builtins", "int")
RECORDED = {
    "custom": {
        "Bakery: bakery.signals.baked": {"sends": ["bread, minutes", "bread"], "receivers": {}},
        "Bakery: bakery.signals.open": {"sends": ["bread, **"], "receivers": {}},
        "Bakery: bakery.signals.never": {"sends": [], "receivers": {}},
        "other: other.signals.done": {"sends": [""], "receivers": {}},
    }
}


def inferred(name: str, *keys: str) -> InferredSignal:
    found = tuple(InferredKey(key, INT) for key in keys)
    return InferredSignal(name, Place("a.py", 1), "django", "", "complete", found)


def test_recorded_keys_are_read_by_project() -> None:
    assert recorded_signals("bakery", RECORDED) == {
        "bakery.signals.baked": [{"bread", "minutes"}, {"bread"}],
        "bakery.signals.open": [{"bread", "**"}],
    }


def test_keys_are_right_if_they_are_the_recorded_ones() -> None:
    recorded = recorded_signals("bakery", RECORDED)
    right = inferred("src.bakery.signals.baked", "bread", "minutes")
    also = inferred("bakery.signals.open", "bread", "unpacked")
    assert compare([right, also], recorded) == {}
    wrong = inferred("signals.baked", "bread", "weight")
    assert compare([wrong], recorded) == {
        "bakery.signals.baked": "without minutes; also weight",
        "bakery.signals.open": "not found",
    }


def test_figures_keep_the_reasons_that_people_wrote(tmp_path: Path) -> None:
    figures = {"bakery": Figures(2, 1, 3, 3, {"bakery.signals.open": "not found"}, installed=True)}
    reasons = {"bakery.signals.open": "it moved"}
    text = figures_text(figures, reasons)
    assert tomllib.loads(text)["bakery"]["installed"] is True
    (tmp_path / "inferred.toml").write_text(text, "utf-8")
    assert read_figures(tmp_path / "inferred.toml") == (figures, reasons)


def test_figures_of_all_projects_are_listed_with_reasons() -> None:
    figures, reasons = read_figures(inferring.HERE / inferring.FIGURES)
    recorded = json.loads(inferring.RECORDED.read_text("utf-8"))
    names = {project.name for project in read_projects(inferring.HERE / "projects.toml")}
    names |= {checkout.name for checkout in read_checkouts(inferring.HERE / "checkouts.toml")}
    names = {name for name in names if recorded_signals(name, recorded)}
    assert figures.keys() <= names
    for each in figures.values():
        assert each.right + len(each.missed) == each.signals
        assert all(reasons[signal] for signal in each.missed)
    total = sum(each.signals for each in figures.values())
    assert sum(each.right for each in figures.values()) >= 0.97 * total
    installed = [each for each in figures.values() if each.installed]
    assert sum(each.typed >= 0.6 * each.keys for each in installed if each.keys) >= 5
    page = (inferring.HERE.parent / "docs" / "reference" / "infer.md").read_text("utf-8")
    assert documented(figures, reasons) in page


def test_figures_are_documented_with_reasons() -> None:
    figures = {
        "Oven": Figures(1, 1, 0, 0, {}, installed=False),
        "bakery": Figures(2, 1, 3, 2, {"bakery.signals.open": "not found"}, installed=True),
    }
    assert documented(figures, {"bakery.signals.open": "it moved"}).splitlines() == [
        "| project | signals | keys right | keys | with a type |",
        "|---|--:|--:|--:|--:|",
        "| bakery | 2 | 1 | 3 | 67% |",
        "| Oven (bare) | 1 | 1 | 0 |  |",
        "| in all | 3 | 2 | 3 | 67% |",
        "",
        "| keys are not right, because | signals |",
        "|---|--:|",
        "| it moved | 1 |",
    ]


def test_signals_of_a_checkout_are_inferred(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "bakery"
    folder.mkdir()
    (folder / "signals.py").write_text(
        "from django.dispatch import Signal\nbaked = Signal()\nbaked.send(None, bread='rye')\n",
        "utf-8",
    )
    git = ("git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a")
    for command in ("init -q", "add .", "commit -qm baked"):
        subprocess.run([*git, *command.split()], check=True)
    commit = subprocess.check_output([*git, "rev-parse", "HEAD"], text=True).strip()
    checkout = Checkout("bakery", "bakery/bakery", commit, ("signals.py",), requirements=("r.txt",))
    installed: list[Sequence[str]] = []

    def environment(_cache: Cache, _name: str, requirements: Sequence[str], _say: object) -> Path:
        installed.append(requirements)
        raise SourceError("what it requires cannot be installed")

    monkeypatch.setattr(Cache, "environment", environment)
    reader = Reader(Cache(tmp_path), tmp_path, installs=True)
    figures = reader.figures(checkout, {"signals.baked": [{"bread"}], "signals.sold": [{"bread"}]})
    assert figures == Figures(2, 1, 1, 1, {"signals.sold": "not found"}, installed=False)
    assert installed == [["--requirements", str(folder / "r.txt")]]
    assert "cannot be installed" in capsys.readouterr().out
    with pytest.raises(SourceError, match="is not a clone of bakery/bakery at abc"):
        reader.figures(replace(checkout, commit="abc"), {})


def test_requirements_are_installed_once_without_the_constraints_of_this_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_CONSTRAINT", "lock.txt")
    commands: list[list[str]] = []

    def run(command: list[str], *, check: bool, env: dict[str, str]) -> SimpleNamespace:
        assert not check
        assert "UV_CONSTRAINT" not in env
        commands.append(command[3:])
        if command[3] == "venv":
            Path(command[-1]).mkdir()
        return SimpleNamespace(returncode="broken" in command)

    monkeypatch.setattr(sources, "subprocess", SimpleNamespace(run=run))
    cache = Cache(tmp_path)
    found = cache.environment("bakery", ["bakery==1"], print)
    assert cache.environment("bakery", ["bakery==1"], print) == found
    assert found.is_dir()
    assert [command[0] for command in commands] == ["venv", "pip"]
    assert commands[1][-1] == "bakery==1"
    with pytest.raises(SourceError, match="cannot be installed"):
        cache.environment("bakery", ["broken"], print)


def test_worse_figures_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "projects.toml").write_text(
        '[wagtail]\nversion = "1"\nsha256 = ""\ncheck = ["wagtail"]\n', "utf-8"
    )
    found = Figures(1, 1, 2, 1, {}, installed=True)

    def figures(_reader: Reader, _project: Project, _recorded: object) -> Figures:
        return found

    monkeypatch.setattr(Reader, "figures", figures)
    assert main([], tmp_path) == 1
    assert "wagtail: without figures" in capsys.readouterr().out
    assert main(["--write"], tmp_path) == 0
    assert main([], tmp_path) == 0
    found = Figures(1, 0, 2, 0, {"wagtail.signals.page_published": "not found"}, installed=True)
    assert main([], tmp_path) == 1
    assert capsys.readouterr().out.splitlines()[1:] == [
        "wagtail: no longer right: wagtail.signals.page_published",
        "wagtail: 0% of the keys have a type, instead of 50%",
    ]
