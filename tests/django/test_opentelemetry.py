"""
Spans for OpenTelemetry of the receivers of Django's signals, also beside Sentry's.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db.models.signals import post_save
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from typed_signals.opentelemetry import instrument

from .shop.models import Pizza, Topping

pytestmark = pytest.mark.any_python

SCRIPT = Path(__file__).parent / "tools" / "under_both.py"


def log(instance: Any, **kwargs: Any) -> None: ...


def add_topping(instance: Any, **kwargs: Any) -> None:
    Topping.objects.create(name="basil")


@pytest.mark.usefixtures("database")
def test_receivers_of_model_signals() -> None:
    exporter = InMemorySpanExporter()
    tracers = TracerProvider(shutdown_on_exit=False)
    tracers.add_span_processor(SimpleSpanProcessor(exporter))
    post_save.connect(add_topping, sender=Pizza)
    post_save.connect(log)
    with instrument(post_save, tracer_provider=tracers):
        Pizza.objects.create(name="margherita")
    found = [
        (span.name.rpartition(".")[2], span.attributes["typed_signals.sender"].rpartition(".")[2])
        for span in exporter.get_finished_spans()
        if span.name.startswith("tests.") and span.attributes
    ]
    assert found == [("log", "Topping"), ("add_topping", "Pizza"), ("log", "Pizza")]
    [inner, outer, _] = [
        span for span in exporter.get_finished_spans() if span.name.startswith("tests.")
    ]
    assert inner.parent == outer.context
    assert inner.attributes is not None
    assert inner.attributes["typed_signals.signal"] == "django.db.models.signals.post_save"


def under_both(*arguments: str) -> dict[str, dict[str, list[str]]]:
    command = [sys.executable, "-W", "error", str(SCRIPT), *arguments]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr
    seen: dict[str, dict[str, list[str]]] = json.loads(process.stdout)
    return seen


@pytest.mark.parametrize("is_otel", [False, True])
def test_each_receiver_has_one_span_of_each(is_otel: bool) -> None:
    """
    Sentry makes its own spans, of sync receivers on Django's dispatcher, unless it is configured to
    get them from OpenTelemetry.
    """
    both, sync, none = ["__main__.bake", "__main__.eat"], ["__main__.bake"], list[str]()
    seen = under_both(*(["otel"] if is_otel else []))
    assert len(seen) == 8
    for name, found in seen.items():
        is_observed = not name.endswith(" alone")
        own = none if name.startswith("core") else sync
        through_otel = both if is_observed else none
        # Before 6.1, Django calls sync and async receivers at the same time.
        assert {key: sorted(names) for key, names in found.items()} == {
            "responses": ["bake", "eat"],
            "sentry": through_otel if is_otel else own,
            "opentelemetry": through_otel,
        }
