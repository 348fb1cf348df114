"""
The examples work as documented, at run time and with mypy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .examples import EXAMPLES, marked_lines, reported_lines, run_python
from .mypy_runs import run_mypy

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.any_python


def check(cache: Path, *packages: str) -> tuple[str, int]:
    output, errors, status = run_mypy(["--cache-dir", str(cache), "--no-color-output", *packages])
    assert errors == ""
    return output, status


EXPECTED_OUTPUT = (EXAMPLES / "pizzeria" / "expected_output.txt").read_text("utf-8")


def test_pizzeria_prints_the_expected_output_and_logs_the_failing_receiver() -> None:
    result = run_python("-m", "pizzeria")
    assert result.stdout == EXPECTED_OUTPUT
    assert result.stderr.startswith(
        "Error calling report_sales in pizzeria.store.PizzaStore.closed.send_robust()"
    )
    assert result.returncode == 0


def test_tests_of_the_pizzeria_pass() -> None:
    result = run_python("-m", "unittest", "pizzeria.tests")
    assert result.returncode == 0, result.stderr
    assert result.stderr.startswith("...\n")
    assert result.stdout == ""


def test_pizzeria_runs_where_mypy_is_not_installed() -> None:
    program = (
        "import runpy, sys; sys.modules['mypy'] = None; "
        "runpy.run_module('pizzeria', run_name='__main__')"
    )
    assert run_python("-c", program).stdout == EXPECTED_OUTPUT


def test_shop_prints_the_expected_output_and_logs_the_failing_receiver() -> None:
    result = run_python("-m", "shop_in_background")
    expected = EXAMPLES / "shop_in_background" / "expected_output.txt"
    assert result.stdout == expected.read_text("utf-8")
    assert result.stderr.startswith(
        "Error calling shop_in_background.receivers.update_stock in the background of "
    )
    assert result.returncode == 0


def test_tests_of_the_shop_pass() -> None:
    result = run_python("-m", "unittest", "shop_in_background.tests")
    assert (result.returncode, result.stderr[:4]) == (0, "...\n"), result.stderr


def test_mypy_passes_the_pizzeria_and_the_shop(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(EXAMPLES)
    success = ("Success: no issues found in 13 source files\n", 0)
    assert check(tmp_path, "pizzeria", "shop_in_background") == success


def test_mypy_reports_each_marked_mistake_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(EXAMPLES)
    output, status = check(tmp_path, "pizzeria_mistakes.py")
    assert reported_lines(output) == set(marked_lines("pizzeria_mistakes.py", "  # E: "))
    assert status == 1


def test_connect_refuses_the_first_wrong_receiver_without_mypy() -> None:
    result = run_python("pizzeria_mistakes.py")
    assert "ReceiverSignatureError: pizzeria.signals.order_placed cannot" in result.stderr
    assert result.stdout == ""
    assert result.returncode == 1
