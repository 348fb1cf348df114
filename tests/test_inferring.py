"""
The comparison of inferred keys with recorded ones in public projects.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from typed_signals.cli.infer.result import InferredKey, InferredSignal
from typed_signals.cli.survey.model import Place
from typed_signals.cli.survey.written_types import NamedType

sys.path.insert(0, str(Path(__file__).parent.parent))

from primer import inferring
from primer.inferring import Figures, compare, figures_text, main, recorded_signals
from primer.projects import read_projects

# Other tests set mypy's search path.
del sys.path[0]

if TYPE_CHECKING:
    import pytest

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


def test_figures_keep_the_reasons_that_people_wrote() -> None:
    figures = {"bakery": Figures(2, 1, 3, 3, {"bakery.signals.open": "not found"})}
    text = figures_text(figures, {"bakery.signals.open": "it moved"})
    assert tomllib.loads(text)["bakery"] == {
        "signals": 2,
        "right": 1,
        "keys": 3,
        "typed": 3,
        "missed": [{"signal": "bakery.signals.open", "how": "not found", "why": "it moved"}],
    }


def test_figures_of_all_projects_are_listed_with_reasons() -> None:
    data = tomllib.loads((inferring.HERE / inferring.FIGURES).read_text("utf-8"))
    names = {project.name for project in read_projects(inferring.HERE / "projects.toml")}
    assert data.keys() <= names
    for each in data.values():
        missed = each.get("missed", [])
        assert each["right"] + len(missed) == each["signals"]
        assert all(one["why"] for one in missed)
    total = sum(each["signals"] for each in data.values())
    assert sum(each["right"] for each in data.values()) >= 0.97 * total


def test_other_figures_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "projects.toml").write_text(
        '[wagtail]\nversion = "1"\nsha256 = ""\ncheck = ["wagtail"]\n', "utf-8"
    )
    monkeypatch.setattr(inferring, "figures_of", lambda *_: Figures(1, 1, 2, 1, {}))
    assert main(["--write"], tmp_path) == 0
    assert main([], tmp_path) == 0
    monkeypatch.setattr(inferring, "figures_of", lambda *_: Figures(1, 1, 2, 0, {}))
    assert main([], tmp_path) == 1
    assert "other than in inferred.toml: wagtail" in capsys.readouterr().out
