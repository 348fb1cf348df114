"""
The examples on the page about testing work in the example project, as shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.examples import EXAMPLES, run_python
from tests.markdown import read_blocks
from tests.test_spy_page import SECTIONS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.pages

# tests/test_spy_page.py runs the examples of the other sections.
BLOCKS = [
    block for block in read_blocks("docs/reference/testing.md") if block.section not in SECTIONS
]
PROGRAM = "\n\n".join(block.text for block in BLOCKS if block.language == "python")
[SHOWN] = (block.text for block in BLOCKS if block.language == "text")

MORE = """

def test_failure(db):
    ada = Customer.objects.create(username="Ada")
    pizza = Pizza.objects.create(name="Regina", cents=950)
    with capture(order_placed, post_save, order_cancelled, mute=True) as sent:
        order = Order.objects.create(customer=ada, pizza=pizza)
        sent.clear()
        order.save(force_update=True)
        order_cancelled.send(sender=Order, order=order)
    sent.one(order_placed)
"""


def test_examples(tmp_path: Path) -> None:
    tests = tmp_path / "test_page.py"
    tests.write_text(PROGRAM + MORE, "utf-8")
    project = EXAMPLES / "djangoproject"
    result = run_python(
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", "-p", "no:asyncio"),
        *("--ds", "project.settings", f"--rootdir={tmp_path}", str(tests)),
        folder=project,
        SHOP_DATABASE=":memory:",
        PYTHONPATH=str(project),
    )
    count = PROGRAM.count("def test_")
    assert f"1 failed, {count} passed" in result.stdout, result.stdout
    shown = SHOWN.replace("created=True", "created=False").splitlines()
    for line in shown:
        assert line in result.stdout
