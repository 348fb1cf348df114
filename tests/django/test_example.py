"""
The example Django project works as documented, at run time and with mypy.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from django import VERSION

from tests.examples import EXAMPLES, marked_lines, reported_lines, run_python

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

pytestmark = pytest.mark.any_python

PROJECT = EXAMPLES / "djangoproject"


@pytest.fixture(scope="module")
def mypy_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mypy_cache")


def manage(
    *arguments: str, settings: str = "project.settings", database: str = ":memory:"
) -> subprocess.CompletedProcess[str]:
    return run_python(
        "manage.py",
        *arguments,
        folder=PROJECT,
        DJANGO_SETTINGS_MODULE=settings,
        SHOP_DATABASE=database,
    )


def run_mypy(cache: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # In another process, because django-stubs sets up the project, and one is already set up here.
    options = ["--cache-dir", str(cache), "--no-color-output"]
    return run_python("-m", "mypy", *options, *arguments, folder=PROJECT)


def test_command_prints_the_expected_output(tmp_path: Path) -> None:
    database = str(tmp_path / "db.sqlite3")
    migrated = manage("migrate", "--verbosity", "0", database=database)
    assert (migrated.stdout, migrated.stderr) == ("", "")
    result = manage("one_evening", database=database)
    assert result.stdout == (PROJECT / "expected_output.txt").read_text("utf-8")
    assert result.stderr == ""


def test_its_own_tests_pass() -> None:
    result = manage("test")
    assert result.returncode == 0, result.stderr
    assert re.search(r"^Ran 14 tests in .*\n\nOK$", result.stderr, re.MULTILINE)


def test_nothing_is_wrong_with_its_receivers() -> None:
    result = manage("check", "--fail-level", "WARNING")
    assert result.returncode == 0, result.stderr


def test_its_migrations_are_complete() -> None:
    assert manage("makemigrations", "--check").stdout == "No changes detected\n"


def test_its_table_of_signals_is_up_to_date() -> None:
    options = ("list_signals", "--all", "--format", "markdown", "shop.*", "--check", "signals.md")
    result = manage(*options)
    assert (result.returncode, result.stderr) == (0, "")


def test_its_receivers_are_listed() -> None:
    result = manage("list_signals", "shop.*", "--format", "json")
    listed = {
        entry["signal"]: [each["receiver"] for each in entry["receivers"]]
        for entry in json.loads(result.stdout)
    }
    assert listed == {
        "shop.signals.order_cancelled": ["shop.receivers.count_points"],
        "shop.signals.order_placed": [
            "shop.receivers.print_ticket",
            "shop.receivers.count_points",
        ],
        "shop.signals.topping_sold_out": ["shop.receivers.close_recipes"],
    }


def test_mypy_passes_it(mypy_cache: Path) -> None:
    result = run_mypy(mypy_cache, "manage.py", "project", "shop")
    assert result.stdout == "Success: no issues found in 17 source files\n", result.stderr


def test_mypy_reports_each_marked_mistake_and_nothing_else(mypy_cache: Path) -> None:
    result = run_mypy(mypy_cache, "--config-file", "wrong/mypy.ini", "wrong")
    assert reported_lines(result.stdout) == set(marked_lines("wrong", "  # E: ", PROJECT))
    assert result.returncode == 1


def test_check_reports_each_marked_mistake_and_nothing_else() -> None:
    result = manage("check", settings="wrong.settings")
    marked = marked_lines("wrong", "  # check: ", PROJECT)
    assert set(marked.values()) == {f"E00{i}" for i in range(1, 6)} | {
        f"W00{i}" for i in range(1, 6)
    }
    if VERSION < (6, 0):  # Django 5.2 does not store senders
        marked = {place: check_id for place, check_id in marked.items() if check_id != "W004"}
    ids = re.findall(r"^.*?: \((\w+\.\w+)\)", result.stderr, re.MULTILINE)
    assert Counter(ids) == Counter(f"typed_signals.{check_id}" for check_id in marked.values())

    found = re.findall(r"\(([^()]+):(\d+)\): \(typed_signals\.(\w+)\)", result.stderr)
    prefix = f"{PROJECT}/"
    places = {f"{file.removeprefix(prefix)}:{line}": check_id for file, line, check_id in found}
    assert places == marked
    assert result.returncode == 1


def test_connect_refuses_a_receiver_of_its_own_signals_without_mypy() -> None:
    result = manage("check", settings="wrong.refused_settings")
    assert "ReceiverSignatureError: shop.signals.order_placed cannot connect" in result.stderr
    assert result.returncode == 1
