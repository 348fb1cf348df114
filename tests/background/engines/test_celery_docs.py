"""
The page about receivers in the background on Celery is true.
"""

from __future__ import annotations

import re
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from tests.markdown import ROOT, read_blocks
from typed_signals.background import Background, CeleryTasks
from typed_signals.exceptions import DeliveryError

if TYPE_CHECKING:
    import pytest

PAGE = "docs/reference/background-celery.md"
TEXT = (ROOT / PAGE).read_text("utf-8")
PROGRAMS = {
    section: [block.text for block in read_blocks(PAGE) if block.section == section]
    for section in {block.section for block in read_blocks(PAGE)}
}


def executed(program: str, **names: Any) -> dict[str, Any]:
    exec(program, names)  # from our documentation
    return names


def test_the_first_program_has_no_problems(capsys: pytest.CaptureFixture[str]) -> None:
    (program,) = PROGRAMS["Receivers in the background on Celery"]
    names = executed(program)
    assert isinstance(names["background"], Background)
    (listing,) = PROGRAMS["What to configure"]
    executed(listing, engine=names["engine"])
    assert not capsys.readouterr().out
    names["app"].conf.broker_transport_options = {}
    executed(listing, engine=names["engine"])
    assert capsys.readouterr().out.startswith("Celery does not wait until RabbitMQ")


def test_options_are_those_of_the_task() -> None:
    (program,) = PROGRAMS["Options and retries"]
    task = executed(program)["engine"].task
    assert (task.max_retries, task.time_limit, task.default_retry_delay) == (5, 600, 180)
    for name in "acks_late", "reject_on_worker_lost", "retry_on_worker_lost", "ignore_result":
        assert f"`{name}=True`" in TEXT
        assert getattr(task, name) is True
    assert task.dont_autoretry_for == (DeliveryError,)
    assert f"`{task.name}`" in TEXT


def test_on_django(monkeypatch: pytest.MonkeyPatch) -> None:
    program, settings = PROGRAMS["On Django"]
    module = ModuleType("shop_settings")
    exec(settings, vars(module))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    engine = executed(program.replace("django.conf:settings", module.__name__))["engine"]
    assert isinstance(engine, CeleryTasks)
    assert list(engine.problems()) == []


def test_each_promise_has_a_test() -> None:
    file = "tests/background/engines/test_celery_faults.py"
    assert f"`{file}`" in TEXT
    tests = set(re.findall(r"^def (test_\w+)", (ROOT / file).read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"\| `(test_\w+)` \|", TEXT)) == tests
