"""
The page about declarations as one project: its files, its configuration, and mypy's errors.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.markdown import read_blocks
from tests.mypy_runs import run_mypy

pytestmark = pytest.mark.any_python

BLOCKS = read_blocks("docs/howto/declarations.md")

# Code that the page only mentions.
OWNERS = {
    "bakery/models.py": "from django.db.models import signals\narchived = signals.ModelSignal()",
    "bakery/orders.py": "from django.dispatch import Signal\nordered = Signal()",
    "bakery/ovens.py": """
class Signal:
    def connect(self, *args, **kwargs): ...

oven_opened = Signal()
""",
    "bakery/plugins.py": """
from django.dispatch import Signal

class PluginSignal(Signal):
    def send_chained(self, sender, chained_key, **kwargs): ...

priced = PluginSignal()
""",
    "bakery/machines.py": """
from django.dispatch import Signal

class Mixer:
    def __init__(self) -> None:
        self.stopped = Signal()
""",
    "bakery/events.py": "from blinker import signal\nbaked = signal('baked')",
}

# The use of its other two forms.
MORE = """
from bakery.models import archived
from bakery.orders import ordered
from django.contrib.auth.models import Group, User
from django.dispatch import receiver

@receiver(archived, sender=User)
def right(instance: User, **kwargs): ...

@receiver(archived, sender=User)
def of_another(instance: Group, **kwargs): ...

@receiver(archived)
def of_any(instance: User, **kwargs): ...

@receiver(ordered)
def known_and_unknown(number, colour, **kwargs): ...

@receiver(ordered)
def wrong(number: str, **kwargs): ...
"""

REPORTED_OF_MORE = ["more.py:11 signal-type", "more.py:14 signal-type", "more.py:20 signal-type"]


def test_page_is_correct(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {"more.py": MORE, **OWNERS}
    for block in BLOCKS:
        if first := re.match(r"# (\S+)\n", block.text):
            files[first[1]] = block.text
    for name, text in files.items():
        file = Path(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        for folder in list(file.parents)[:-1]:
            if folder.name != "typings":
                (folder / f"__init__{file.suffix}").touch()
    checked = [name for name in files if "/" not in name and name.endswith(".py")]
    assert len(checked) == 6
    output, problems, _ = run_mypy(["--no-error-summary", "--show-traceback", *checked])
    assert not problems
    shown = [block.text.strip() for block in BLOCKS if block.language == "text"]
    of_more = re.findall(r"^(more\.py:\d+): error: .*\[(.*)\]$", output, re.MULTILINE)
    assert [" ".join(report) for report in of_more] == REPORTED_OF_MORE
    others = [line for line in output.splitlines() if not line.startswith("more.py")]
    assert sorted(others) == sorted(shown)
