"""
The core does not import modules that it does not need.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

import typed_signals

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PACKAGE = Path(typed_signals.__file__).parent
CORE = sorted(
    ".".join(["typed_signals", *path.relative_to(PACKAGE).with_suffix("").parts])
    for pattern in ("_*.py", "exceptions.py", "_*/*.py")
    for path in PACKAGE.glob(pattern)
)
# Without those that need Celery or Django.
BACKGROUND = sorted(
    f"typed_signals.background.{path.stem}"
    for path in PACKAGE.glob("background/_[!_]*.py")
    if path.stem not in ("_celery", "_django_tasks")
)

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
    Return the modules that a new interpreter loaded for *code*.
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


@pytest.mark.parametrize("module", ["testing", "django"])
def test_nothing_for_the_background_is_imported_where_it_is_not_used(module: str) -> None:
    if module == "django":
        pytest.importorskip("django")
    loaded = modules_after(f"import typed_signals.{module}")
    assert f"typed_signals.{module}" in loaded
    assert loaded.isdisjoint({"msgspec", "typed_signals.background"} - modules_after(""))


def test_recording_needs_no_extra() -> None:
    extra = {"mypy", "libcst", "rich"}
    assert modules_after("import typed_signals.record").isdisjoint(extra - modules_after(""))


@pytest.fixture
def not_imported() -> Iterator[None]:
    """
    Let the test import the core again.
    """
    with mock.patch.dict(sys.modules):
        for name in list(sys.modules):
            if name.partition(".")[0] == "typed_signals":
                del sys.modules[name]
        yield


@pytest.mark.usefixtures("not_imported")
@pytest.mark.parametrize("name", CORE + BACKGROUND)
def test_each_module_can_be_imported_first(name: str) -> None:
    module = import_module(name.removesuffix(".__init__"))
    assert sys.modules["typed_signals"] is not typed_signals
    assert module.__doc__


@pytest.mark.usefixtures("not_imported")
def test_background_names_the_extra_that_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "msgspec", None)
    with pytest.raises(ImportError, match=r"install typed-signals\[background\]"):
        import_module("typed_signals.background")


@pytest.mark.usefixtures("not_imported")
def test_signals_work_where_processes_cannot_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "register_at_fork", raising=False)
    anew = import_module("typed_signals")
    assert anew is not typed_signals
    for extra in ("testing", "background"):
        import_module(f"typed_signals.{extra}")
    signal = anew.Signal()

    def receive(**kwargs: Any) -> str:
        return "received"

    signal.connect(receive)
    assert signal.send(None) == [(receive, "received")]


def test_changelog_is_about_this_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    [latest, *_] = re.findall(r"^## \[(\d.*?)\]", changelog, flags=re.MULTILINE)
    assert latest == project["version"]
