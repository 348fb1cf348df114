"""
The examples on the page about Django work as shown.
"""

from __future__ import annotations

import json
import re
import sys
from types import ModuleType
from typing import Any

import pytest
from django import VERSION
from django.db import transaction
from django.test import override_settings

from tests.markdown import ROOT, Block, read_blocks
from typed_signals.background import in_place
from typed_signals.background._codec import codec_of
from typed_signals.django import _senders, _set_up, checks
from typed_signals.django._enqueue import engine_in_setting
from typed_signals.exceptions import PayloadError

from .shop import models

pytestmark = pytest.mark.any_python


def python_in(page: str) -> list[Block]:
    blocks = read_blocks(f"docs/reference/{page}.md")
    return [block for block in blocks if block.language == "python"]


CHECKS = python_in("django-checks")
BEGINNING = CHECKS[0].text
PAIRS = {
    section: [block for block in CHECKS if block.section == section]
    for section in dict.fromkeys(block.section for block in CHECKS[1:])
}


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Any:
    """
    The module of the examples.
    """
    module = ModuleType("shop.examples")
    for name, stand_in in {"shop.examples": module, "shop.models": models}.items():
        monkeypatch.setitem(sys.modules, name, stand_in)
    return module


def run(page: Any, block: Block) -> None:
    exec(block.text, vars(page))


def test_every_check_has_an_example() -> None:
    # When it is connected, a receiver in the background is refused.
    ids = [
        *(found for found in checks._ID_OF_PROBLEM.values() if found != checks.NOT_IN_BACKGROUND),
        checks.WRONG_DECLARATION,
        checks.NOT_A_CALLABLE,
        checks.NOT_ALWAYS_SENT,
        _senders.NO_THROUGH_MODEL,
        _senders.ABSTRACT_SENDER,
        _senders.UNNAMED_SENDER,
        _senders.NEVER_SENDS,
        checks.IN_WRAPPED,
        checks.NOT_CHECKED,
    ]
    assert [f"typed_signals.{section}" for section in PAIRS] == ids


@pytest.mark.parametrize("section", PAIRS)
def test_first_example_is_wrong(page: Any, section: str) -> None:
    wrong, _ = PAIRS[section]
    exec(BEGINNING + wrong.text, vars(page))
    # Django 5.2 does not store senders, as the page says.
    is_seen = section != "W004" or VERSION >= (6, 0)
    expected = [f"typed_signals.{section}"] if is_seen else []
    assert [found.id for found in checks.check_connections()] == expected


@pytest.mark.parametrize("section", PAIRS)
def test_second_example_is_right(page: Any, section: str) -> None:
    _, right = PAIRS[section]
    exec(BEGINNING + right.text, vars(page))
    assert checks.check_connections() == []


@pytest.mark.usefixtures("committing_database")
def test_receiver_waits_for_the_commit(page: Any, capsys: pytest.CaptureFixture[str]) -> None:
    [example] = python_in("django-on-commit")
    run(page, example)
    with transaction.atomic():
        models.Pizza.objects.create(name="margherita")
        assert not capsys.readouterr().out
    assert capsys.readouterr().out == "margherita is on the menu\n"


@pytest.mark.usefixtures("committing_database")
def test_receiver_runs_in_the_background(page: Any, capsys: pytest.CaptureFixture[str]) -> None:
    example, *_ = python_in("django-background")
    run(page, example)
    with in_place(), transaction.atomic():
        pizza = models.Pizza.objects.create(name="margherita")
        page.pizza_ordered.send(models.Pizza, pizza=pizza, size=32)
        assert not capsys.readouterr().out
    assert capsys.readouterr().out == "margherita is on its way\n"


def test_engine_in_the_setting_is_valid() -> None:
    _, example, _ = python_in("django-background")
    stated: dict[str, Any] = {}
    exec(example.text, stated)
    with override_settings(TYPED_SIGNALS=stated["TYPED_SIGNALS"]):
        assert checks.check_setting() == []
        assert engine_in_setting().name == "django_tasks"


def test_models_travel_as_shown(page: Any) -> None:
    text = (ROOT / "docs/reference/django-background.md").read_text("utf-8")
    pizza = models.Pizza(pk=12)
    pizza._state.adding = False
    assert f"`{json.dumps(codec_of(models.Pizza).dump(pizza))}`" in text


def test_signal_is_declared_as_shown(page: Any) -> None:
    _, example = python_in("django")
    run(page, example)
    assert page.pizza_done.send(sender=models.Pizza, size=32) == []
    with pytest.raises(PayloadError):
        page.pizza_done.send(sender=models.Pizza)


def test_every_id_is_in_the_table_and_has_a_section() -> None:
    page = (ROOT / "docs/reference/django-checks.md").read_text("utf-8")
    of_warnings = {one.rpartition(".")[2] for one in checks._ID_OF_WARNING.values()}
    ids = {
        *(
            name.rpartition(".")[2]
            for module in (checks, _senders, _set_up)
            for name in vars(module).values()
            if isinstance(name, str) and re.fullmatch(r"typed_signals\.[EW]\d{3}", name)
        ),
        *(name.rpartition(".")[2] for name in checks._ID_OF_PROBLEM.values()),
    }
    assert of_warnings == {"W011", "W012", "W013", "W014", "W018"}
    assert set(re.findall(r"^## (\w\d{3})$", page, re.MULTILINE)) == ids
    assert set(re.findall(r"^\| \[(\w\d{3})\]", page, re.MULTILINE)) == {*ids, "W011"}
