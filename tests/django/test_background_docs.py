"""
The page about receivers in the background is true on Django.
"""

from __future__ import annotations

import json
import sys
from types import ModuleType
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from tests.markdown import ROOT, read_blocks
from typed_signals.background import Immediate
from typed_signals.background._codec import codec_of
from typed_signals.django._enqueue import engine_in_setting
from typed_signals.django._setting import setting_problems
from typed_signals.exceptions import MissingRowError

from .shop import models

pytestmark = pytest.mark.any_python

BLOCKS = read_blocks("docs/reference/background.md")
PAGE = (ROOT / "docs/reference/background.md").read_text("utf-8")
INDEX, SETTING = (
    block.text for block in BLOCKS if (block.section, block.language) == ("On Django", "python")
)


@pytest.mark.usefixtures("committing_database")
def test_receiver_is_enqueued_on_commit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page: Any = ModuleType("shop.receivers")
    for name, stand_in in {"shop.receivers": page, "shop.models": models}.items():
        monkeypatch.setitem(sys.modules, name, stand_in)
    exec(INDEX, vars(page))
    with override_settings(TYPED_SIGNALS={"BACKGROUND": Immediate()}):
        with transaction.atomic():
            pizza = models.Pizza.objects.create(name="margherita")
            assert not capsys.readouterr().out
        assert capsys.readouterr().out == "index margherita, which is new\n"
        with transaction.atomic():
            pizza.save()
            transaction.set_rollback(True)
    assert not capsys.readouterr().out


def test_setting_is_valid() -> None:
    stated: dict[str, Any] = {}
    exec(SETTING, stated)
    with override_settings(TYPED_SIGNALS=stated["TYPED_SIGNALS"]):
        assert list(setting_problems()) == []
        assert engine_in_setting().name == "django_tasks"


@pytest.mark.usefixtures("committing_database")
def test_models_travel_as_references() -> None:
    [row] = [
        line for line in PAGE.splitlines() if line.startswith("| `Order`, a model of Django |")
    ]
    written = json.loads(row.rpartition(" | ")[2].strip(" |`"))
    pizza = models.Pizza.objects.create(name="margherita")
    codec = codec_of(models.Pizza)
    wire = codec.dump(pizza)
    assert wire == {**written, "model": "shop.pizza", "pk": pizza.pk}
    back = codec.load(wire)
    assert type(back) is models.Pizza
    assert back.name == "margherita"
    gone = codec.load(wire)
    pizza.delete()
    with pytest.raises(MissingRowError):
        gone.name  # noqa: B018 - it is read
