"""
Known errors, and how they are recognised after changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from typed_signals.cli.check.baseline import compare, write_baseline
from typed_signals.cli.check.found import Problem
from typed_signals.cli.exits import CommandError

if TYPE_CHECKING:
    from pathlib import Path


def problem(path: Path, line: int, message: str, source: str = "") -> Problem:
    return Problem(path, line, 1, "signal-send", message, source)


def test_files_on_another_drive_have_their_whole_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, code = tmp_path / "known.json", tmp_path / "a" / "b.py"

    def relpath(path: Path, start: Path) -> str:
        raise ValueError(f"path is on another mount than {start}")  # as on Windows

    monkeypatch.setattr("os.path.relpath", relpath)
    known = [problem(code, 1, "missing 'size'", "done.send(one)")]
    write_baseline(file, known)
    assert f'"{code.as_posix()}"' in file.read_text("utf-8")
    assert compare(file, known, {code}).known == 1


def test_the_line_of_code_tells_equal_errors_apart(tmp_path: Path) -> None:
    file, code = tmp_path / "known.json", tmp_path / "a" / "b.py"
    known = [
        problem(code, 1, "missing 'size'", "done.send(one)"),
        problem(code, 2, "missing 'size'", "done.send(two)"),
        problem(code, 3, "missing 'size'", "done.send(two)"),
    ]
    write_baseline(file, known)
    assert file.read_text("utf-8").count('"a/b.py"') == 2  # the last two are one entry

    # Other lines, and one more.
    new = problem(code, 11, "missing 'size'", "done.send(three)")
    now = [problem(code, each.line + 10, each.message, each.source) for each in known]
    compared = compare(file, [*now, new], {code})
    assert (compared.new, compared.known, compared.stale) == ([new], 3, [])

    # The code of one has changed, but not its error.
    now[0] = problem(code, 9, "missing 'size'", "done.send(four)")
    assert compare(file, now, {code}).new == []
    # Another error is new, and one no longer occurs.
    now[0] = problem(code, 9, "missing 'note'", "done.send(one)")
    compared = compare(file, now, {code})
    assert compared.new == [now[0]]
    assert [entry.source for entry in compared.stale] == ["done.send(one)"]


def test_what_is_known_of_other_files_is_not_stale(tmp_path: Path) -> None:
    file = tmp_path / "known.json"
    there, gone = tmp_path / "there.py", tmp_path / "gone.py"
    there.touch()
    write_baseline(file, [problem(there, 1, "missing"), problem(gone, 1, "missing")])
    compared = compare(file, [], {tmp_path / "checked.py"})
    assert [entry.path for entry in compared.stale] == ["gone.py"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, "does not exist: write it with --write-baseline"),
        ("{", "is not a baseline: write one to another file"),
        ('{"version": 1}', "is not a baseline: write one to another file"),
        ("[]", "is not a baseline: write one to another file"),
        ('{"version": 2}', "has version 2, but this is version 1"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, text: str | None, expected: str) -> None:
    file = tmp_path / "known.json"
    if text is not None:
        file.write_text(text, "utf-8")
    with pytest.raises(CommandError) as raised:
        compare(file, [], set())
    assert expected in str(raised.value)
    with pytest.raises(CommandError, match="the baseline cannot be read: "):
        compare(tmp_path, [], set())
