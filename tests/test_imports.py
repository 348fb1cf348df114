"""
The core stays light: what it does not need, it does not import.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

DECLARE = """
from typing import NotRequired, TypedDict, Unpack
from typed_signals import Signal, receiver

class PizzaDone(TypedDict):
    size: int
    note: NotRequired[str]

pizza_done = Signal[object, PizzaDone]()
pizza_sold: Signal[object, PizzaDone] = Signal()

@Signal.declare
def pizza_eaten(sender: object, **kwargs: Unpack[PizzaDone]) -> object: ...
"""

CONNECT_AND_SEND = """
@receiver([pizza_done, pizza_sold])
def receive(sender, size, **kwargs):
    return size

for signal in (pizza_done, pizza_sold):
    assert signal.send(None, size=30) == [(receive, 30)]
    assert signal.send_robust(None, size=30, note="hot") == [(receive, 30)]
    assert len(signal.receivers) == 1
    assert signal.disconnect(receive)
"""

AWAIT = """
import asyncio

async def receive_async(**kwargs):
    return 1

pizza_done.connect(receive_async)
assert asyncio.run(pizza_done.asend(None, size=30)) == [(receive_async, 1)]
"""

CROSS = """
assert pizza_done.send(None, size=30) == [(receive_async, 1)]
"""


def modules_after(code: str) -> set[str]:
    """
    Return the modules that a new interpreter has loaded after *code*.
    """
    script = f"{code}\nimport sys\nprint(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True, encoding="utf-8"
    )
    return set(ran.stdout.split())


HEAVY = {"mypy", "django", "asgiref", "asyncio", "inspect", "logging", "typing_extensions"}


@pytest.mark.parametrize("code", ["import typed_signals", DECLARE])
def test_declaring_imports_nothing_heavy(code: str) -> None:
    loaded = modules_after(code)
    assert "typed_signals" in loaded
    assert loaded.isdisjoint(HEAVY - modules_after(""))


def test_connecting_and_sending_import_nothing_heavy() -> None:
    assert modules_after(DECLARE + CONNECT_AND_SEND).isdisjoint(HEAVY - modules_after(""))


def test_asgiref_comes_only_where_sync_and_async_meet() -> None:
    assert "asgiref" not in modules_after(DECLARE + AWAIT)
    assert "asgiref" in modules_after(DECLARE + AWAIT + CROSS)


def test_the_changelog_is_about_this_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    changelog = (ROOT / "CHANGELOG.md").read_text()
    [latest, *_] = re.findall(r"^## \[(\d.*?)\]", changelog, flags=re.MULTILINE)
    assert latest == project["version"]
