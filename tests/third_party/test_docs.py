"""
The forms of declarations as one project: the files of the page, and mypy's errors.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.markdown import read_blocks
from tests.mypy_runs import run_mypy

pytestmark = pytest.mark.pages

BLOCKS = read_blocks("docs/reference/declarations.md")
CONFIG = """
[mypy]
plugins = typed_signals.mypy
mypy_path = typings

[typed-signals]
declarations = our_signals
"""

# Code that the page only mentions.
OWNERS = {
    "bakery/signals.py": "from django.dispatch import Signal\npizza_done = Signal()",
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

# The use of its other forms.
MORE = """
from bakery.models import archived
from bakery.orders import ordered
from bakery.signals import pizza_done
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

@receiver(pizza_done)
def wrong_too(toppings, **kwargs): ...
"""

REPORTED_OF_MORE = [
    "more.py:12 signal-type",
    "more.py:15 signal-type",
    "more.py:21 signal-type",
    "more.py:24 signal-parameter",
]


def test_page_is_correct(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {"mypy.ini": CONFIG, "more.py": MORE, **OWNERS}
    for block in BLOCKS:
        if first := re.match(r"# (\S+)\n", block.text):
            files[first[1]] = block.text[first.end() :]
    for name, text in files.items():
        file = Path(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        for folder in list(file.parents)[:-1]:
            if folder.name != "typings":
                (folder / f"__init__{file.suffix}").touch()
    checked = [name for name in files if "/" not in name and name.endswith(".py")]
    assert len(checked) == 5
    output, problems, _ = run_mypy(["--no-error-summary", "--show-traceback", *checked])
    assert not problems
    shown = [block.text.strip() for block in BLOCKS if block.language == "text"]
    of_more = re.findall(r"^(more\.py:\d+): error: .*\[(.*)\]$", output, re.MULTILINE)
    assert [" ".join(report) for report in of_more] == REPORTED_OF_MORE
    others = [line for line in output.splitlines() if not line.startswith("more.py")]
    assert sorted(others) == sorted(shown)
