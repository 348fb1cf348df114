"""
Receivers that run in the background, in surveys, and what ``infer`` reads from them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typed_signals.cli.infer.edits.plan import plan_edits
from typed_signals.cli.infer.witnesses import infer
from typed_signals.cli.map.wording import notes_on

from .commands import write_project
from .surveys import receiver_line, survey_folder

if TYPE_CHECKING:
    from pathlib import Path

SIGNALS = """\
from django.dispatch import Signal

placed = Signal()
paid = Signal()
"""
SENDS = """\
from shop.signals import paid, placed


class Shop: ...


def buy(order_id: int) -> None:
    placed.send(Shop, order_id=order_id)
    paid.send(Shop, order_id=order_id)
"""
RECEIVERS = """\
from shop.signals import paid, placed
from typed_signals.background import Background, Immediate
from typed_signals.django import receiver

background = Background(Immediate())
DEBUG = False

@receiver(placed, background=True)
def confirm(sender, order_id, delivery, **kwargs): ...

@background.receiver([placed, paid], queue="mail")
def ship(sender, delivery, **kwargs): ...

@receiver(placed, background=not DEBUG)
def maybe(sender, **kwargs): ...

@receiver(placed, background=False)
def at_once(sender, **kwargs): ...

def count(sender, **kwargs): ...

background.receiver(paid)(count)
receiver(paid)(at_once)

class Radio:
    def receiver(self, signal):
        return lambda function: function

@Radio().receiver(placed)
def other(sender, **kwargs): ...
"""
FOUND = """\
8 placed @receiver confirm(sender, order_id, delivery, **kwargs) in background
11 paid @receiver ship(sender, delivery, **kwargs) in background
11 placed @receiver ship(sender, delivery, **kwargs) in background
14 placed @receiver maybe(sender, **kwargs) in background
17 placed @receiver at_once(sender, **kwargs)
22 paid receiver() count(sender, **kwargs) in background
23 paid receiver() at_once(sender, **kwargs)
"""


def test_receivers_in_the_background_are_known(tmp_path: Path) -> None:
    files = {"signals": SIGNALS, "sends": SENDS, "receivers": RECEIVERS, "__init__": ""}
    write_project(tmp_path, {f"shop/{name}.py": text for name, text in files.items()})
    survey = survey_folder(tmp_path, "shop")
    lines = [" ".join([receiver_line(each), *notes_on(each)]) for each in survey.receivers]
    assert [line.replace("shop.", "") for line in lines] == FOUND.splitlines()
    # The delivery is not a key, so it does not prevent a declaration.
    edits = plan_edits(infer(survey), survey)
    assert [signal.fullname for signal in edits.declared] == [
        "shop.signals.paid",
        "shop.signals.placed",
    ]
