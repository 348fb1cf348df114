"""
What ``manage.py check`` and receivers of models show is what the pages show, and the fixes end it.
"""

from __future__ import annotations

import re
import shlex
import sys
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django import VERSION
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import override_settings

from tests.markdown import ROOT
from tests.troubleshooting.examples import (
    Example,
    beginning_of,
    comparable,
    examples_of,
    results_of,
)
from typed_signals.background import in_place
from typed_signals.django import _senders, _set_up, checks
from typed_signals.django._set_up import check_deployment

from .shop import models

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.any_python

CHECK = "docs/troubleshooting/check.md"
BACKGROUND = "docs/troubleshooting/background.md"
COMMANDS = "docs/troubleshooting/commands.md"
# Django 5.2 does not store senders, as the page says, and has no tasks, which a package adds.
SINCE_6 = {"E010", "W004", "W005"} if VERSION < (6, 0) else set()
EXAMPLES = [each for each in examples_of(CHECK) if each.section not in SINCE_6]
OF_MODELS = [each for each in examples_of(BACKGROUND) if each.chapter == "With models of Django"]

OF_COMMANDS = [each for each in examples_of(COMMANDS) if each.chapter == "manage.py"]


def run(example: Example, program: str) -> list[str]:
    def check() -> Iterator[str]:
        apps.ready = True
        found = [*checks.check_setting(), *checks.check_connections()]
        if example.section == "W008":
            # Not those about signals of other tests.
            found += [each for each in check_deployment() if "shop.receivers" in each.msg]
        for message in found:
            yield from str(message).splitlines()

    apps.ready = False  # receivers are connected before, and checked after it is true
    return results_of(
        f"{beginning_of(CHECK)}\n\n{program}",
        "shop.receivers",
        use_settings=override_settings,
        at_end=check,
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_entry(monkeypatch: pytest.MonkeyPatch, example: Example) -> None:
    monkeypatch.setitem(sys.modules, "shop.models", models)
    monkeypatch.setattr(apps, "ready", apps.ready)
    assert comparable(run(example, example.before)) == comparable(example.shown)
    assert run(example, example.after) == []


def run_with_models(example: Example, program: str) -> list[str]:
    with in_place():
        return results_of(f"{beginning_of(BACKGROUND)}\n\n{program}")


@pytest.mark.usefixtures("committing_database")
@pytest.mark.parametrize("example", OF_MODELS, ids=str)
def test_entry_about_models(monkeypatch: pytest.MonkeyPatch, example: Example) -> None:
    monkeypatch.setitem(sys.modules, "shop.models", models)
    assert comparable(run_with_models(example, example.before)) == comparable(example.shown)
    assert run_with_models(example, example.after) == []


def run_commands(commands: str) -> list[str]:
    found = []
    for line in commands.splitlines():
        _, *words = shlex.split(line)
        try:
            call_command(*words, stdout=StringIO())
        except CommandError as error:
            found.append(f"CommandError: {error}")
    return found


@pytest.mark.usefixtures("committing_database")
@pytest.mark.parametrize("example", OF_COMMANDS, ids=str)
def test_entry_about_commands(example: Example) -> None:
    assert comparable(run_commands(example.before)) == comparable(example.shown)
    assert run_commands(example.after) == []


def test_all_ids_are_shown() -> None:
    text = (ROOT / CHECK).read_text("utf-8")
    values = [value for module in (checks, _senders, _set_up) for value in vars(module).values()]
    ids = {*checks._ID_OF_PROBLEM.values(), *filter(_is_id, values)}
    assert {found for found in ids if f"({found})" not in text} == set()


def _is_id(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"typed_signals\.[EW]\d+", value) is not None
