"""
The examples of ``signal_spy`` and ``isolate`` on the page about testing work as shown.
"""

from __future__ import annotations

import pytest

from tests.markdown import read_blocks

pytestmark = pytest.mark.pages

pytest_plugins = ["pytester"]

SECTIONS = ("signal_spy", "isolate")

SHOP = """
from typing import TypedDict
from typed_signals import Signal, receiver

class OrderPlaced(TypedDict):
    order_id: int

order_placed = Signal[object, OrderPlaced]()

@receiver(order_placed)
def send_mail(**kwargs):
    raise ConnectionError

def track(**kwargs): ...

def place_order(order_id):
    order_placed.send(None, order_id=order_id)
"""

LEAKS = """
def test_leak(signal_spy):
    order_placed.connect(track)
"""


def test_examples_run_as_shown(pytester: pytest.Pytester) -> None:
    blocks = [
        block for block in read_blocks("docs/reference/testing.md") if block.section in SECTIONS
    ]
    python = [block.text for block in blocks if block.language == "python"]
    [ini] = [block.text for block in blocks if block.language == "ini"]
    [shown] = [block.text for block in blocks if block.language == "text"]
    pytester.makeini(ini)
    pytester.makepyfile(shop=SHOP, test_shop="\n".join([*python, LEAKS]))
    result = pytester.runpytest_subprocess("-p", "no:django", "-p", "no:asyncio")
    result.assert_outcomes(passed=2, errors=1)
    output = " ".join(result.outlines)
    for words in (
        "leaked connections, which are undone now: shop.track (",
        " is left connected to",
    ):
        assert words in output
        assert words in " ".join(shown.split())
