"""
The page about receivers in the background is true on Django.
"""

from __future__ import annotations

import json

import pytest

from tests.markdown import ROOT
from typed_signals.background._codec import codec_of
from typed_signals.exceptions import MissingRowError

from .shop import models

pytestmark = pytest.mark.any_python

PAGE = (ROOT / "docs/reference/background.md").read_text("utf-8")


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
