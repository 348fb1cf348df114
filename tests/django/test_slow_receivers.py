"""
Slow receivers are logged if the setting says so.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING, Any, TypedDict

import pytest
from django.apps import apps
from django.db.models.signals import post_save
from django.dispatch import Signal as DjangoSignal
from django.test import override_settings

import typed_signals
from typed_signals.background import Background, Immediate
from typed_signals.django import Signal, _slow_receivers
from typed_signals.django._slow_receivers import log_slow_receivers
from typed_signals.django.checks import check_setting

from .shop.models import Pizza

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

djangos = DjangoSignal()
ours = Signal()
core = typed_signals.Signal()


@pytest.fixture
def clock(set_clock: Callable[[Callable[[], float]], None]) -> list[float]:
    """
    The time; receivers change it.
    """
    now = [0.0]
    set_clock(lambda: now[0])
    return now


@pytest.mark.parametrize("signal", [djangos, ours, core])
def test_only_slow_receivers_are_logged(
    signal: Any, clock: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    def take(**kwargs: Any) -> None:
        clock[0] += kwargs["seconds"]
        if kwargs["seconds"] > 1:
            raise LookupError

    signal.connect(take)
    with log_slow_receivers(0.5):
        for seconds in (0.25, 0.5, 2.0):
            signal.send_robust(Pizza, seconds=seconds)
    signal.send_robust(Pizza, seconds=1.0)
    records = [each for each in caplog.records if each.levelno == logging.WARNING]
    name = {id(djangos): "djangos", id(ours): "ours", id(core): "core"}[id(signal)]
    here = f"{__name__}.test_only_slow_receivers_are_logged.<locals>.take"
    assert [each.getMessage() for each in records] == [
        f"{here} took {seconds} s, called by {__name__}.{name}" for seconds in ("0.500", "2.000")
    ]
    for record in records:
        assert record.name == "typed_signals"
        facts = vars(record)
        assert (facts["signal"], facts["sender"], facts["receiver"]) == (signal, Pizza, take)
    assert [vars(each)["seconds"] for each in records] == [0.5, 2.0]


class Waited(TypedDict):
    seconds: float


waited = typed_signals.Signal[Any, Waited]()
now = [0.0]


def wait(seconds: float, **kwargs: Any) -> None:
    now[0] += seconds


def test_slow_receiver_in_the_background_is_logged_as_such(
    set_clock: Callable[[Callable[[], float]], None], caplog: pytest.LogCaptureFixture
) -> None:
    set_clock(lambda: now[0])
    Background(Immediate()).receiver(waited)(wait)
    with log_slow_receivers(0.5):
        waited.send(Pizza, seconds=2.0)
    [message] = [each.getMessage() for each in caplog.records]
    assert message == (
        f"{__name__}.wait took 2.000 s, called by {__name__}.waited in the background"
    )


@pytest.mark.usefixtures("database")
def test_djangos_own_signals(clock: list[float], caplog: pytest.LogCaptureFixture) -> None:
    def take(**kwargs: Any) -> None:
        clock[0] += 1

    post_save.connect(take, sender=Pizza)
    with log_slow_receivers(1):
        Pizza.objects.create(name="margherita")
    [record] = [each for each in caplog.records if each.name == "typed_signals"]
    assert record.getMessage().endswith(
        "took 1.000 s, called by django.db.models.signals.post_save"
    )


@pytest.mark.parametrize(
    ("stated", "expected", "is_valid"),
    [
        ({"SLOW_RECEIVER_SECONDS": 0.1}, [0.1], True),
        ({"SLOW_RECEIVER_SECONDS": 2}, [2], True),
        ({"SLOW_RECEIVER_SECONDS": None}, [], True),
        ({}, [], True),
        ({"SLOW_RECEIVER_SECONDS": "0.1"}, [], False),
        (None, [], False),
    ],
)
def test_app_begins_to_log(
    stated: Any, expected: list[float], is_valid: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[float] = []
    monkeypatch.setattr(_slow_receivers, "log_slow_receivers", begun.append)
    with override_settings(TYPED_SIGNALS=stated):
        apps.get_app_config("typed_signals").ready()
        assert [each.id for each in check_setting()] == ["typed_signals.E007"] * (not is_valid)
    assert begun == expected


SCRIPT = """
    import sys, time, logging
    import django
    from django.conf import settings
    from django.core.signals import request_started

    settings.configure(
        INSTALLED_APPS=["typed_signals.django"],
        TYPED_SIGNALS={"SLOW_RECEIVER_SECONDS": 0.001},
    )
    django.setup()

    def doze(**kwargs):
        time.sleep(0.002)

    request_started.connect(doze, sender=None)
    request_started.send(None)
    """


def test_project_logs_without_more(tmp_path: Path) -> None:
    (tmp_path / "doze.py").write_text(dedent(SCRIPT), "utf-8")
    ran = subprocess.run(
        [sys.executable, "doze.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    [line] = ran.stderr.splitlines()
    assert line.startswith("__main__.doze took 0.0")
    assert line.endswith(" s, called by django.core.signals.request_started")
