"""
The code blocks of the page about turning it on have the documented results.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from .markdown import read_blocks

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.pages

BLOCKS = read_blocks("docs/howto/gradual.md")
PYTHON = [block.text for block in BLOCKS if block.language == "python"]
CONFIGURE, SETTINGS, SHOP, CAPTURE, BY_PATTERN, SETTINGS_BY_PATTERN = PYTHON
WARNINGS, CHECK = (block.text for block in BLOCKS if block.language == "text")
[TOML] = (block.text for block in BLOCKS if block.language == "toml")

RUN = """
import importlib
importlib.import_module("shop")
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def start(folder: Path, *first: str) -> subprocess.CompletedProcess[str]:
    """
    Run an application that does *first*, and imports the shop.
    """
    (folder / "shop.py").write_text(SHOP, "utf-8")
    (folder / "app.py").write_text("\n".join([*first, RUN]), "utf-8")
    return run(folder, "-W", "default", "app.py")


def without_source(shown: str, folder: Path) -> str:
    lines = shown.replace(f"{folder}/", "").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("  "))


def test_program_works_as_before_and_reports_what_is_wrong(tmp_path: Path) -> None:
    ran = start(tmp_path, CONFIGURE)
    assert ran.stdout == "order 1: 30\n"
    assert without_source(ran.stderr, tmp_path) == WARNINGS


def test_warnings_are_logged(tmp_path: Path) -> None:
    log = "logging.basicConfig(format='%(name)s %(message)s')"
    ran = start(tmp_path, CONFIGURE, CAPTURE, log)
    logged = without_source(ran.stderr, tmp_path).replace("py.warnings ", "")
    assert logged.split() == WARNINGS.split()
    assert ran.stderr.count("py.warnings ") == 2


@pytest.mark.parametrize("first", ["", BY_PATTERN])
def test_default_and_patterns_refuse_the_first_mistake(tmp_path: Path, first: str) -> None:
    ran = start(tmp_path, first)
    assert ran.returncode == 1
    said = WARNINGS.splitlines()[0].partition("should not connect ")[2]
    assert ran.stderr.replace(f"{tmp_path}/", "").splitlines()[-1].endswith(said)


def test_corrected_shop_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(SHOP.replace("total: int", "amount: int"), "utf-8")
    ran = run(tmp_path, "-W", "error", "app.py")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "order 1: 30\n", "")


def test_warning_is_an_error_in_tests(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(TOML, "utf-8")
    (tmp_path / "shop.py").write_text(SHOP, "utf-8")
    test = f"{CONFIGURE}\n\ndef test_shop():\n    import shop\n"
    (tmp_path / "test_shop.py").write_text(test, "utf-8")
    ran = run(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert ran.returncode == 1
    assert "typed_signals.exceptions.ContractWarning: shop.order_paid should not" in ran.stdout


PROJECT: dict[str, str] = {
    "shop/__init__.py": "",
    "shop/apps.py": """
from django.apps import AppConfig

class ShopConfig(AppConfig):
    name = "shop"

    def ready(self):
        from . import receivers
""",
    "shop/signals.py": """
from typing import TypedDict
from typed_signals.django import Signal

class OrderPaid(TypedDict):
    order_id: int
    total: int

order_paid = Signal[object, OrderPaid]()
""",
    "shop/receivers.py": """
from typed_signals import receiver
from .signals import order_paid


@receiver(order_paid)
def book(sender, order_id, amount, **kwargs): ...

try:
    order_paid.send(None, order_id=1, amount=30)
except TypeError:
    print("refused")
""",
}


def check(folder: Path, *settings: str) -> subprocess.CompletedProcess[str]:
    for name, text in PROJECT.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    (folder / "config.py").write_text("\n".join(["SECRET_KEY = 'x'", *settings]), "utf-8")
    return run(folder, "-m", "django", "check", "--settings=config", "--pythonpath=.")


def test_system_check_lists_what_is_shown(tmp_path: Path) -> None:
    pytest.importorskip("django")
    ran = check(tmp_path, SETTINGS)
    assert ran.returncode == 1
    assert CHECK in ran.stderr.replace(f"{tmp_path}/", "")
    assert "shop.signals.order_paid.send(): missing 'total'" in ran.stderr
    assert ran.stdout == ""


def test_setting_with_patterns_refuses_what_is_finished(tmp_path: Path) -> None:
    pytest.importorskip("django")
    ran = check(tmp_path, SETTINGS, SETTINGS_BY_PATTERN)
    assert ran.returncode == 1
    last = ran.stderr.splitlines()[-1]
    assert last.startswith(
        "typed_signals.exceptions.ReceiverSignatureError: shop.signals.order_paid"
    )
