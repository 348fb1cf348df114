"""
The comparison of what ``typed-signals check`` finds in public projects with what is expected.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

sys.path.insert(0, str(Path(__file__).parent.parent))

from primer import checking
from primer.checking import Checked, checked_from, differences, main, new_table, table_text
from primer.projects import Approval, Project, read_projects
from primer.runs import Error

# Other tests set mypy's search path.
del sys.path[0]

if TYPE_CHECKING:
    import pytest

PROJECT: Final = Project("bakery", "1.0", "0", ("bakery",), root="src")
ELSEWHERE: Final = Approval("bakery", "bakery/a.py", "signal-send", "missing 'size'", "by hand")
REPORT: Final[dict[str, Any]] = {
    "errors": [
        {"path": f"{path}.py", "line": 1, "column": 1, "code": "signal-send", "message": message}
        for path, message in (("src/bakery/a", "missing 'size'"), ("tests/b", 'a "message"'))
    ],
    "summary": {
        "files": 9,
        "signals": 3,
        "declared": 1,
        "sends": 4,
        "receivers": 2,
        "unjudged": {"unknown": {"send": 1, "receiver": 0}, "other": {"send": 2, "receiver": 2}},
        "remarks": ["not checked: /sources/bakery/c.py:1"],
    },
}
FOUND: Final = checked_from(REPORT, "/sources/bakery", 1.5)


def test_a_report_is_read() -> None:
    assert FOUND.counts == {
        "files": 9,
        "signals": 3,
        "declared": 1,
        "sends": 4,
        "receivers": 2,
        "judged_sends": 1,
        "judged_receivers": 0,
    }
    assert FOUND.errors[1] == Error("tests/b.py", 1, 'a "message"', "signal-send")
    assert FOUND.remarks == ["not checked: c.py:1"]


def test_only_what_is_written_is_expected() -> None:
    table = new_table(PROJECT, FOUND, {}, [ELSEWHERE])
    assert differences(PROJECT, FOUND, table, [ELSEWHERE]) == ['no reason: a "message"']
    table["errors"][0]["why"] = "a test sends it by hand"
    (read,) = tomllib.loads(table_text("bakery", table)).values()
    assert read == table
    assert differences(PROJECT, FOUND, read, [ELSEWHERE]) == []
    # A reason is kept.
    assert new_table(PROJECT, FOUND, read, [ELSEWHERE]) == read

    # One that is approved for `python -m primer` need not be found here.
    later = Checked({**FOUND.counts, "files": 8, "declared": 2}, FOUND.errors[:0], [], 0)
    assert differences(PROJECT, later, read, [ELSEWHERE]) == [
        "files = 8, not 9",
        "reported = 0, not 2",
        "remarks = [], not ['not checked: c.py:1']",
        'no longer reported: tests/b.py: a "message"',
    ]
    assert new_table(PROJECT, later, read, [ELSEWHERE])["errors"] == []
    assert differences(PROJECT, FOUND, read, [])[0].startswith("reported: src/bakery/a.py:1")


def test_the_figures_in_the_file_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def check(project: Project, _cache: object) -> Checked:
        if project.name == "other":
            raise RuntimeError("exit code 2")
        return FOUND

    monkeypatch.setattr(checking, "check", check)
    for name in ("bakery", "other"):
        with (tmp_path / "projects.toml").open("a", encoding="utf-8") as file:
            file.write(f'[{name}]\nversion = "1"\nsha256 = "0"\ncheck = ["{name}"]\n')
    (tmp_path / "approved.toml").touch()
    path = tmp_path / "checked.toml"
    path.write_text("# What it is.\n\n[other]\nfiles = 1\n", "utf-8")
    assert main(["--only", "bakery"], tmp_path) == 1
    assert "bakery: files = 9, not None" in capsys.readouterr().out
    assert main(["--only", "bakery", "--write"], tmp_path) == 0
    path.write_text(path.read_text("utf-8").replace('why = ""', 'why = "it is"'), "utf-8")
    assert path.read_text("utf-8").startswith("# What it is.\n\n[bakery]\nfiles = 9\n")
    assert main(["--only", "bakery"], tmp_path) == 0
    assert main([], tmp_path) == 1
    assert "other: exit code 2" in capsys.readouterr().out


def test_each_error_in_public_projects_has_a_reason() -> None:
    tables = tomllib.loads((checking.HERE / checking.FIGURES).read_text("utf-8"))
    assert {*tables} == {each.name for each in read_projects(checking.HERE / "projects.toml")}
    assert all(each["why"] for table in tables.values() for each in table.get("errors", []))
