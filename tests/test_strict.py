"""
The errors of ``mypy --strict`` for users of another package's signals.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from .markdown import ROOT, errors_of_mypy, read_blocks

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.any_python

CASES = ROOT / "typing_tests" / "cases"
PROGRAMS = ("library.py", "strict.py", "strict_on_django.py")
STRICT = """\
[mypy]
strict = true
warn_unreachable = true
enable_error_code = deprecated, ignore-without-code, redundant-expr, truthy-bool
"""


def expected_errors() -> list[str]:
    """
    Return the places of expected errors in the programs: the lines after a comment.
    """
    return [
        f"{name}:{number + 1}"
        for name in PROGRAMS
        for number, line in enumerate((CASES / name).read_text("utf-8").splitlines(), start=1)
        if line == "# Error"
    ]


def check_programs(folder: Path, config: str) -> list[str]:
    (folder / "mypy.ini").write_text(config, "utf-8")
    for name in PROGRAMS:
        shutil.copy(CASES / name, folder)
    return errors_of_mypy(folder)


@pytest.fixture(scope="module")
def errors(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """
    The errors in the programs, without our plugin.
    """
    return check_programs(tmp_path_factory.mktemp("strict"), STRICT)


def test_right_receivers_are_accepted_and_wrong_ones_are_not(errors: list[str]) -> None:
    assert sorted(error.partition(": ")[0] for error in errors) == sorted(expected_errors())


def test_messages_are_short_and_contain_the_expected_type(errors: list[str]) -> None:
    for error in errors:
        message = error.partition(": error: ")[2]
        assert 'expected "ReceiverOf[type[PizzaStore], [NamedArg(' in message
        assert len(message) < 310


def test_plugin_reports_the_same_with_its_own_messages(tmp_path: Path) -> None:
    errors = check_programs(tmp_path, f"{STRICT}plugins = typed_signals.mypy\n")
    assert len(errors) == len(expected_errors())
    assert all("[signal-" in error for error in errors)


def test_page_on_type_checkers_shows_the_messages_of_mypy(tmp_path: Path) -> None:
    blocks = read_blocks("docs/reference/typing.md")
    declaring, connecting, *_ = (block.text for block in blocks if block.language == "python")
    shown, *_ = (block.text for block in blocks if block.language == "text")
    (tmp_path / "mypy.ini").write_text(STRICT, "utf-8")
    (tmp_path / "shop.py").write_text(f"{declaring}\n\n{connecting}", "utf-8")
    assert errors_of_mypy(tmp_path) == shown.splitlines()


@pytest.mark.parametrize(("star", "is_accepted"), [("*, ", True), ("", False)])
def test_declarations_with_keyword_parameters_need_the_star(
    tmp_path: Path, star: str, *, is_accepted: bool
) -> None:
    (tmp_path / "mypy.ini").write_text(STRICT, "utf-8")
    (tmp_path / "shop.py").write_text(
        "from typed_signals import Signal, receiver\n\n\n"
        "@Signal.declare\n"
        f"def done(sender: object, {star}minutes: int) -> object: ...\n\n\n"
        "@receiver(done)\n"
        "def log(sender: object, **kwargs: object) -> None: ...\n",
        "utf-8",
    )
    assert bool(errors_of_mypy(tmp_path)) is not is_accepted
