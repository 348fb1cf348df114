"""
Sends in tests, and what tests pass to other code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typed_signals.cli.infer.witnesses import infer
from typed_signals.cli.survey.written_types import short_text

from .commands import write_project
from .surveys import survey_folder

if TYPE_CHECKING:
    from pathlib import Path

SIGNALS = """\
from blinker import Signal

baked = Signal()
sold = Signal()
cooled = Signal()
cleaned = Signal()
"""
OVEN = """\
from shop.signals import cleaned, cooled
from shop.signals import baked

class Oven:
    bread = None
    def bake(self, minutes):
        baked.send(self, bread=self.bread, minutes=minutes)

def cool(**named):
    cooled.send(None, **named)

def clean(signal=cleaned, **named):
    signal.send(None, **named)

clean(oven=1)
"""
TESTS = """\
from unittest.mock import MagicMock
from blinker import Signal
from shop.oven import Oven, clean, cool
from shop.signals import baked, cleaned, sold

class Rye(Bread): ...
class Till: ...

class RyeOven(Oven):
    bread = Rye

own = Signal()

def test():
    baked.send(None, bread=MagicMock(), crumbs=1)
    Oven().bread = MagicMock()
    Oven().bake(MagicMock())
    RyeOven().bake(1)
    sold.send(Till(), bread=Rye(), loaves=[Rye()], price=MagicMock(), bag=Rye() or None, count=1)
    own.send(None, bread=Rye())
    cool(degrees=1)
    clean(soap=1)
    helper(soap=1)

def helper(**named):
    cleaned.send(None, **named)
"""


def test_tests_do_not_say_what_other_code_sends(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": "class Bread: ...\n",
        "shop/signals.py": SIGNALS,
        "shop/oven.py": OVEN,
        "shop/tests/__init__.py": "",
        "shop/tests/test_oven.py": f"from shop import Bread\n{TESTS}",
    }
    survey = survey_folder(write_project(tmp_path, files), "shop")
    found = {
        signal.fullname.rpartition(".")[2]: {
            "sender": signal.sender and short_text(signal.sender),
            **{key.name: short_text(key.type) for key in signal.keys},
        }
        for signal in infer(survey).signals
    }
    assert found["baked"] == {"sender": "Oven", "bread": "object", "minutes": "object"}
    # Nothing else sends it, but the types that only tests know are not those of the signal.
    assert found["sold"] == {
        "sender": "object",
        "bread": "Bread",
        "loaves": "list[Bread]",
        "price": "object",
        "bag": "Bread | None",
        "count": "int",
    }
    assert found["own"] == {"sender": "None", "bread": "Rye"}
    # Only tests call what sends it: with which keys, the code does not say.
    verdicts = {one.fullname.rpartition(".")[2]: one.verdict for one in infer(survey).signals}
    assert (verdicts["cooled"], found["cooled"]) == ("open", {"sender": "None"})
    assert (verdicts["cleaned"], found["cleaned"]) == (
        "complete",
        {"sender": "None", "oven": "int"},
    )
    in_tests = [send.place.path for send in survey.sends if send.in_tests]
    assert len(in_tests) == 6
